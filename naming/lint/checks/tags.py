"""What the checks of tags (NAM4xx) share: Azure's limits, each with the types that have other ones.

Source: Azure documentation, Use tags to organize your Azure resources, read 2026-11-20.
"""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

LONGEST_NAME = 512
LONGEST_NAME_OF_STORAGE = 128
LONGEST_VALUE = 256
MOST = 50
MOST_OF_FEW = 15
FORBIDDEN = "<>%&\\?/"
RESERVED_PREFIXES = ("microsoft", "azure", "windows")
HELP = "https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources"

_UNTAGGED = Path(__file__).parent / "untagged.toml"
_STORAGE = "microsoft.storage/storageaccounts"
_FEW_TAGS = (
    "microsoft.automation/automationaccounts",
    "microsoft.cdn/profiles",
    "microsoft.network/dnszones",
    "microsoft.network/privatednszones",
    "microsoft.operationalinsights/workspaces/savedsearches",
)
_MORE_FORBIDDEN = {
    "microsoft.network/frontdoors": "#:",
    "microsoft.network/trafficmanagerprofiles": " #:",
    "microsoft.network/dnszones": " ()",
}
_NO_DIGIT_FIRST = ("microsoft.network/trafficmanagerprofiles", "microsoft.network/dnszones")


def longest_name(resource_type: str) -> int:
    """Return how many characters the name of a tag may have."""
    return LONGEST_NAME_OF_STORAGE if _is_or_is_in(resource_type, (_STORAGE,)) else LONGEST_NAME


def most(resource_type: str) -> int:
    """Return how many tags a resource of the type may have."""
    return MOST_OF_FEW if _is_or_is_in(resource_type, _FEW_TAGS) else MOST


def forbidden(resource_type: str) -> str:
    """Return the characters that the name of a tag may not have."""
    return FORBIDDEN + _MORE_FORBIDDEN.get(resource_type.lower(), "")


def own_names(names: Mapping[str, str] | None) -> Iterator[str]:
    """Yield the names of tags that people gave, not those that Azure puts there itself (`hidden-link:/...`)."""
    for name in names or ():
        if not name.lower().startswith(("hidden-", "link:")):
            yield name


def may_start_with_digit(resource_type: str) -> bool:
    """Whether the name of a tag may start with a digit."""
    return resource_type.lower() not in _NO_DIGIT_FIRST


def is_judged(resource_type: str, tags: Mapping[str, str] | None) -> bool:
    """Whether required tags can be missing: not where tags are unknown, nor where the type takes none.

    Most types inside another resource take no tags, and Azure publishes no list that says which do: those without any
    are left alone.
    """
    if tags is None or resource_type in untagged():
        return False
    return bool(tags) or resource_type.count("/") == 1


@cache
def untagged() -> frozenset[str]:
    """Return the types of which no resource has tags, as their rules spell them."""
    read: dict[str, list[str]] = tomllib.loads(_UNTAGGED.read_text("utf-8"))
    return frozenset(one for types in read.values() for one in types)


def _is_or_is_in(resource_type: str, types: tuple[str, ...]) -> bool:
    lowered = resource_type.lower()
    return any(lowered == known or lowered.startswith(f"{known}/") for known in types)
