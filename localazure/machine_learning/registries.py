"""Registries: the resource, and what Azure says of it. Nothing can be published to one: see `unsupported.py`."""

import uuid
from typing import ClassVar

from localazure.arm.errors import ArmError
from localazure.arm.ids import ResourcePath
from localazure.arm.models import ResourceManager
from localazure.arm.resource_type import ResourceType, assign_identity
from localazure.arm.store import Json, Resource
from localazure.home import SUBSCRIPTION_ID, TENANT_ID
from localazure.machine_learning.types import REGISTRY


class Registry(ResourceType):
    """https://learn.microsoft.com/rest/api/azureml/registries"""

    type: ClassVar[str] = REGISTRY
    required: ClassVar[tuple[str, ...]] = ("location", "identity.type")
    kept: ClassVar[tuple[str, ...]] = ("provisioningState", "managedResourceGroup")

    def check(self, arm: ResourceManager, path: ResourcePath, body: Json, existing: Resource | None) -> None:
        """Its own region must be one of those it is in, and a region has images and blobs."""
        details = (body.get("properties") or {}).get("regionDetails") or []
        regions = [_plain(str(detail.get("location", ""))) for detail in details]
        if _plain(body["location"]) not in regions:
            raise ArmError(
                400, "UserError", f"The registry's location '{body['location']}' must be one of its regionDetails."
            )
        for detail in details:
            if not detail.get("acrDetails") or not detail.get("storageAccountDetails"):
                raise ArmError(
                    400, "UserError", f"Region '{detail['location']}' needs acrDetails and storageAccountDetails."
                )

    def enrich(self, arm: ResourceManager, resource: Resource, existing: Resource | None) -> None:
        """Addresses in the region's host name, and the resource group that Azure keeps what is behind it in."""
        properties, region = resource.properties, _plain(resource.body["location"])
        host = f"{region}.api.azureml.ms"
        properties["discoveryUrl"] = f"https://{host}/registrymanagement/v1.0/registries/{resource.name}/discovery"
        properties["mlFlowRegistryUri"] = f"azureml://{host}/mlflow/v1.0{resource.id}"
        managed = f"/subscriptions/{SUBSCRIPTION_ID}/resourceGroups/azureml-rg-{resource.name}_{uuid.uuid4()}"
        properties.setdefault("managedResourceGroup", {"resourceId": managed})
        properties.setdefault("publicNetworkAccess", "Enabled")
        assign_identity(resource, existing, TENANT_ID)


def _plain(region: str) -> str:
    return region.replace(" ", "").lower()
