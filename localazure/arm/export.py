"""`exportTemplate`: a resource group as an ARM template, for scanners and for who moves away from here.

https://learn.microsoft.com/rest/api/resources/resource-groups/export-template. As on Azure, no secret is in it, and
what Azure makes by itself (the default datastores of a workspace) is not: it comes with its parent. Unlike on Azure,
names are never turned into parameters, and read-only properties other than the state stay in.
"""

from typing import TYPE_CHECKING, ClassVar

from localazure.arm.ids import RESOURCE_GROUP, ResourcePath
from localazure.arm.resource_type import Action, ResourceType
from localazure.arm.store import API_VERSION, Json, Resource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from localazure.arm.models import ResourceManager

_SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
_OUTPUTS = ("id", "name", "type", "systemData", "etag", "properties")


class ResourceGroupType(ResourceType):
    """A resource group, which can be exported."""

    type: ClassVar[str] = RESOURCE_GROUP

    @property
    def actions(self) -> "Mapping[str, Action]":
        """`exportTemplate`."""
        return {"exporttemplate": _export}


async def _export(arm: "ResourceManager", group: Resource, body: Json) -> Json:
    wanted = {str(one).lower() for one in body.get("resources") or ["*"]}
    inside = [one for one in arm.store.below(group.id) if "*" in wanted or one.id.lower() in wanted]
    known = {one.id.lower() for one in inside}
    return {
        "template": {
            "$schema": _SCHEMA,
            "contentVersion": "1.0.0.0",
            "parameters": {},
            "variables": {},
            "resources": [_template_resource(one, known) for one in inside if API_VERSION in one.private],
        }
    }


def _template_resource(resource: Resource, known: set[str]) -> Json:
    path = ResourcePath.of(resource.id)
    exported: Json = {
        "type": resource.type,
        "apiVersion": resource.private[API_VERSION],
        "name": "/".join(path.names),
        **{key: value for key, value in resource.body.items() if key not in _OUTPUTS},
        "properties": {key: value for key, value in resource.properties.items() if key != "provisioningState"},
    }
    if "/providers/" in path.scope:
        exported["scope"] = _reference(ResourcePath.of(path.scope))
    if path.parent.lower() in known:
        exported["dependsOn"] = [_reference(ResourcePath.of(path.parent))]
    return exported


def _reference(path: ResourcePath) -> str:
    """An expression for the id of a resource of the same group."""
    parts = ", ".join(f"'{part}'" for part in (path.type, *path.names))
    return f"[resourceId({parts})]"
