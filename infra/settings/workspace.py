"""What a stack may say about its workspace: what kind it is, whom it acts as, and where images are built.

What Azure refuses is refused here, in `infra/settings/workspace_kinds.py` where it depends on the kind. Sources:
https://learn.microsoft.com/azure/machine-learning/concept-hub-workspace and, on identities,
https://learn.microsoft.com/azure/machine-learning/how-to-identity-based-service-authentication
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from infra.settings.resource_id import resource_id
from infra.settings.section import Section

Kind = Literal["Default", "Hub", "Project", "FeatureStore"]
WorkspaceId = Annotated[str, AfterValidator(resource_id("Microsoft.MachineLearningServices/workspaces"))]
StackName = Annotated[str, StringConstraints(pattern=r"^([A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+/)?[A-Za-z0-9_.-]+$")]


class WorkspaceSettings(Section):
    """The workspace itself. Azure changes neither kind nor hub nor high business impact of one that is there."""

    kind: Kind = Field(
        default="Default",
        description="`Default` stands alone; a `Hub` shares storage, vault, registry and network with its projects; a"
        " `Project` takes them from its hub; a `FeatureStore` keeps features. Only `Default` has compute clusters: the"
        " others run on serverless compute.",
    )
    hub_id: WorkspaceId | None = Field(default=None, description="Of a `Project`: the resource id of its hub.")
    hub_stack: StackName | None = Field(
        default=None,
        description="Of a `Project`, instead of `hubId`: the stack that made the hub, as `qa-hub` of this project or in"
        " full as `organization/project/stack`.",
    )
    identity: Literal["user-assigned", "system-assigned"] | None = Field(
        default=None,
        description="Whom the workspace acts as: an identity that this stack makes, with rights that it gives, or one"
        " of Azure's making, whose rights Azure gives. Default: `user-assigned`; of a `Project` `system-assigned`.",
    )
    high_business_impact: bool = Field(
        default=False,
        description="Azure collects less diagnostic data and encrypts the scratch disks of computes. Fixed at"
        " creation.",
    )
    image_builds: Literal["registry", "cluster"] | None = Field(
        default=None,
        description="Who builds the images of environments: the container registry, or the compute cluster. Default:"
        " `registry`; `cluster` where the registry is not open to everybody and cannot.",
    )
    purge_deleted: bool = Field(
        default=False,
        description="Azure keeps a deleted workspace, and its name, for 14 days. `true`: `pulumi up` purges one that is"
        " in the way of the stack's own, with all its jobs and models. `false`: it stops and says what to do, unless"
        " `mlws:protection.allowReplacing` has `workspace`.",
    )

    @property
    def has_clusters(self) -> bool:
        """Whether the workspace can have compute clusters."""
        return self.kind == "Default"

    @property
    def acts_as(self) -> Literal["user-assigned", "system-assigned"]:
        """The identity, where the stack file leaves it open too."""
        return self.identity or ("system-assigned" if self.kind == "Project" else "user-assigned")

    @model_validator(mode="after")
    def _projects_have_one_hub(self) -> "WorkspaceSettings":
        stated = [name for name, value in (("hubId", self.hub_id), ("hubStack", self.hub_stack)) if value]
        if self.kind != "Project" and stated:
            raise ValueError(f"{stated[0]} is for kind 'Project', not '{self.kind}'; leave it out or change kind")
        if self.kind == "Project" and len(stated) != 1:
            said = (
                "only one of hubId and hubStack"
                if stated
                else "hubId or hubStack, for a project takes all from its hub"
            )
            raise ValueError(f"kind 'Project' needs {said}")
        return self

    @model_validator(mode="after")
    def _identity_fits_the_kind(self) -> "WorkspaceSettings":
        if self.kind == "Project" and self.identity == "user-assigned":
            raise ValueError(
                "identity 'user-assigned' is not for kind 'Project', whose rights in the hub's resources are Azure's to"
                " give; leave it out"
            )
        if self.kind == "FeatureStore" and self.identity == "system-assigned":
            raise ValueError(
                "identity 'system-assigned' is not for kind 'FeatureStore', which writes its stores as a user-assigned"
                " identity; leave it out"
            )
        return self

    @model_validator(mode="after")
    def _clusters_are_there_to_build(self) -> "WorkspaceSettings":
        if self.image_builds == "cluster" and not self.has_clusters:
            raise ValueError(f"imageBuilds 'cluster' is for kind 'Default': a '{self.kind}' has no compute cluster")
        return self
