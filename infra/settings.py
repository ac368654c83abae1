"""What a stack may say about itself, and what holds where it says nothing.

One pure function, `settings_from`, turns configuration keys and values into `Settings`. The Pulumi program calls it
with the configuration that the engine passes, `mlws infra check` with the content of the stack file; so both judge
alike. A mistake is a `SettingsError`: one sentence with the file, the key, the value and the nearest valid spelling.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints, ValidationError, field_validator, model_validator

from infra.configuration import nested
from infra.operations_settings import AlertSettings, BudgetSettings, MonitoringSettings
from infra.protection_settings import ProtectionSettings
from infra.section import Section
from infra.settings_errors import unknown_environment, wrong_settings
from infra.storage_settings import LifecycleRule, LifecycleRuleName, StorageSettings

Role = Literal["admin", "data-scientist", "reader"]
TagValue = Annotated[str, StringConstraints(min_length=1, max_length=256)]

_RESERVED_TAG_PREFIXES = ("microsoft", "azure", "windows")
_OWN_TAGS = ("environment", "workload", "owner", "cost-centre", "data-classification", "managed-by")
_MOST_OWN_TAGS = 50 - len(_OWN_TAGS)


class TagSettings(Section):
    """The tags that every resource of the stack carries, beside environment, workload and managed-by."""

    owner: TagValue = Field(description="Team or person that answers for the environment (tag `owner`).")
    cost_centre: TagValue = Field(description="Where the cost is booked (tag `cost-centre`).")
    data_classification: Literal["public", "internal", "confidential", "restricted"] = Field(
        default="confidential",
        description="How far the most delicate data of the environment may go (tag `data-classification`).",
    )
    extra: dict[str, TagValue] = Field(
        default_factory=dict, max_length=_MOST_OWN_TAGS, description="Tags of your own, name to value."
    )

    @field_validator("extra")
    @classmethod
    def _azure_accepts_the_names(cls, extra: dict[str, str]) -> dict[str, str]:
        for name in extra:
            if not name or len(name) > 128 or re.search(r"[<>%&\\?/]", name):  # noqa: PLR2004 - storage's limit
                raise ValueError(f"the tag name '{name}' must have 1 to 128 characters and none of < > % & \\ ? /")
            if name.lower().startswith(_RESERVED_TAG_PREFIXES):
                raise ValueError(f"the tag name '{name}' begins with a word that Azure keeps for itself")
            if name.lower() in _OWN_TAGS:
                raise ValueError(f"the tag '{name}' is set by the program; Azure takes no second one of that name")
        if len({name.lower() for name in extra}) < len(extra):
            raise ValueError("two tag names differ in case only, and Azure takes them for the same")
        return extra


class Principal(Section):
    """A user, group or application with access to the Key Vault, under a name of your own."""

    object_id: UUID = Field(description="Object id of the user, group or service principal in Microsoft Entra ID.")
    role: Role = Field(
        description="What the principal may do: `admin` everything but purge, `data-scientist` read secrets,"
        " `reader` list their names."
    )


class KeyVaultSettings(Section):
    """The Key Vault of the workspace."""

    soft_delete_retention_days: int = Field(
        ge=7, le=90, description="Days for which a deleted vault or secret can be recovered. Fixed at creation."
    )
    purge_protection: bool = Field(
        default=True,
        description="Nobody can purge what was deleted before its retention ends. Azure ML turns it on when it is"
        " given a vault, and Azure never turns it off again: leave it on.",
    )


class ContainerRegistrySettings(Section):
    """The container registry that holds the workspace's images."""

    sku: Literal["Basic", "Standard", "Premium"] = Field(description="Service tier of the registry.")
    untagged_retention_days: int | None = Field(
        default=None, ge=1, le=365, description="Days until images without a tag are deleted; of Premium only."
    )

    @model_validator(mode="after")
    def _only_premium_deletes(self) -> "ContainerRegistrySettings":
        if self.untagged_retention_days is not None and self.sku != "Premium":
            raise ValueError(f"untaggedRetentionDays needs sku 'Premium', not '{self.sku}'; leave it out or change sku")
        return self


class ComputeClusterSettings(Section):
    """The compute cluster, which has no node, and costs nothing, while nothing runs."""

    vm_size: Annotated[str, StringConstraints(pattern=r"^(?i:standard)_[A-Za-z0-9_-]+$")] = Field(
        default="Standard_DS3_v2", description="Azure VM size of a node, as in `Standard_DS3_v2`."
    )
    max_nodes: int = Field(ge=1, le=1000, description="Most nodes at once.")
    idle_seconds: int = Field(
        ge=60, le=86400, description="Seconds that a node stays idle before the cluster scales down to zero."
    )


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
    storage: StorageSettings = Field(description="Storage account.")
    lifecycle_rules: dict[LifecycleRuleName, LifecycleRule] = Field(
        default_factory=dict, description="When blobs move to cheaper tiers or go, by a name of your own."
    )
    container_registry: ContainerRegistrySettings = Field(description="Container registry.")
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


def settings_from(config: Mapping[str, Any], stack: str) -> Settings:
    """The settings of `stack`, from its configuration: full keys (`mlws:tags`, `azure-native:location`) to values.

    Values may be plain objects, as in a stack file, or strings with JSON in them, as the engine passes them.
    Raises `SettingsError`.
    """
    source = stack_file(stack)
    stated = nested(config, source, tuple(field.alias or name for name, field in Settings.model_fields.items()))
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
