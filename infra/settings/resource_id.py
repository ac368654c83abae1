"""Settings that hold the id of an Azure resource which this stack does not make."""

import re
from collections.abc import Callable

_GROUP = "/subscriptions/<id>/resourceGroups/<name>/providers/"


def resource_id(resource_type: str) -> Callable[[str], str]:
    """A validator of ids of `resource_type`, given as `Microsoft.Network/virtualNetworks/subnets`."""
    provider, *types = resource_type.split("/")
    example = _GROUP + "/".join([provider, *(f"{one}/<name>" for one in types)])
    pattern = re.compile("".join(_pattern(part) for part in re.split("(<[a-z]+>)", example)), re.IGNORECASE)

    def judge(value: str) -> str:
        if not pattern.fullmatch(value):
            raise ValueError(
                f"'{value}' is not the id of a resource of type {resource_type}; write one as in {example}"
            )
        return value

    return judge


def part_of(value: str, after: str) -> str:
    """The part of a resource id that follows the segment `after`: the name, the group or the subscription."""
    segments = value.split("/")
    at = [segment.lower() for segment in segments].index(after.lower())
    return segments[at + 1]


def _pattern(part: str) -> str:
    return r"[^/\s]+" if part.startswith("<") else re.escape(part)
