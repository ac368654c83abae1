"""Role assignments: one principal, one role, one scope, once. And roles of one's own, each name once in the tenant."""

from typing import ClassVar

from localazure.arm.errors import ArmError
from localazure.arm.ids import ResourcePath
from localazure.arm.models import ResourceManager
from localazure.arm.resource_type import ResourceType
from localazure.arm.store import Json, Resource


class RoleAssignment(ResourceType):
    """https://learn.microsoft.com/rest/api/authorization/role-assignments/create"""

    type: ClassVar[str] = "Microsoft.Authorization/roleAssignments"
    required: ClassVar[tuple[str, ...]] = ("properties.roleDefinitionId", "properties.principalId")

    def check(self, arm: ResourceManager, path: ResourcePath, body: Json, existing: Resource | None) -> None:
        """Azure refuses the same assignment under a second name."""
        wanted = _meaning(body["properties"])
        for other in assignments_at(arm, path.scope):
            if other.id.lower() != path.key and _meaning(other.properties) == wanted:
                message = f"The role assignment already exists. The ID of the existing role assignment is {other.name}."
                raise ArmError(409, "RoleAssignmentExists", message)
        if existing is not None and _meaning(existing.properties) != wanted:
            message = "Tenant ID, application ID, principal ID, and scope are not allowed to be updated."
            raise ArmError(400, "RoleAssignmentUpdateNotPermitted", message)

    def enrich(self, arm: ResourceManager, resource: Resource, existing: Resource | None) -> None:
        """The scope is read off the id."""
        resource.properties["scope"] = resource.id.rsplit("/providers/Microsoft.Authorization/", 1)[0]
        resource.properties.pop("provisioningState", None)


class RoleDefinition(ResourceType):
    """https://learn.microsoft.com/rest/api/authorization/role-definitions/create-or-update"""

    type: ClassVar[str] = "Microsoft.Authorization/roleDefinitions"
    required: ClassVar[tuple[str, ...]] = ("properties.roleName",)

    def check(self, arm: ResourceManager, path: ResourcePath, body: Json, existing: Resource | None) -> None:
        """Azure wants to know where the role can be assigned, and no other of its name."""
        properties = body["properties"]
        if not properties.get("assignableScopes"):
            message = "The role definition must have at least one scope in 'assignableScopes'."
            raise ArmError(400, "MissingAssignableScopes", message)
        for other in arm.store.of_type(self.type):
            if other.id.lower() != path.key and other.properties["roleName"] == properties["roleName"]:
                message = f"The specified role name '{properties['roleName']}' already exists in the tenant."
                raise ArmError(409, "RoleDefinitionWithSameNameExists", message)

    def enrich(self, arm: ResourceManager, resource: Resource, existing: Resource | None) -> None:
        """Whatever is made is a role of one's own."""
        resource.properties["type"] = "CustomRole"
        resource.properties.pop("provisioningState", None)

    def before_delete(self, arm: ResourceManager, resource: Resource) -> None:
        """A role that somebody has stays."""
        for one in arm.store.of_type(RoleAssignment.type):
            if _meaning(one.properties)[0] == resource.name.lower():
                message = f"There are existing role assignments referencing role '{resource.name}'."
                raise ArmError(400, "RoleDefinitionHasAssignments", message)


def assignments_at(arm: ResourceManager, scope: str) -> list[Resource]:
    """Assignments made at exactly this scope."""
    return [
        one
        for one in arm.store.of_type(RoleAssignment.type)
        if str(one.properties.get("scope", "")).lower() == scope.lower()
    ]


def roles_of(arm: ResourceManager, object_id: str, resource_id: str) -> set[str]:
    """GUIDs of the roles a principal has on a resource, from its own scope and every one above it."""
    wanted = resource_id.lower()
    return {
        str(one.properties["roleDefinitionId"]).rsplit("/", 1)[-1].lower()
        for one in arm.store.of_type(RoleAssignment.type)
        if one.properties["principalId"] == object_id
        and (wanted + "/").startswith(str(one.properties["scope"]).lower() + "/")
    }


def _meaning(properties: Json) -> tuple[str, str]:
    role = str(properties.get("roleDefinitionId", "")).rsplit("/", 1)[-1].lower()
    return role, str(properties.get("principalId", "")).lower()
