"""Container registries."""

from typing import ClassVar

from localazure.arm.models import ResourceManager
from localazure.arm.resource_type import ResourceType, assign_identity
from localazure.arm.store import Resource
from localazure.home import TENANT_ID


class ContainerRegistry(ResourceType):
    """https://learn.microsoft.com/rest/api/containerregistry/registries"""

    type: ClassVar[str] = "Microsoft.ContainerRegistry/registries"
    required: ClassVar[tuple[str, ...]] = ("location", "sku.name")
    global_name: ClassVar[str | None] = "AlreadyInUse"
    kept: ClassVar[tuple[str, ...]] = ("creationDate", "provisioningState")

    def enrich(self, arm: ResourceManager, resource: Resource, existing: Resource | None) -> None:
        """The login server follows from the name."""
        resource.properties["loginServer"] = f"{resource.name.lower()}.azurecr.io"
        resource.body["sku"]["tier"] = resource.body["sku"]["name"]
        assign_identity(resource, existing, TENANT_ID)
