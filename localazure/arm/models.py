"""The resource manager: create, read, update, delete, list and act on resources of any type."""

import asyncio
import copy
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import naming
from localazure.arm.errors import ArmError, not_found
from localazure.arm.ids import EVERY_RESOURCE, RESOURCE_GROUP, SUBSCRIPTION, ResourcePath
from localazure.arm.resource_type import ResourceType, prepare, require
from localazure.arm.store import API_VERSION, Json, Resource, ResourceStore
from localazure.home import SUBSCRIPTION_ID, TENANT_ID
from localazure.identity.tokens import Principal

LOCK = "Microsoft.Authorization/locks"


@dataclass(frozen=True)
class Request:
    """Who asks for a change, and in which version of the type's interface."""

    caller: Principal
    api_version: str


@dataclass
class ResourceManager:
    """Azure Resource Manager over one store. Writes go one at a time, reads whenever."""

    store: ResourceStore
    types: dict[str, ResourceType]
    writing: asyncio.Lock = field(default_factory=asyncio.Lock)

    @classmethod
    def of(cls, store: ResourceStore, kinds: Iterable[ResourceType]) -> "ResourceManager":
        """A resource manager that knows these types beyond the general rule."""
        return cls(store, {kind.type.lower(): kind for kind in kinds})

    def get(self, path: ResourcePath) -> Resource:
        """The resource at a path. Raises ArmError 404."""
        if path.type == SUBSCRIPTION:
            return _subscription(path)
        _check_subscription(path)
        if (resource := self.store.get(path.text)) is None:
            raise not_found(path.text)
        return resource

    def list(self, path: ResourcePath) -> list[Resource]:
        """The collection at a path: of one parent, of a resource group, or of the whole subscription."""
        if path.type == SUBSCRIPTION:
            return [_subscription(ResourcePath.of(f"/subscriptions/{SUBSCRIPTION_ID}"))]
        _check_subscription(path)
        if path.type == EVERY_RESOURCE:
            return [one for one in self.store.below(path.scope) if _is_top_level(one)]
        if path.names and not self.kind(path.type).makes_parent and not self._has_parent(path):
            raise not_found(path.text.rsplit("/", 1)[0])
        owner = path.text.rsplit("/", 1)[0] if path.names else path.scope
        return self.store.of_type(path.type, below=owner)

    async def put(self, path: ResourcePath, body: Json, request: Request) -> tuple[int, Resource]:
        """Create or replace. Returns the status and the resource as it now is."""
        async with self.writing:
            return await self._put(path, body, request)

    async def patch(self, path: ResourcePath, changes: Json, request: Request) -> tuple[int, Resource]:
        """Update what the body names and leave the rest (a JSON merge patch, RFC 7396)."""
        async with self.writing:
            merged = merge_patch(copy.deepcopy(self.get(path).body), changes)
            return await self._put(path, merged, request)

    async def delete(self, path: ResourcePath, *, purge: bool = False) -> bool:
        """Delete a resource and everything in it, for good with `purge`. Returns whether it, or its trace, was."""
        async with self.writing:
            if (resource := self.store.get(path.text)) is None:
                return purge and self.kind(path.type).purge(self, path)
            self._refuse_when_locked(path, {"cannotdelete", "readonly"}, deep=True)
            self.kind(resource.type).check_delete(self, resource)
            with self.store.transaction():
                for doomed in [*reversed(self.store.below(path.text)), resource]:
                    self.kind(doomed.type).before_delete(self, doomed)
                removed = self.store.delete(path.text)
                if purge:
                    self.kind(resource.type).purge(self, path)
            for gone in removed:
                await self.kind(gone.type).after_delete(self, gone)
            return True

    async def act(self, path: ResourcePath, action: str, body: Json) -> Any:  # noqa: ANN401 - any JSON
        """A POST action of a resource. Raises ArmError for an action its type has not."""
        if action.lower() == "startpendingupload":
            return await self.kind(path.type).prepare_upload(self, path)
        resource = self.get(path)
        handler = self.kind(resource.type).actions.get(action.lower())
        if handler is None:
            raise ArmError(
                HTTPStatus.BAD_REQUEST,
                "UnsupportedOperation",
                f"The embedded Azure has no action '{action}' on {resource.type}.",
            )
        return await handler(self, resource, body)

    def kind(self, resource_type: str) -> ResourceType:
        """What is special about a type; the general rule where nothing is."""
        return self.types.get(resource_type.lower(), ResourceType())

    async def _put(self, path: ResourcePath, body: Json, request: Request) -> tuple[int, Resource]:
        kind, existing = self.kind(path.type), self.store.get(path.text)
        self._refuse_when_locked(path, {"readonly"})
        if existing is None:
            self._check_place(path, kind)
            self._check_name(path, kind, body)
        require(body, kind.required)
        kind.check(self, path, body, existing)
        resource = self._resource(path, kind, body, existing, request)
        kind.enrich(self, resource, existing)
        await kind.provision(self, resource, existing)
        with self.store.transaction():
            self.store.put(resource)
            for child in kind.children(self, resource) if existing is None else ():
                self.store.put(child)
        return (HTTPStatus.OK if existing else kind.created_status), resource

    def _resource(
        self, path: ResourcePath, kind: ResourceType, body: Json, existing: Resource | None, request: Request
    ) -> Resource:
        spelled = kind.type or path.type
        own = {**copy.deepcopy(body), "id": path.text, "name": path.name, "type": spelled}
        if not spelled.startswith("Microsoft.Resources/"):
            own["systemData"] = _system_data(request.caller)
        private = copy.deepcopy(existing.private) if existing else {}
        private[API_VERSION] = request.api_version
        resource = Resource(path.text, spelled, own, private, time.time())
        prepare(kind, resource, existing)
        return resource

    def _check_place(self, path: ResourcePath, kind: ResourceType) -> None:
        _check_subscription(path)
        group = path.resource_group
        if group and path.type != RESOURCE_GROUP and self.store.get(group) is None:
            message = f"Resource group '{group.rsplit('/', 1)[-1]}' could not be found."
            raise ArmError(404, "ResourceGroupNotFound", message)
        if len(path.names) > 1 and not kind.makes_parent and not self._has_parent(path):
            message = (
                f"Can not perform requested operation on nested resource. Parent resource '{path.parent}' not found."
            )
            raise ArmError(404, "ParentResourceNotFound", message)

    def _has_parent(self, path: ResourcePath) -> bool:
        """Singletons such as `blobServices/default` need not have been created to be there."""
        parent = ResourcePath.parse(path.parent if path.is_resource else path.text.rsplit("/", 1)[0])
        while parent is not None and len(parent.names) > 1 and parent.name == "default":
            parent = ResourcePath.parse(parent.parent)
        return parent is None or self.store.get(parent.text) is not None

    def _check_name(self, path: ResourcePath, kind: ResourceType, body: Json) -> None:
        try:
            rule = naming.rule_for(path.type, kind.variant(body))
        except naming.NamingError:
            return
        if violations := rule.violations(path.name):
            raise ArmError(400, "InvalidResourceName", f"'{path.name}' is no valid name: {violations[0].message}")
        if kind.global_name is None:
            return
        if any(other.name.lower() == path.name.lower() for other in self.store.of_type(path.type)):
            raise ArmError(409, kind.global_name, f"The name '{path.name}' is already taken.")

    def _refuse_when_locked(self, path: ResourcePath, levels: set[str], *, deep: bool = False) -> None:
        if path.type.lower() == LOCK.lower():
            return
        for lock in self.store.of_type(LOCK):
            scope = lock.id.lower().rsplit("/providers/", 1)[0]
            covers = path.key == scope or path.key.startswith(scope + "/")
            inside = deep and scope.startswith(path.key + "/")
            if (covers or inside) and str(lock.properties.get("level", "")).lower() in levels:
                raise ArmError(
                    409,
                    "ScopeLocked",
                    f"The scope '{path.text}' cannot perform the operation because following scope(s) are "
                    f"locked: '{scope}'. Please remove the lock and try again.",
                )


def merge_patch(target: Json, changes: Json) -> Json:
    """RFC 7396: objects are merged, null removes, anything else replaces. Changes and returns `target`."""
    for name, value in changes.items():
        if value is None:
            target.pop(name, None)
        elif isinstance(value, dict):
            under = target.get(name)
            target[name] = merge_patch(under if isinstance(under, dict) else {}, value)
        else:
            target[name] = value
    return target


def _is_top_level(resource: Resource) -> bool:
    """What Azure lists under `resources`: no groups, no children, nothing that extends another resource."""
    path = ResourcePath.parse(resource.id)
    return path is not None and len(path.names) == 1 and "/providers/" not in path.scope and path.type != RESOURCE_GROUP


def _check_subscription(path: ResourcePath) -> None:
    if path.subscription and path.subscription.lower() != SUBSCRIPTION_ID:
        raise ArmError(404, "SubscriptionNotFound", f"The subscription '{path.subscription}' could not be found.")


def _subscription(path: ResourcePath) -> Resource:
    if path.name != SUBSCRIPTION_ID:
        raise ArmError(404, "SubscriptionNotFound", f"The subscription '{path.name}' could not be found.")
    body = {
        "id": path.text,
        "subscriptionId": SUBSCRIPTION_ID,
        "tenantId": TENANT_ID,
        "displayName": "embedded Azure",
        "state": "Enabled",
    }
    return Resource(path.text, SUBSCRIPTION, body)


def _system_data(caller: Principal) -> Json:
    now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    return {
        "createdAt": now,
        "createdBy": caller.name,
        "createdByType": "User" if caller.name == "developer" else "ManagedIdentity",
        "lastModifiedAt": now,
    }
