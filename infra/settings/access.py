"""Who may do what on the stack's resources, over and above what the roles of `mlws:principals` give."""

import re
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints, field_validator, model_validator

from infra.settings.key_vault import PrincipalType
from infra.settings.section import Section

Scope = Literal["workspace", "storage", "container-registry", "key-vault", "resource-group"]
AccessName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]
RoleName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 _-]{0,63}$")]

_OPERATION = re.compile(r"[A-Za-z0-9]+(\.[A-Za-z0-9]+)+(/(\*|[A-Za-z0-9_-]+))+")


class RoleGrant(Section):
    """An Azure role for one user, group or application on one part of the stack, by a name of your own.

    Whoever runs `pulumi up` must be allowed to assign roles. What the roles of `mlws:principals` give already is not
    given again.
    """

    principal: str | None = Field(default=None, description="Name in `mlws:principals`; or write `objectId`.")
    object_id: UUID | None = Field(
        default=None, description="Object id of the user, group or service principal in Microsoft Entra ID."
    )
    type: PrincipalType | None = Field(
        default=None,
        description="Needed beside `objectId`: what that is of. Azure refuses roles for a principal of another type.",
    )
    role: str = Field(
        description="Name of one of Azure's roles, as `AzureML Compute Operator`; name of one of `mlws:workspaceRoles`;"
        " or the UUID of any other role."
    )
    # Not `on`, which YAML takes for true.
    scope: Scope = Field(default="workspace", description="What it is for.")

    @model_validator(mode="after")
    def _is_for_one(self) -> "RoleGrant":
        if (self.principal is None) == (self.object_id is None):
            raise ValueError("it needs either principal or objectId, and not both")
        if self.principal is not None and self.type is not None:
            raise ValueError("the type is stated in mlws:principals; leave it out here")
        if self.object_id is not None and self.type is None:
            raise ValueError(
                f"type is missing: Azure gives a role to '{self.object_id}' only as what that is; write user, group or"
                " servicePrincipal (as identities and applications are)"
            )
        return self


class WorkspaceRole(Section):
    """A role of your own, by a name of your own that `mlws:access` refers to; for what Azure's roles are too wide.

    It can be assigned within the stack's resource group only, and may do what `actions` have and `notActions` have
    not. Azure's operations: https://learn.microsoft.com/azure/role-based-access-control/permissions/ai-machine-learning
    """

    description: str = Field(min_length=1, max_length=1024, description="What it is for.")
    actions: tuple[str, ...] = Field(
        min_length=1,
        description="Operations of Azure that are allowed, as `Microsoft.MachineLearningServices/workspaces/*/read`.",
    )
    not_actions: tuple[str, ...] = Field(default=(), description="Operations that are taken out of these.")
    data_actions: tuple[str, ...] = Field(default=(), description="Operations on data that are allowed.")
    not_data_actions: tuple[str, ...] = Field(default=(), description="Operations on data that are taken out of these.")

    @field_validator("actions", "not_actions", "data_actions", "not_data_actions")
    @classmethod
    def _are_operations(cls, operations: tuple[str, ...]) -> tuple[str, ...]:
        for operation in operations:
            if not _OPERATION.fullmatch(operation):
                raise ValueError(
                    f"'{operation}' is not an operation of one of Azure's services; write one as in"
                    " Microsoft.MachineLearningServices/workspaces/*/read"
                )
            if operation.lower().startswith("microsoft.authorization/") and not operation.lower().endswith("/read"):
                raise ValueError(f"'{operation}' would let the role give itself any other; leave it out")
        return operations
