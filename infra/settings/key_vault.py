"""The Key Vault, and who has access to it."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from infra.settings.section import Section

Role = Literal["admin", "data-scientist", "ci", "reader"]
PrincipalType = Literal["user", "group", "servicePrincipal"]


class Principal(Section):
    """A user, group or application with a role in the stack, under a name of your own.

    What each role may do in workspace, storage and registry is told in docs/how-to/give-people-access.md.
    """

    object_id: UUID = Field(description="Object id of the user, group or service principal in Microsoft Entra ID.")
    role: Role = Field(
        description="What the principal may do: `admin` everything but purge, `data-scientist` read secrets,"
        " `ci` write and delete them as whoever runs `pulumi up` does, `reader` list their names."
    )
    type: PrincipalType = Field(
        default="user", description="What the object id is of; Azure refuses roles for a principal of another type."
    )


class KeyVaultSettings(Section):
    """The Key Vault of the workspace."""

    access: Literal["policies", "roles"] = Field(
        default="policies",
        description="How principals get in: by `policies` of the vault, or by `roles` that Azure assigns on it (RBAC)."
        " Azure's roles for administrators and officers may also purge, which only `purgeProtection` forbids.",
    )
    soft_delete_retention_days: int = Field(
        ge=7, le=90, description="Days for which a deleted vault or secret can be recovered. Fixed at creation."
    )
    purge_protection: bool = Field(
        default=True,
        description="Nobody can purge what was deleted before its retention ends. Azure ML turns it on when it is"
        " given a vault, and Azure never turns it off again: leave it on.",
    )
