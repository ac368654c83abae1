"""What one resource type has of its own, as a class a service overrides only where Azure differs from the rule.

A type without a class of its own is stored and given back as it is: any resource type works, few need code.
"""

import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from localazure.arm.errors import ArmError
from localazure.arm.ids import ResourcePath
from localazure.arm.store import Json, Resource

if TYPE_CHECKING:
    from localazure.arm.models import ResourceManager

Action = Callable[["ResourceManager", Resource, Json], Awaitable[Any]]
ACCEPTED = object()
"""Answer of an action that Azure takes its time for: done at once here, and its caller is sent to the resource."""


class ResourceType:
    """The general rule. Hooks are called in the order below; each may raise ArmError, and then nothing is kept."""

    type: ClassVar[str] = ""
    created_status: ClassVar[int] = 201
    required: ClassVar[tuple[str, ...]] = ()
    """Dotted paths in the body that Azure refuses to do without."""
    kept: ClassVar[tuple[str, ...]] = ("provisioningState",)
    """Read-only properties that an update leaves as they are."""
    global_name: ClassVar[str | None] = None
    """The error code for a name that is taken anywhere, for types whose name is unique in all of Azure."""

    makes_parent: ClassVar[bool] = False
    """Whether Azure makes the parent along with the first child (asset versions)."""

    def variant(self, body: Json) -> str | None:
        """The variant of the naming rule that applies to this body."""
        return None

    def check(self, arm: "ResourceManager", path: ResourcePath, body: Json, existing: Resource | None) -> None:
        """Refuse what Azure would refuse, before anything is done."""

    def enrich(self, arm: "ResourceManager", resource: Resource, existing: Resource | None) -> None:
        """Fill in the read-only outputs."""

    async def provision(self, arm: "ResourceManager", resource: Resource, existing: Resource | None) -> None:
        """Make what stands behind the resource (a container, a job). Must bear being called twice."""

    def children(self, arm: "ResourceManager", resource: Resource) -> list[Resource]:
        """Resources that Azure makes along with a new one."""
        return []

    def check_delete(self, arm: "ResourceManager", resource: Resource) -> None:
        """Refuse to delete it; asked of the one resource that is to go, not of all that goes with its group."""

    def before_delete(self, arm: "ResourceManager", resource: Resource) -> None:
        """Refuse a deletion, or leave a soft-deleted trace. Called inside the deletion's transaction."""

    def purge(self, arm: "ResourceManager", path: ResourcePath) -> bool:
        """Forget a soft-deleted trace, where a deletion asks for it. Returns whether there was one."""
        return False

    async def after_delete(self, arm: "ResourceManager", resource: Resource) -> None:
        """Remove what stood behind the resource."""

    @property
    def actions(self) -> Mapping[str, Action]:
        """POST actions by lower-case name."""
        return {}

    async def prepare_upload(self, arm: "ResourceManager", path: ResourcePath) -> Json:
        """`startPendingUpload`, the one action that is asked of a resource before it is made."""
        raise ArmError(400, "UnsupportedOperation", f"'{path.type}' has no uploads.")


def prepare(kind: ResourceType, resource: Resource, existing: Resource | None) -> None:
    """What is common to every type: the envelope, the state, and the outputs that an update must not change."""
    properties = resource.properties
    if existing is not None:
        resource.created = existing.created
        for name in kind.kept:
            if name in existing.properties:
                properties[name] = existing.properties[name]
        if "systemData" in existing.body:
            resource.body["systemData"] = existing.body["systemData"]
    properties.setdefault("provisioningState", "Succeeded")


def require(body: Json, paths: tuple[str, ...]) -> None:
    """Raise the error Azure gives for the first of the dotted paths that is missing."""
    for dotted in paths:
        value: Any = body
        for part in dotted.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        if value in (None, ""):
            message = f"The request content was invalid: required property '{dotted}' is missing."
            raise ArmError(400, "InvalidRequestContent", message)


def assign_identity(resource: Resource, existing: Resource | None, tenant_id: str) -> None:
    """Give a resource with a system-assigned identity its principal, once (`identity` of the ARM envelope)."""
    identity = resource.body.get("identity")
    if not isinstance(identity, dict) or "systemassigned" not in str(identity.get("type", "")).lower():
        return
    before = existing.body.get("identity", {}) if existing is not None else {}
    identity["principalId"] = before.get("principalId") or str(uuid.uuid4())
    identity["tenantId"] = tenant_id
