"""A stack's configuration, read: one pure function turns keys and values into `Settings`.

The Pulumi program calls `settings_from` with the configuration that the engine passes, `mlws infra check` with the
content of the stack file; so both judge alike. A mistake is a `SettingsError`: one sentence with the file, the key, the
value and the nearest valid spelling.
"""

import tomllib
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from infra.errors import SettingsError
from infra.settings.configuration import nested
from infra.settings.errors import unknown_environment, wrong_settings
from infra.settings.model_registry import stated_for_another_environment
from infra.settings.network_checks import check_network
from infra.settings.region_class import check_region
from infra.settings.stack import Settings
from infra.settings.workspace_kinds import check_that_all_fits, stated_in_vain


def settings_from(config: Mapping[str, Any], stack: str, secret_keys: Collection[str] = ()) -> Settings:
    """The settings of `stack`, from its configuration: full keys (`mlws:tags`, `azure-native:location`) to values.

    Values may be plain objects, as in a stack file, or strings with JSON in them, as the engine passes them along with
    `secret_keys`, the keys that it decrypted.
    Raises `SettingsError`.
    """
    source = stack_file(stack)
    known = tuple(field.alias or name for name, field in Settings.model_fields.items())
    stated = nested(config, source, known, secret_keys)
    stated.setdefault("environment", stack)
    environment = stated["environment"]
    if not isinstance(environment, str) or environment not in profiles():
        raise unknown_environment(environment, source, stack, tuple(profiles()))
    if said := stated_in_vain(stated, _kind(stated)) or stated_for_another_environment(stated, environment):
        raise SettingsError(f"{source}: {said}")
    try:
        settings = Settings.model_validate(_merged(profiles()[environment], stated))
    except ValidationError as error:
        raise wrong_settings(error, Settings, source) from None
    try:
        check_together(settings)
    except ValueError as error:
        raise SettingsError(f"{source}: {error}") from None
    _refuse_itself(settings, stack)
    return settings


def check_together(settings: Settings) -> None:
    """Raise `ValueError`, with a sentence that begins with the key, for the first sections that do not go together."""
    check_that_all_fits(settings)
    check_network(settings)
    check_region(settings)


def _refuse_itself(settings: Settings, stack: str) -> None:
    """Raise `SettingsError` where a stack would take from itself what it is to be made of."""
    others = {
        "workspace.hubStack": settings.workspace.hub_stack,
        "sharedRegistry.stack": settings.shared_registry.stack,
    }
    for key, other in others.items():
        if other == stack:
            raise SettingsError(f"{stack_file(stack)}: mlws:{key}: '{stack}' is this stack itself; name the other one")


def stack_file(stack: str) -> str:
    """The name of the file with the configuration of `stack`."""
    return f"Pulumi.{stack}.yaml"


@cache
def profiles() -> Mapping[str, Mapping[str, Any]]:
    """The defaults of each environment, by its name."""
    return tomllib.loads(Path(__file__).with_name("profiles.toml").read_text(encoding="utf-8"))


def _kind(stated: Mapping[str, Any]) -> object:
    """The kind of workspace that a stack file states, whatever that is: it is judged later."""
    workspace = stated.get("workspace")
    return workspace.get("kind") if isinstance(workspace, Mapping) else None


def _merged(defaults: Mapping[str, Any], stated: Mapping[str, Any]) -> dict[str, Any]:
    return dict(_merged_items(defaults, stated))


def _merged_items(defaults: Mapping[str, Any], stated: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key in {**defaults, **stated}:
        default, value = defaults.get(key), stated.get(key, defaults.get(key))
        if isinstance(default, Mapping) and isinstance(value, Mapping):
            value = _merged(default, value)
        yield key, value
