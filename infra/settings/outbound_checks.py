"""Whether what an outbound rule names is there to be reached: a service tag, or the part of a resource."""

import re
import tomllib
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from infra.settings.managed_network import OutboundRule
from infra.settings.wrong_value import one_of
from naming.regions import region_name, regions

# The ten that Azure calls otherwise after a tag, as in AzureCloud.centralfrance; the page of the tags lists them.
_OTHER_SPELLINGS = frozenset(
    {
        "centralfrance", "southfrance", "germanywc", "germanyn", "norwaye", "norwayw", "switzerlandn", "switzerlandw",
        "usstagee", "usstagec",
    }
)  # fmt: skip
_TYPE = re.compile(r".*/providers/([^/]+/[^/]+)/[^/]+", re.IGNORECASE)


def check_outbound(rules: Mapping[str, OutboundRule], unlisted: Collection[str]) -> None:
    """Raise `ValueError`, with a sentence that begins with the key, for the first name that Azure has not."""
    taken = {one.lower() for one in unlisted}
    for name, rule in rules.items():
        if rule.service_tag is not None and rule.service_tag.lower() not in taken:
            _check_tag(f"mlws:outboundRules.{name}.serviceTag", rule.service_tag)
        if rule.resource_id is not None and rule.subresource is not None:
            _check_part(f"mlws:outboundRules.{name}.subresource", rule.resource_id, rule.subresource)


def _check_tag(key: str, tag: str) -> None:
    if tag.lower() in _tags():
        return
    service, _, region = tag.rpartition(".")
    if not _tags().get(service.lower(), False):
        near = _near(tag, _tags()) or (_near(service, _tags()) if service else None)
        instead = f"did you mean '{near}'?" if near else "write one that `az network list-service-tags` tells."
        raise ValueError(
            f"{key}: '{tag}' is not among the service tags that are known here; {instead} If Azure has it all the"
            " same, write it in mlws:unlistedServiceTags"
        )
    if region_name(region) not in regions() and region.lower() not in _OTHER_SPELLINGS:
        near = next(iter(get_close_matches(region_name(region), regions(), n=1)), None)
        instead = f"did you mean '{service}.{near}'?" if near else f"write '{service}' for all regions"
        raise ValueError(f"{key}: '{tag}' ends in no region of Azure; {instead}")


def _near(tag: str, known: Mapping[str, bool]) -> str | None:
    found = get_close_matches(tag.lower(), known, n=1)
    return next((one for one in _spellings() if found and one.lower() == found[0]), None)


def _check_part(key: str, resource_id: str, part: str) -> None:
    found = _TYPE.fullmatch(resource_id)
    known = _parts().get(found[1].lower()) if found else None
    if found and known is not None and part not in known:
        raise ValueError(f"{key}: a resource of type {found[1]} has no '{part}'; write {one_of(part, known)}")


@cache
def _tags() -> Mapping[str, bool]:
    """Every tag in lower case, and whether a region may follow it."""
    read = _read("service_tags.toml")
    return {tag.lower(): kind == "regional" for kind, tags in read.items() for tag in tags}


@cache
def _spellings() -> tuple[str, ...]:
    return tuple(tag for tags in _read("service_tags.toml").values() for tag in tags)


@cache
def _parts() -> Mapping[str, list[str]]:
    return {type_.lower(): parts for type_, parts in _read("subresources.toml").items()}


def _read(name: str) -> Mapping[str, list[str]]:
    return tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))
