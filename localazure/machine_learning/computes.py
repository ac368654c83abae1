"""Computes: what jobs name as their target. The embedded Azure runs every job on this machine."""

from typing import ClassVar

from localazure.arm.errors import ArmError
from localazure.arm.ids import ResourcePath
from localazure.arm.models import ResourceManager
from localazure.arm.resource_type import ResourceType, assign_identity
from localazure.arm.store import Json, Resource
from localazure.home import TENANT_ID
from localazure.machine_learning.types import COMPUTE, workspace_id


class Compute(ResourceType):
    """https://learn.microsoft.com/rest/api/azureml/compute"""

    type: ClassVar[str] = COMPUTE
    required: ClassVar[tuple[str, ...]] = ("properties.computeType",)

    def variant(self, body: Json) -> str | None:
        """Clusters, instances and the rest have naming rules of their own."""
        kind = (body.get("properties") or {}).get("computeType")
        return kind if kind in ("AmlCompute", "ComputeInstance") else "other"

    def check(self, arm: ResourceManager, path: ResourcePath, body: Json, existing: Resource | None) -> None:
        """A cluster must say its size and its scale."""
        settings = body["properties"].get("properties") or {}
        if body["properties"]["computeType"] != "AmlCompute":
            return
        if not settings.get("vmSize"):
            raise ArmError(400, "InvalidRequest", "A compute cluster needs 'properties.properties.vmSize'.")
        if existing is not None and existing.properties["properties"]["vmSize"].lower() != settings["vmSize"].lower():
            raise ArmError(400, "InvalidRequest", "The 'vmSize' of a compute cluster cannot be changed.")

    def enrich(self, arm: ResourceManager, resource: Resource, existing: Resource | None) -> None:
        """A cluster that scales to zero is resting."""
        properties = resource.properties
        workspace = arm.store.get(workspace_id(resource.id))
        assert workspace is not None
        resource.body.setdefault("location", workspace.body["location"])
        properties["computeLocation"] = resource.body["location"]
        properties["isAttachedCompute"] = False
        if properties["computeType"] == "AmlCompute":
            properties["properties"].update(allocationState="Steady", currentNodeCount=0, targetNodeCount=0)
        assign_identity(resource, existing, TENANT_ID)
