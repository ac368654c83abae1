"""What people and applications may do with the stack's resources: Azure's roles, and roles of the stack's own.

Nothing here waits: who is named exists, and what is assigned on is made before, because its id is needed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

import pulumi
import pulumi_azure_native as azure_native
from pulumi_azure_native.authorization import PrincipalType

from infra.components.role_assignment import Grant, assign
from infra.settings.access import WorkspaceRole
from infra.settings.access_plan import PlannedGrant

# Any fixed one: it makes the ids of roles differ from whatever else is hashed the same way.
_NAMESPACE = UUID("0c3a1f0e-8b5e-4e0e-9d52-6b8f0b6f7f21")
_TYPES = {
    "user": PrincipalType.USER,
    "group": PrincipalType.GROUP,
    "servicePrincipal": PrincipalType.SERVICE_PRINCIPAL,
}


@dataclass(frozen=True)
class PeopleAccessArgs:
    """What is granted, the roles of the stack's own, and the ids of what it is granted on."""

    grants: Sequence[PlannedGrant]
    roles: Mapping[str, WorkspaceRole]
    subscription_id: str
    resource_group: str
    scopes: Mapping[str, pulumi.Output[str]]


class PeopleAccess(pulumi.ComponentResource):
    """Role assignments, and the roles of the stack's own that some of them assign."""

    def __init__(self, name: str, args: PeopleAccessArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlws:infra:PeopleAccess", name, None, opts)
        roles = {key: self._role(f"{name}-role-{key}", key, role, args) for key, role in args.roles.items()}
        for grant in args.grants:
            own = roles.get(grant.role)
            assign(
                f"{name}-{grant.label}",
                Grant(
                    role=role_id(args.subscription_id, args.resource_group, grant.role) if own else grant.role,
                    on=args.scopes[grant.on],
                    why=grant.why,
                    to=_TYPES[grant.type],
                    made_here=own,
                ),
                pulumi.Output.from_input(str(grant.object_id)),
                args.subscription_id,
                parent=self,
            )
        self.register_outputs({})

    def _role(
        self, name: str, key: str, role: WorkspaceRole, args: PeopleAccessArgs
    ) -> azure_native.authorization.RoleDefinition:
        group_id = args.scopes["resource-group"]
        return azure_native.authorization.RoleDefinition(
            name,
            role_definition_id=role_id(args.subscription_id, args.resource_group, key),
            # Azure wants it to be the only one of that name in the tenant.
            role_name=f"{key} ({args.resource_group})",
            role_type="CustomRole",
            scope=group_id,
            assignable_scopes=[group_id],
            description=role.description,
            permissions=[
                azure_native.authorization.PermissionArgs(
                    actions=list(role.actions),
                    not_actions=list(role.not_actions),
                    data_actions=list(role.data_actions),
                    not_data_actions=list(role.not_data_actions),
                )
            ],
            opts=pulumi.ResourceOptions(parent=self),
        )


def role_id(subscription_id: str, resource_group: str, key: str) -> str:
    """The id of a role of the stack's own: the same in every run, another one in every stack."""
    return str(uuid5(_NAMESPACE, f"{subscription_id}|{resource_group}|{key}".lower()))
