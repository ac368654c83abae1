"""Azure Monitor's private link scopes, and what is in one."""

from typing import ClassVar

from localazure.arm.ids import ResourcePath
from localazure.arm.models import ResourceManager
from localazure.arm.resource_type import ResourceType
from localazure.arm.store import Json, Resource
from localazure.network.references import referred, refuse_with_children, require_global

_MEMBERS = "scopedResources"


class PrivateLinkScope(ResourceType):
    """https://learn.microsoft.com/rest/api/monitor/private-link-scopes"""

    type: ClassVar[str] = "Microsoft.Insights/privateLinkScopes"
    required: ClassVar[tuple[str, ...]] = (
        "properties.accessModeSettings.ingestionAccessMode",
        "properties.accessModeSettings.queryAccessMode",
    )

    def check(self, arm: ResourceManager, path: ResourcePath, body: Json, existing: Resource | None) -> None:
        """Of no region."""
        require_global(path, body)

    def check_delete(self, arm: ResourceManager, resource: Resource) -> None:
        """Its members must go first."""
        refuse_with_children(arm, resource, _MEMBERS)


class ScopedResource(ResourceType):
    """https://learn.microsoft.com/rest/api/monitor/private-link-scoped-resources"""

    type: ClassVar[str] = f"Microsoft.Insights/privateLinkScopes/{_MEMBERS}"
    required: ClassVar[tuple[str, ...]] = ("properties.linkedResourceId",)

    def check(self, arm: ResourceManager, path: ResourcePath, body: Json, existing: Resource | None) -> None:
        """Something that is there."""
        referred(arm, body["properties"]["linkedResourceId"], path.text)
