"""Giving an identity one of Azure's roles on one resource."""

from dataclasses import dataclass
from uuid import UUID, uuid5

import pulumi
import pulumi_azure_native as azure_native
from pulumi_azure_native.authorization import PrincipalType

from infra.azure_roles import role_ids

# Any fixed one: it makes the ids of role assignments differ from whatever else is hashed the same way.
_NAMESPACE = UUID("5f0c4f9e-6f0b-4a52-9f0a-0d5b9a3d1c77")


@dataclass(frozen=True)
class Grant:
    """A role, by its name in `roles.toml`, on a resource, by its id, why it is needed, and the type of who gets it.

    Without the type Azure looks the principal up, which fails while a fresh identity is not yet known everywhere, and
    takes it for a user where nothing is said. A role that is not in the table is given by its UUID, and where the
    program makes it, it is in `made_here`.
    """

    role: str
    on: pulumi.Output[str]
    why: str
    to: PrincipalType = PrincipalType.SERVICE_PRINCIPAL
    made_here: pulumi.Resource | None = None


def assign(
    name: str, grant: Grant, principal_id: pulumi.Output[str], subscription_id: str, parent: pulumi.Resource
) -> azure_native.authorization.RoleAssignment:
    """Assign the grant's role to a principal; the same grant gets the same id in every run."""
    role_id = role_ids().get(grant.role) or str(UUID(grant.role))
    return azure_native.authorization.RoleAssignment(
        name,
        role_assignment_name=pulumi.Output.all(grant.on, principal_id).apply(
            lambda ids: assignment_id(scope=ids[0], principal_id=ids[1], role_id=role_id)
        ),
        scope=grant.on,
        role_definition_id=(
            f"/subscriptions/{subscription_id}/providers/Microsoft.Authorization/roleDefinitions/{role_id}"
        ),
        principal_id=principal_id,
        principal_type=grant.to,
        description=grant.why,
        # One that was adopted has an id of its own; Azure takes no second one of the same role beside it.
        opts=pulumi.ResourceOptions(parent=parent, depends_on=grant.made_here, delete_before_replace=True),
    )


def assignment_id(scope: str, principal_id: str, role_id: str) -> str:
    """The id of the assignment of this role to this principal at this scope; Azure ignores case in all three."""
    return str(uuid5(_NAMESPACE, f"{scope}|{principal_id}|{role_id}".lower()))
