"""Resource ids: what a path names, whichever provider and however deep.

https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules and
`az resource show --ids`: `[scope]/providers/{namespace}/{type}/{name}/{child type}/{child name}...`; subscriptions and
resource groups have no provider of their own in the path.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

# Where things are in `/subscriptions/{id}/resourceGroups/{name}/...`, counted in segments.
_GROUPS = 2
_GROUP_LENGTH = 4

SUBSCRIPTION = "Microsoft.Resources/subscriptions"
EVERY_RESOURCE = "Microsoft.Resources/resources"
RESOURCE_GROUP = "Microsoft.Resources/resourceGroups"


@dataclass(frozen=True)
class ResourcePath:
    """A path below `management.azure.com`: a resource when it ends with a name, else a collection (or an action)."""

    text: str
    scope: str
    type: str
    names: tuple[str, ...]
    is_resource: bool

    @classmethod
    def parse(cls, path: str) -> Self | None:
        """Read a path. None when it is neither a resource nor a collection."""
        text = "/" + path.strip("/")
        segments = text.split("/")[1:]
        if len(segments) > _GROUPS and segments[_GROUPS].lower() == "resourcegroups":
            segments[_GROUPS] = "resourceGroups"
            text = "/" + "/".join(segments)
        lowered = [segment.lower() for segment in segments]
        if "providers" in lowered:
            at = len(lowered) - 1 - lowered[::-1].index("providers")
            return cls._of_provider(text, segments, at)
        if lowered[:1] == ["subscriptions"]:
            return cls._of_subscription(text, segments)
        return None

    @classmethod
    def of(cls, resource_id: str) -> Self:
        """The path of an id that is known to be one."""
        path = cls.parse(resource_id)
        assert path is not None, resource_id
        return path

    @classmethod
    def _of_provider(cls, text: str, segments: list[str], at: int) -> Self | None:
        if len(segments) < at + 3:
            return None
        pairs = segments[at + 2 :]
        types, names = pairs[0::2], pairs[1::2]
        scope = "".join(f"/{segment}" for segment in segments[:at])
        return cls(text, scope, "/".join([segments[at + 1], *types]), tuple(names), len(pairs) % 2 == 0)

    @classmethod
    def _of_subscription(cls, text: str, segments: list[str]) -> Self | None:
        scope = "".join(f"/{segment}" for segment in segments[:_GROUPS])
        if len(segments) <= _GROUPS:
            return cls(text, "", SUBSCRIPTION, tuple(segments[1:]), len(segments) == _GROUPS)
        if segments[-1].lower() == "resources" and len(segments) in (_GROUPS + 1, _GROUP_LENGTH + 1):
            return cls(text, text.rpartition("/")[0], EVERY_RESOURCE, (), is_resource=False)
        if len(segments) <= _GROUP_LENGTH and segments[_GROUPS] == "resourceGroups":
            names = tuple(segments[_GROUPS + 1 :])
            return cls(text, scope, RESOURCE_GROUP, names, len(segments) == _GROUP_LENGTH)
        return None

    @property
    def name(self) -> str:
        """The last name in the path."""
        return self.names[-1] if self.names else ""

    @cached_property
    def key(self) -> str:
        """Ids are case-insensitive: this is what they are stored and compared by."""
        return self.text.lower()

    @cached_property
    def parent(self) -> str:
        """The id of the resource this one is a child of, the group it is in, or the scope it extends."""
        if len(self.names) > 1 and self.is_resource:
            return "/".join(self.text.split("/")[:-2])
        return self.scope

    @cached_property
    def resource_group(self) -> str | None:
        """The id of the resource group the path is in, or None outside of one."""
        segments = self.text.split("/")[1:]
        if len(segments) >= _GROUP_LENGTH and segments[_GROUPS] == "resourceGroups":
            return "".join(f"/{segment}" for segment in segments[:_GROUP_LENGTH])
        return None

    @property
    def subscription(self) -> str:
        """The subscription's id (a GUID), or the empty string outside of one."""
        root, _, rest = self.text[1:].partition("/")
        return rest.split("/", 1)[0] if root.lower() == "subscriptions" else ""
