"""Where a resource stands in Azure: its type, its name and its parent, from a resource id or from a path with holes."""

import re
from collections.abc import Callable, Container
from dataclasses import dataclass
from functools import cache

from naming.errors import NamingError
from naming.rule import Scope
from naming.rulebook import known_type, rule_for

RESOURCE_GROUP = "Microsoft.Resources/resourceGroups"
_MACHINE_LEARNING = "microsoft.machinelearningservices/"
_ASSET_VERSION = re.compile(
    r"(.*/workspaces/[^/]+/(?:data|models|environments|components|codes)/[^/]+)/versions/[^/]*", re.IGNORECASE
)
_GROUP_PARTS = 5
# The keys that say what a resource is on, at Pulumi and at azurerm; the first that is there.
_ON = (
    *("resourceUri", "target_resource_id", "resourceScope", "scope", "resourceId", "resource_id"),
    *("resource_group_id", "management_group_id", "subscription_id"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """A resource in Azure. `scope_path` is the resource id of its parent, or of its resource group."""

    type: str
    name: str
    scope_path: str


@dataclass(frozen=True, slots=True)
class Path:
    """An ARM type with a hole for each name: `Microsoft.X/servers/{serverName}/databases/{databaseName}`.

    `segments` are the parts of the type with what stands after each: the key that holds the name, or a literal.
    """

    namespace: str
    segments: tuple[tuple[str, str, bool], ...]
    variant: str | None

    @property
    def type(self) -> str:
        """The ARM type."""
        return "/".join([self.namespace, *(segment for segment, _, _ in self.segments)])

    @property
    def key(self) -> str:
        """The key that holds the resource's own name."""
        return self.segments[-1][1]

    def place(self, name: str, group: str | None, value_of: Callable[[str], str | None]) -> Place | None:
        """Return where the resource stands, None when the name of a parent is unknown.

        `group` is the resource id of what the type's first segment is in; `value_of` tells what a hole holds: a
        name, or the resource id of the parent, which then stands for everything before it.
        """
        base = group if self.type == RESOURCE_GROUP or group is None else f"{group}/providers/{self.namespace}"
        for segment, key, is_hole in self.segments[:-1]:
            value = value_of(key) if is_hole else key
            if not value:
                return None
            if value.startswith("/"):
                base = value
            elif base is not None:
                base = f"{base}/{segment}/{value}"
        if base is None:
            return None
        return Place(self.type, name, group or "" if len(self.segments) == 1 else base)


@cache
def path(template: str) -> Path:
    """Return the path of a template, such as `Microsoft.X/servers/{server_id}/databases[Variant]/{name}`."""
    namespace, *parts = template.split("/")
    last, bracket, variant = parts[-2].partition("[")
    parts[-2] = last
    pairs = zip(parts[::2], parts[1::2], strict=True)
    segments = tuple((segment, hole.strip("{}"), hole.startswith("{")) for segment, hole in pairs)
    return Path(namespace, segments, variant.removesuffix("]") if bracket else None)


def place_of_id(resource_id: str) -> Place | None:
    """Return what a resource id says, None when it is none; a version of an asset stands for the asset."""
    version = _ASSET_VERSION.fullmatch(resource_id)
    parts = (version[1] if version else resource_id).rstrip("/").split("/")
    lowered = [part.lower() for part in parts]
    if parts[0] or "" in parts[1:] or lowered[1:2] not in (["subscriptions"], ["providers"]):
        return None
    if "providers" in lowered:
        return _below_provider(parts, len(lowered) - 1 - lowered[::-1].index("providers"))
    if len(parts) == _GROUP_PARTS and lowered[3] == "resourcegroups":
        return Place(RESOURCE_GROUP, parts[4], "/".join(parts[:3]))
    return None


def is_extension(resource_type: str) -> bool:
    """Whether resources of the type are on others, on groups or on subscriptions: a lock, a diagnostic setting."""
    return resource_type.count("/") == 1 and _is_unique_in_parent(resource_type)


def says_what_it_is_on(keys: Container[str]) -> bool:
    """Whether a resource with these keys says which other one, or which group or subscription, it is on."""
    return any(key in keys for key in _ON)


def place_on(resource_type: str, name: str, value_of: Callable[[str], str | None]) -> Place | None:
    """Return where a resource stands that is on another one, None when that is unknown.

    `value_of` tells what the source has under a key.
    """
    above = next(filter(None, map(value_of, _ON)), None)
    return Place(resource_type, name, above) if above else None


def known_variant(resource_type: str, variant: str | None) -> str | None:
    """Return a variant that matters to a rule; kinds of which no rule speaks are None."""
    if not variant:
        return None
    return _known_variant(resource_type, variant)


def _below_provider(parts: list[str], provider: int) -> Place | None:
    namespace, pairs = parts[provider + 1 : provider + 2], parts[provider + 2 :]
    if not namespace or not pairs or len(pairs) % 2:
        return None
    resource_type = "/".join([*namespace, *pairs[::2]])
    above = parts[:-2] if len(pairs) > len(("type", "name")) else parts[:provider]
    return Place(resource_type, pairs[-1], "/".join(above))


@cache
def _is_unique_in_parent(resource_type: str) -> bool:
    known = known_type(resource_type)
    return known is not None and rule_for(known).scope is Scope.PARENT


@cache
def _known_variant(resource_type: str, variant: str) -> str | None:
    # Of `functionapp,linux` the first is the kind; a logic app is a kind of function app that people name otherwise.
    kind, _, more = variant.partition(",")
    for one in (variant, *([kind] if "workflowapp" not in more else [])):
        try:
            rule_for(resource_type, one)
        except NamingError:
            continue
        return one
    # Whether a deployment is Kubernetes' matters to a check, though to no rule.
    return variant if resource_type.lower().startswith(_MACHINE_LEARNING) else None
