"""Who may do what with a vault's secrets: access policies, or role assignments in a vault with RBAC.

Being the owner of a vault gives nothing here, as on Azure: without a policy (or a role) every operation is 403.
"""

from http import HTTPStatus

from localazure.arm.models import ResourceManager
from localazure.arm.store import Resource
from localazure.authorization.resources import roles_of
from localazure.identity.tokens import Principal
from localazure.key_vault.errors import KeyVaultError

_ALL = frozenset({"get", "list", "set", "delete", "recover", "backup", "restore", "purge"})

ROLES: dict[str, frozenset[str]] = {
    "4633458b-17de-408a-b874-0445c86b69e6": frozenset({"get", "list"}),
    "b86a8fe4-44ce-4948-aee5-eccb2c155cd7": _ALL,
    "00482a5a-887f-4fb3-b363-3b7fe8e74483": _ALL,
    "21090545-7ca7-4776-b22c-e363652d74d2": frozenset({"list"}),
}
"""Key Vault Secrets User, Secrets Officer, Administrator, Reader. Owner and Contributor are not here: they manage a
vault and read nothing in it. Secrets User may list too, for `readMetadata` is among its data actions.
https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/security"""


def require_permission(arm: ResourceManager, vault: Resource, principal: Principal, permission: str) -> None:
    """Raise KeyVaultError 403 unless the principal has this secret permission on the vault."""
    if permission in permissions_of(arm, vault, principal):
        return
    if vault.properties.get("enableRbacAuthorization"):
        reason = "ForbiddenByRbac: it has no role assignment that allows it"
    else:
        reason = "ForbiddenByPolicy: it has no such permission in the vault's access policies"
    message = (
        f"The user, group or application 'appid={principal.client_id};oid={principal.object_id}' does not have "
        f"secrets {permission} permission on key vault '{vault.name}': {reason}."
    )
    raise KeyVaultError(HTTPStatus.FORBIDDEN, "Forbidden", message)


def permissions_of(arm: ResourceManager, vault: Resource, principal: Principal) -> frozenset[str]:
    """The secret permissions (lower case) of a principal."""
    if vault.properties.get("enableRbacAuthorization"):
        held = roles_of(arm, principal.object_id, vault.id)
        return frozenset().union(*(ROLES.get(role, frozenset()) for role in held))
    granted: set[str] = set()
    for policy in vault.properties.get("accessPolicies") or []:
        if policy.get("objectId") == principal.object_id:
            granted |= {str(one).lower() for one in (policy.get("permissions") or {}).get("secrets") or []}
    return _ALL if "all" in granted else frozenset(granted)
