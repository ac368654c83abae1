"""References between resources: Azure refuses one to what is not there, and to delete what another refers to."""

from localazure.arm.errors import ArmError
from localazure.arm.ids import ResourcePath
from localazure.arm.models import ResourceManager
from localazure.arm.store import Json, Resource


def referred(arm: ResourceManager, resource_id: object, referrer: str) -> Resource:
    """The resource of that id. Raises ArmError as Azure does for a reference into the void."""
    found = arm.store.get(resource_id) if isinstance(resource_id, str) else None
    if found is None:
        message = f"Resource {resource_id} referenced by resource {referrer} was not found."
        raise ArmError(400, "InvalidResourceReference", message)
    return found


def same(one: object, other: object) -> bool:
    """Whether two ids are of one resource."""
    return str(one).lower() == str(other).lower()


def require_global(path: ResourcePath, body: Json) -> None:
    """Raise ArmError unless the resource is of no region."""
    if str(body.get("location", "")).lower() != "global":
        message = (
            f"The provided location '{body.get('location')}' is not available for resource type '{path.type}'. "
            "List of available regions for the resource type is 'global'."
        )
        raise ArmError(400, "LocationNotAvailableForResourceType", message)


def refuse_with_children(arm: ResourceManager, resource: Resource, child_type: str) -> None:
    """Raise ArmError for a resource that still has children of a type."""
    if arm.store.of_type(f"{resource.type}/{child_type}", below=resource.id):
        message = (
            f"Can not delete resource '{resource.name}' before nested resources of type '{child_type}' are deleted."
        )
        raise ArmError(409, "CannotDeleteResource", message)
