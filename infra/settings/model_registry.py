"""What stack `shared` may say about the registry of models, and the others about using it."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_validator

from infra.settings.section import Section
from naming import stack_parts

SHARED = stack_parts.SHARED
"""The environment whose stack is not a workspace, but what the workspaces share."""

MODEL_REGISTRY = stack_parts.MODEL_REGISTRY
"""What its registry is called in the naming plan."""

_ID = r"^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.MachineLearningServices/registries/[^/]+$"
_OF_EVERY_STACK = frozenset(
    {"environment", "region", "subscriptionId", "workload", "instance", "names", "tags", "budget", "alerts"}
)
_OF_SHARED = _OF_EVERY_STACK | {"modelRegistry", "protection"}

StackName = Annotated[str, StringConstraints(pattern=r"^([A-Za-z0-9_.-]+/){0,2}[A-Za-z0-9_.-]+$")]
RegistryId = Annotated[str, StringConstraints(pattern=_ID)]
Region = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9 ]+$")]


class ModelRegistrySettings(Section):
    """The Azure ML registry that environments share models through; of environment `shared` only."""

    redundancy: Literal["LRS", "ZRS", "GRS", "GZRS", "RAGRS", "RAGZRS"] = Field(
        default="ZRS", description="How many copies of the registry's blobs Azure keeps in each of its regions."
    )
    more_regions: tuple[Region, ...] = Field(
        default=(),
        description="Regions of workspaces that use the registry, beside the stack's own; Azure bills a storage"
        " account and a replica of the container registry in each.",
    )


class SharedRegistrySettings(Section):
    """The registry of stack `shared`, which the identity of the workspace may read from and publish to."""

    stack: StackName | None = Field(
        default=None,
        description="Stack that made it, as `shared`, or `organisation/project/stack` where it is another project's.",
    )
    id: RegistryId | None = Field(default=None, description="Resource id of a registry that no stack of yours made.")

    @model_validator(mode="after")
    def _one_of_them(self) -> "SharedRegistrySettings":
        if self.stack is not None and self.id is not None:
            raise ValueError(f"stack '{self.stack}' and an id are two registries; leave one of them out")
        return self


def takes(environment: str, section: str) -> bool:
    """Whether a stack of this environment has any use for a part of the settings."""
    return section in _OF_SHARED if environment == SHARED else section != "modelRegistry"


def stated_for_another_environment(stated: Mapping[str, Any], environment: str) -> str | None:
    """The sentence about a setting that is of no use in this environment; None where each is."""
    name = next((one for one in stated if not takes(environment, one)), None)
    if name is None:
        return None
    if environment != SHARED:
        return (
            f"mlws:{name} is of environment '{SHARED}' only, and this is '{environment}'; to use the registry of stack"
            f" {SHARED} write `mlws:sharedRegistry: {{stack: {SHARED}}}`"
        )
    return (
        f"mlws:{name} is of no use in environment '{SHARED}', which has no workspace; its settings are"
        f" {', '.join(f'mlws:{one}' for one in sorted(_OF_SHARED - {'region', 'subscriptionId'}))}"
    )
