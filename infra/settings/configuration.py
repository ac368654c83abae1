"""From Pulumi configuration keys to the nested values that `Settings` is made of.

The engine hands the program flat keys with strings (`mlws:tags` = `{"owner": "me"}`), a stack file holds plain
objects under the same keys. Both come out alike here; what a value may be is judged in `infra.settings`.
"""

import json
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Any

from infra.errors import SettingsError
from infra.settings.errors import missing_region, not_json, unknown_key, without_namespace
from infra.settings.secrets import SECRETS, declared_secrets, is_encrypted

OURS = "mlws"
PROVIDER = "azure-native"
# Settings of ours that Azure's provider also needs, so that they are stated once, under its key.
_OF_PROVIDER = {f"{PROVIDER}:location": "region", f"{PROVIDER}:subscriptionId": "subscriptionId"}

# Two letters that changed places in the shorter of the names, and no more.
_ONE_SLIP = 0.75


def nested(
    config: Mapping[str, Any], source: str, known: tuple[str, ...], secret_keys: Collection[str] = ()
) -> dict[str, Any]:
    """What `config` states, by setting; `known` are the settings' names. Raises `SettingsError`.

    `secret_keys` are the keys that the engine had to decrypt, wholly or in part.
    """
    ours = tuple(f"{OURS}:{name}" for name in known if name not in _OF_PROVIDER.values())
    stated: dict[str, Any] = {}
    for key, value in config.items():
        if key in ours or key in _OF_PROVIDER:
            setting = _OF_PROVIDER.get(key) or key.partition(":")[2]
            stated[setting] = _stated(key, value, source, is_secret=key in secret_keys)
        else:
            _refuse_unknown(key, source, ours)
    if stated.get("region") in (None, ""):
        raise missing_region(source, tuple(config))
    return stated


def _stated(key: str, value: object, source: str, *, is_secret: bool) -> object:
    if key == SECRETS:
        return declared_secrets(value, source, encrypted=is_secret)
    if is_secret or _holds_encrypted(value):
        # It would be in clear on the resources, and cannot be checked in the file.
        raise SettingsError(
            f"{source}: {key} is encrypted, and only what is below {SECRETS} may be; write it in clear, or a secret"
            " there"
        )
    return value if key in _OF_PROVIDER else _plain(value, key, source)


def _refuse_unknown(key: str, source: str, ours: tuple[str, ...]) -> None:
    namespace, _, name = key.partition(":")
    if not name:
        raise without_namespace(key, source, ours)
    if namespace == OURS:
        spelled = {f"{OURS}:{setting}": provider_key for provider_key, setting in _OF_PROVIDER.items()}
        raise unknown_key(key, source, ours, instead=spelled.get(key))
    if _is_misspelled(namespace):
        raise unknown_key(key, source, ours + tuple(_OF_PROVIDER))
    # A slip in the other of the provider's keys is told where the region is missed.
    if namespace == PROVIDER and get_close_matches(name, ["subscriptionId"], n=1, cutoff=_ONE_SLIP):
        raise unknown_key(key, source, tuple(_OF_PROVIDER))


def _holds_encrypted(value: object) -> bool:
    if is_encrypted(value):
        return True
    within = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return any(_holds_encrypted(one) for one in within)


def _plain(value: object, key: str, source: str) -> object:
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        try:
            return json.loads(value)
        except json.JSONDecodeError:
            raise not_json(key, value, source) from None
    return value


def _is_misspelled(namespace: str) -> bool:
    """Whether this cannot be another package's namespace, only one of the two that we read, written wrong."""
    spelled = namespace.lower().replace("_", "-")
    return namespace not in (OURS, PROVIDER) and bool(
        spelled == "azure" or get_close_matches(spelled, (OURS, PROVIDER), n=1, cutoff=_ONE_SLIP)
    )
