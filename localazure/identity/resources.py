"""User-assigned managed identities, as ARM resources."""

import uuid
from typing import ClassVar

from localazure.arm.models import ResourceManager
from localazure.arm.resource_type import ResourceType
from localazure.arm.store import Resource
from localazure.home import TENANT_ID
from localazure.identity.tokens import Principal


class UserAssignedIdentity(ResourceType):
    """https://learn.microsoft.com/rest/api/managedidentity/user-assigned-identities"""

    type: ClassVar[str] = "Microsoft.ManagedIdentity/userAssignedIdentities"
    required: ClassVar[tuple[str, ...]] = ("location",)
    kept: ClassVar[tuple[str, ...]] = ("principalId", "clientId", "tenantId")

    def enrich(self, arm: ResourceManager, resource: Resource, existing: Resource | None) -> None:
        """A new identity gets a principal of its own, even under a name that was used before, as on Azure."""
        resource.properties.pop("provisioningState", None)
        resource.properties.setdefault("principalId", str(uuid.uuid4()))
        resource.properties.setdefault("clientId", str(uuid.uuid4()))
        resource.properties["tenantId"] = TENANT_ID


def principal_of(arm: ResourceManager, resource: Resource) -> Principal | None:
    """Whom a resource acts as: its first user-assigned identity, else its own; None where it has none."""
    identity = resource.body.get("identity") or {}
    for identity_id in identity.get("userAssignedIdentities") or {}:
        if (assigned := arm.store.get(identity_id)) is not None:
            properties = assigned.properties
            return Principal(properties["principalId"], properties["clientId"], assigned.name)
    if own := identity.get("principalId"):
        return Principal(own, own, resource.name)
    return None
