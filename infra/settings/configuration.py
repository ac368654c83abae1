"""From Pulumi configuration keys to the nested values that `Settings` is made of.

The engine hands the program flat keys with strings (`mlws:tags` = `{"owner": "me"}`), a stack file holds plain
objects under the same keys. Both come out alike here; what a value may be is judged in `infra.settings`.
"""

import json
from collections.abc import Mapping
from typing import Any

from infra.settings.errors import missing_region, not_json, unknown_key, without_namespace

OURS = "mlws"
PROVIDER = "azure-native"
# Settings of ours that Azure's provider also needs, so that they are stated once, under its key.
_OF_PROVIDER = {f"{PROVIDER}:location": "region", f"{PROVIDER}:subscriptionId": "subscriptionId"}


def nested(config: Mapping[str, Any], source: str, known: tuple[str, ...]) -> dict[str, Any]:
    """What `config` states, by setting; `known` are the settings' names. Raises `SettingsError`."""
    ours = tuple(f"{OURS}:{name}" for name in known if name not in _OF_PROVIDER.values())
    stated: dict[str, Any] = {}
    for key, value in config.items():
        namespace, _, name = key.partition(":")
        if key in _OF_PROVIDER:
            stated[_OF_PROVIDER[key]] = value
        elif key in ours:
            stated[name] = _plain(value, key, source)
        elif not name:
            raise without_namespace(key, source, ours)
        elif namespace == OURS:
            spelled = {f"{OURS}:{setting}": provider_key for provider_key, setting in _OF_PROVIDER.items()}
            raise unknown_key(key, source, ours, instead=spelled.get(key))
        elif _is_misspelled(namespace):
            raise unknown_key(key, source, ours + tuple(_OF_PROVIDER))
    if "region" not in stated:
        raise missing_region(source, tuple(config))
    return stated


def _plain(value: object, key: str, source: str) -> object:
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        try:
            return json.loads(value)
        except json.JSONDecodeError:
            raise not_json(key, value, source) from None
    return value


def _is_misspelled(namespace: str) -> bool:
    """Whether this cannot be another package's namespace, only one of the two that we read, written wrong."""
    spelled = namespace.lower().replace("_", "").replace("-", "")
    return namespace not in (OURS, PROVIDER) and spelled in {"mlws", "mlw", "azurenative", "azure"}
