"""What a stack may say about its storage account: copies, containers, what can be brought back, and what is cleared."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from infra.settings.section import Section
from infra.settings.wrong_value import one_of

Redundancy = Literal["LRS", "ZRS", "GRS", "GZRS", "RAGRS", "RAGZRS"]
ContainerName = Annotated[
    str,
    StringConstraints(pattern=r"^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$"),
    Field(description="The name of a container: 3 to 63 lower-case letters, digits and single hyphens between them."),
]
LifecycleRuleName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,254}$")]

# Containers that nobody states: the workspace's own, and those of logs.
# https://learn.microsoft.com/azure/machine-learning/concept-data#default-datastores
_MADE_BY_AZURE = ("azureml", "insights-", "$")

PREVIOUS_VERSIONS = "previous-versions"


def _refuse_twice(containers: tuple[str, ...]) -> None:
    twice = next((name for name in containers if containers.count(name) > 1), None)
    if twice:
        raise ValueError(f"the container '{twice}' is given twice; give each name once")


class StorageSettings(Section):
    """The storage account of the workspace."""

    redundancy: Redundancy = Field(description="How many copies of the data Azure keeps, and where.")
    access: Literal["key", "identity"] = Field(
        default="key",
        description="How the workspace's own datastores get in. With `identity` the account refuses every shared key,"
        " and no key is kept in the Key Vault: datastores of your own must use identities too.",
    )
    training_data_container: ContainerName = Field(
        default="training-data",
        description="Blob container for training data: 3 to 63 lower-case letters, digits and single hyphens between"
        " them.",
    )
    containers: tuple[ContainerName, ...] = Field(default=(), description="More blob containers, all private.")
    soft_delete_days: int = Field(
        ge=1, le=365, description="Days for which a deleted blob or container can be brought back."
    )
    versioning: bool = Field(description="Whether Azure keeps what a blob was before it was overwritten.")
    previous_versions_days: int = Field(
        ge=1, le=3650, description="Days for which previous versions are kept, where `versioning` is on; they cost."
    )

    @property
    def all_containers(self) -> tuple[str, ...]:
        """The names of the blob containers."""
        return (self.training_data_container, *self.containers)

    @model_validator(mode="after")
    def _containers_are_distinct(self) -> "StorageSettings":
        _refuse_twice(self.all_containers)
        return self


class DataStorageSettings(Section):
    """A second storage account, for data that outlives the workspace: made where a stack file has this section."""

    redundancy: Redundancy | None = Field(
        default=None, description="How many copies of the data Azure keeps, and where. Default: as `mlws:storage`."
    )
    access: Literal["key", "identity"] = Field(
        default="identity",
        description="With `identity` the account refuses every shared key; its key is never kept in the Key Vault.",
    )
    hierarchical_namespace: bool = Field(
        default=False,
        description="Directories with access lists of their own (Azure Data Lake Storage). Fixed at creation; Azure"
        " keeps no previous versions there. The workspace's own account can have none.",
    )
    containers: tuple[ContainerName, ...] = Field(
        default=("data",), min_length=1, description="Blob containers, all private."
    )
    soft_delete_days: int | None = Field(
        default=None,
        ge=1,
        le=365,
        description="Days for which a deleted blob or container can be brought back. Default: as `mlws:storage`.",
    )
    versioning: bool | None = Field(
        default=None,
        description="Whether Azure keeps what a blob was before it was overwritten. Default: as `mlws:storage`, and not"
        " with `hierarchicalNamespace`.",
    )
    previous_versions_days: int | None = Field(
        default=None,
        ge=1,
        le=3650,
        description="Days for which previous versions are kept, where `versioning` is on. Default: as `mlws:storage`.",
    )

    @model_validator(mode="after")
    def _containers_are_distinct(self) -> "DataStorageSettings":
        _refuse_twice(self.containers)
        return self

    @model_validator(mode="after")
    def _directories_have_no_versions(self) -> "DataStorageSettings":
        if self.hierarchical_namespace and self.versioning:
            raise ValueError(
                "Azure keeps no versions where there are directories; take versioning out, or hierarchicalNamespace"
            )
        return self

    def like(self, storage: StorageSettings) -> "DataStorageSettings":
        """These settings, with those of the workspace's account where nothing is said."""
        inherited = {
            "redundancy": storage.redundancy,
            "soft_delete_days": storage.soft_delete_days,
            "versioning": storage.versioning and not self.hierarchical_namespace,
            "previous_versions_days": storage.previous_versions_days,
        }
        return self.model_copy(update={name: value for name, value in inherited.items() if getattr(self, name) is None})


class LifecycleRule(Section):
    """What happens to blobs that nobody has written to for a while. Days count from the last modification.

    There is no archive tier here: accounts with zone redundancy have none.
    """

    prefixes: tuple[str, ...] = Field(
        min_length=1,
        max_length=10,
        description="Containers, or containers with the beginning of a path: `training-data/tmp`.",
    )
    cool_after_days: int | None = Field(default=None, ge=1, le=3650, description="Days until the cool tier.")
    cold_after_days: int | None = Field(default=None, ge=1, le=3650, description="Days until the cold tier.")
    delete_after_days: int | None = Field(default=None, ge=1, le=3650, description="Days until they are deleted.")

    @model_validator(mode="after")
    def _happens_in_order(self) -> "LifecycleRule":
        steps = {
            "coolAfterDays": self.cool_after_days,
            "coldAfterDays": self.cold_after_days,
            "deleteAfterDays": self.delete_after_days,
        }
        given = [(name, days) for name, days in steps.items() if days is not None]
        if not given:
            raise ValueError(f"the rule does nothing; give it {', '.join(steps)} or several of them")
        for (before, days), (after, later) in pairwise(given):
            if days >= later:
                raise ValueError(f"{after} ({later}) must be more than {before} ({days})")
        return self


def check_prefixes(section: str, rules: Mapping[str, LifecycleRule], containers: Sequence[str]) -> None:
    """Raise `ValueError` for a prefix below which there is nothing, so that its rule would never do anything."""
    for name, rule in rules.items():
        for prefix in rule.prefixes:
            container, slash, _ = prefix.partition("/")
            # Without a slash Azure takes it for the beginning of a container's name too.
            known = any(one == container or (not slash and one.startswith(container)) for one in containers)
            if not known and not container.startswith(_MADE_BY_AZURE):
                raise ValueError(
                    f"mlws:{section}.{name}.prefixes: '{prefix}' begins with no container of the account; write"
                    f" {one_of(container, containers)} before the path, or add the container to the account's"
                )


def stated_with_braces(stated: object) -> object:
    """The section as it is stated; a key with nothing after it could mean both an account and none."""
    if stated is None or stated == "":
        raise ValueError("nothing stands after it; write `{}` for an account with all defaults, or leave the key out")
    return stated
