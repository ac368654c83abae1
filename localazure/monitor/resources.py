"""Application Insights components and Log Analytics workspaces."""

import uuid
from typing import ClassVar

from localazure.arm.errors import ArmError
from localazure.arm.ids import ResourcePath
from localazure.arm.models import ResourceManager
from localazure.arm.resource_type import ResourceType
from localazure.arm.store import Json, Resource


class LogAnalyticsWorkspace(ResourceType):
    """https://learn.microsoft.com/rest/api/loganalytics/workspaces"""

    type: ClassVar[str] = "Microsoft.OperationalInsights/workspaces"
    required: ClassVar[tuple[str, ...]] = ("location",)
    kept: ClassVar[tuple[str, ...]] = ("customerId", "provisioningState")

    def enrich(self, arm: ResourceManager, resource: Resource, existing: Resource | None) -> None:
        """The id that agents and queries use."""
        resource.properties.setdefault("customerId", str(uuid.uuid4()))


class ApplicationInsights(ResourceType):
    """https://learn.microsoft.com/rest/api/application-insights/components"""

    type: ClassVar[str] = "Microsoft.Insights/components"
    created_status: ClassVar[int] = 200
    required: ClassVar[tuple[str, ...]] = ("location", "kind")
    kept: ClassVar[tuple[str, ...]] = ("AppId", "InstrumentationKey", "provisioningState")

    def check(self, arm: ResourceManager, path: ResourcePath, body: Json, existing: Resource | None) -> None:
        """A workspace-based component must name a Log Analytics workspace that is there."""
        workspace = (body.get("properties") or {}).get("WorkspaceResourceId")
        if workspace and arm.store.get(workspace) is None:
            raise ArmError(404, "WorkspaceNotFound", f"Workspace '{workspace}' was not found.")

    def enrich(self, arm: ResourceManager, resource: Resource, existing: Resource | None) -> None:
        """Keys and connection string."""
        properties = resource.properties
        properties.setdefault("AppId", str(uuid.uuid4()))
        properties.setdefault("InstrumentationKey", str(uuid.uuid4()))
        properties["ApplicationId"] = resource.name
        properties["ConnectionString"] = (
            f"InstrumentationKey={properties['InstrumentationKey']};ApplicationId={properties['AppId']}"
        )
