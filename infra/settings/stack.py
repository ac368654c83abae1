"""What a stack may say about itself, and what holds where it says nothing.

One pure function, `settings_from`, turns configuration keys and values into `Settings`. The Pulumi program calls it
with the configuration that the engine passes, `mlws infra check` with the content of the stack file; so both judge
alike. A mistake is a `SettingsError`: one sentence with the file, the key, the value and the nearest valid spelling.
"""

import tomllib
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import Field, ValidationError, model_validator

from infra.settings.compute import ComputeClusterSettings
from infra.settings.configuration import nested
from infra.settings.container_registry import ContainerRegistrySettings
from infra.settings.errors import unknown_environment, wrong_settings
from infra.settings.key_vault import KeyVaultSettings, Principal
from infra.settings.network import NetworkSettings
from infra.settings.operations import AlertSettings, BudgetSettings, MonitoringSettings
from infra.settings.protection import ProtectionSettings
from infra.settings.secrets import Secrets
from infra.settings.section import Section
from infra.settings.storage import LifecycleRule, LifecycleRuleName, StorageSettings
from infra.settings.tags import TagSettings


class Settings(Section):
    """Everything that a stack may set."""

    environment: str = Field(description="Environment, and so the profile. Default: the name of the stack.")
    region: str = Field(description="Azure region of every resource: `azure-native:location`.")
    subscription_id: UUID | None = Field(
        default=None, description="Subscription: `azure-native:subscriptionId`. Default: the one you are logged in to."
    )
    workload: str | None = Field(
        default=None, description="Workload token of the names. Default: the one of the naming convention."
    )
    instance: str | None = Field(
        default=None,
        description="Instance token of the names, quoted: `'01'`. Default: the one of the naming convention.",
    )
    tags: TagSettings = Field(description="Tags of every resource.")
    principals: dict[str, Principal] = Field(
        default_factory=dict, description="Who has access to the Key Vault, by a name of your own."
    )
    key_vault: KeyVaultSettings = Field(description="Key Vault.")
    secrets: Secrets = Field(
        default_factory=dict,
        description="Secrets that the stack keeps in the Key Vault, by their names there; each is set with `pulumi"
        " config set --secret --path mlws:secrets.<name>`, which asks for the value and writes it encrypted.",
    )
    storage: StorageSettings = Field(description="Storage account.")
    lifecycle_rules: dict[LifecycleRuleName, LifecycleRule] = Field(
        default_factory=dict, description="When blobs move to cheaper tiers or go, by a name of your own."
    )
    container_registry: ContainerRegistrySettings = Field(description="Container registry.")
    network: NetworkSettings = Field(
        default_factory=NetworkSettings, description="From where the services are reached."
    )
    monitoring: MonitoringSettings = Field(description="Log Analytics and Application Insights.")
    alerts: AlertSettings = Field(default_factory=AlertSettings, description="Alerts.")
    budget: BudgetSettings = Field(default_factory=BudgetSettings, description="Budget.")
    protection: ProtectionSettings = Field(description="Protection against deletion.")
    compute_cluster: ComputeClusterSettings = Field(description="Compute cluster.")

    @model_validator(mode="after")
    def _principals_are_distinct(self) -> "Settings":
        seen: dict[UUID, str] = {}
        for name, principal in self.principals.items():
            first = seen.setdefault(principal.object_id, name)
            if first != name:
                raise ValueError(
                    f"mlws:principals.{name}.objectId: '{principal.object_id}' is the object id of '{first}' too;"
                    " give each principal once"
                )
        return self

    @model_validator(mode="after")
    def _registry_can_refuse(self) -> "Settings":
        access, sku = self.network.access, self.container_registry.sku
        if access != "public" and sku != "Premium":
            raise ValueError(
                f"mlws:network.access: '{access}' needs a container registry that can refuse addresses, and that is"
                f" Premium only; set mlws:containerRegistry.sku to Premium (it is {sku}), or access to public"
            )
        return self


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
    try:
        return Settings.model_validate(_merged(profiles()[environment], stated))
    except ValidationError as error:
        raise wrong_settings(error, Settings, source) from None


def stack_file(stack: str) -> str:
    """The name of the file with the configuration of `stack`."""
    return f"Pulumi.{stack}.yaml"


@cache
def profiles() -> Mapping[str, Mapping[str, Any]]:
    """The defaults of each environment, by its name."""
    return tomllib.loads(Path(__file__).with_name("profiles.toml").read_text(encoding="utf-8"))


def _merged(defaults: Mapping[str, Any], stated: Mapping[str, Any]) -> dict[str, Any]:
    return dict(_merged_items(defaults, stated))


def _merged_items(defaults: Mapping[str, Any], stated: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key in {**defaults, **stated}:
        default, value = defaults.get(key), stated.get(key, defaults.get(key))
        if isinstance(default, Mapping) and isinstance(value, Mapping):
            value = _merged(default, value)
        yield key, value
