"""Container registries."""

from typing import ClassVar

from localazure.arm.errors import ArmError
from localazure.arm.ids import ResourcePath
from localazure.arm.models import ResourceManager
from localazure.arm.resource_type import ResourceType, assign_identity
from localazure.arm.store import Json, Resource
from localazure.home import TENANT_ID


class ContainerRegistry(ResourceType):
    """https://learn.microsoft.com/rest/api/containerregistry/registries"""

    type: ClassVar[str] = "Microsoft.ContainerRegistry/registries"
    required: ClassVar[tuple[str, ...]] = ("location", "sku.name")
    global_name: ClassVar[str | None] = "AlreadyInUse"
    kept: ClassVar[tuple[str, ...]] = ("creationDate", "provisioningState")

    def check(self, arm: ResourceManager, path: ResourcePath, body: Json, existing: Resource | None) -> None:
        """Only Premium can be closed, or have rules about addresses."""
        properties = body.get("properties") or {}
        rules = properties.get("networkRuleSet")
        is_closed = str(properties.get("publicNetworkAccess", "")).lower() == "disabled"
        if body["sku"]["name"] != "Premium" and (rules or is_closed):
            message = f"Network rules are not supported for SKU '{body['sku']['name']}'; upgrade to SKU 'Premium'."
            raise ArmError(400, "NetworkRulesNotSupported", message)

    def enrich(self, arm: ResourceManager, resource: Resource, existing: Resource | None) -> None:
        """The login server follows from the name."""
        resource.properties["loginServer"] = f"{resource.name.lower()}.azurecr.io"
        resource.body["sku"]["tier"] = resource.body["sku"]["name"]
        assign_identity(resource, existing, TENANT_ID)
