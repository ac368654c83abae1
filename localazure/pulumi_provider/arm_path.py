"""The path of a resource in ARM as a template: filled from inputs, and matched against a resource id."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from localazure.pulumi_provider.errors import ProviderError

RESOURCE_GROUP = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/"
SUBSCRIPTION = "subscriptionId"

_PARAMETER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class ArmPath:
    """A template such as `/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}`."""

    template: str

    @classmethod
    def parse(cls, text: str) -> "ArmPath":
        """Read resources.toml's form: without a leading slash the path is below the resource group."""
        return cls(text if text.startswith("/") else RESOURCE_GROUP + text)

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """Names of the inputs in the path, in order, the subscription left out."""
        return tuple(name for name in _PARAMETER.findall(self.template) if name != SUBSCRIPTION)

    @cached_property
    def arm_type(self) -> str:
        """The ARM type that the path says, such as `Microsoft.Storage/storageAccounts`."""
        namespace, *segments = self.template.rpartition("/providers/")[2].split("/")
        return "/".join([namespace, *segments[::2]])

    def fill(self, values: Mapping[str, str]) -> str:
        """Put `values` in; a scope may be given with its leading slash, as resource ids are."""
        return _PARAMETER.sub(lambda found: values[found[1]].strip("/"), self.template)

    def match(self, resource_id: str) -> dict[str, str]:
        """The parameters that made `resource_id`, the subscription among them. ARM ids ignore case."""
        found = self._pattern.fullmatch(resource_id.rstrip("/"))
        if not found:
            raise ProviderError(f"{resource_id!r} is not an id of the form {self.template}; give such an id")
        return {name: f"/{value}" if "/" in value else value for name, value in found.groupdict().items()}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        leading = self.template.split("/")[1]
        pieces = _PARAMETER.split(self.template)
        parts = [
            re.escape(piece) if index % 2 == 0 else f"(?P<{piece}>{'.+' if f'{{{piece}}}' == leading else '[^/]+'})"
            for index, piece in enumerate(pieces)
        ]
        return re.compile("".join(parts), re.IGNORECASE)
