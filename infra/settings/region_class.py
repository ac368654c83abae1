"""What a region has to keep copies in: availability zones, and a paired region; and the settings that need one.

Azure refuses them too, half-way through an update:
https://learn.microsoft.com/azure/storage/common/storage-redundancy
https://learn.microsoft.com/azure/container-registry/zone-redundancy
"""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from infra.settings.model_registry import SHARED
from infra.settings.stack import Settings
from naming.regions import region_name

_IN_ZONES = frozenset({"ZRS", "GZRS", "RAGZRS"})
_IN_A_PAIR = frozenset({"GRS", "RAGRS", "GZRS", "RAGZRS"})
# https://learn.microsoft.com/azure/china/resources-developer-guide
# https://learn.microsoft.com/azure/azure-government/compare-azure-government-global-azure
_OTHER_CLOUDS = ("china", "usgov", "usdod")
_FEWER = {
    "RAGZRS": ("RAGRS", "ZRS", "LRS"),
    "GZRS": ("GRS", "ZRS", "LRS"),
    "RAGRS": ("ZRS", "LRS"),
    "GRS": ("ZRS", "LRS"),
    "ZRS": ("LRS",),
}


def check_region(settings: Settings) -> None:
    """Raise `ValueError`, with a sentence that begins with the key, for a region of another cloud, or one that has no
    place for the copies.
    """
    _check_cloud(settings)
    for key, redundancy, region in _copies(settings):
        said = _no_place(redundancy, region_name(region))
        if said:
            raise ValueError(f"{key}: {said}")
    region = region_name(settings.region)
    own_registry = settings.environment != SHARED and settings.workspace.kind != "Project"
    if own_registry and settings.container_registry.zone_redundant and region in _lacking()["without-zones"]:
        raise ValueError(
            f"mlws:containerRegistry.zoneRedundant: 'true' keeps images in several zones, and '{region}' has none;"
            " write false"
        )


def _check_cloud(settings: Settings) -> None:
    """Azure in China and the US government's have addresses, accounts and log-ins of their own."""
    for key, region in (
        ("azure-native:location", settings.region),
        *(("mlws:modelRegistry.moreRegions", one) for one in settings.model_registry.more_regions),
    ):
        if region_name(region).startswith(_OTHER_CLOUDS):
            raise ValueError(
                f"{key}: '{region}' is of another cloud than Azure's public one, which this program is for; write a"
                " region of that, as in westeurope"
            )


def _copies(settings: Settings) -> Iterator[tuple[str, str, str]]:
    """Each setting about copies that the stack uses, what it says, and for which region."""
    if settings.environment == SHARED:
        for region in (settings.region, *settings.model_registry.more_regions):
            yield "mlws:modelRegistry.redundancy", settings.model_registry.redundancy, region
    elif settings.workspace.kind != "Project":
        yield "mlws:storage.redundancy", settings.storage.redundancy, settings.region
        if settings.data_storage and settings.data_storage.redundancy:
            yield "mlws:dataStorage.redundancy", settings.data_storage.redundancy, settings.region


def _no_place(redundancy: str, region: str) -> str | None:
    missing = [
        words
        for words, needing, lack in (
            ("in several availability zones", _IN_ZONES, "without-zones"),
            ("in a paired region", _IN_A_PAIR, "without-pair"),
        )
        if redundancy in needing and region in _lacking()[lack]
    ]
    if not missing:
        return None
    instead = next(one for one in _FEWER[redundancy] if _has_place(one, region))
    return f"'{redundancy}' keeps copies {missing[0]}, and '{region}' has none; write {instead}"


def _has_place(redundancy: str, region: str) -> bool:
    return not (
        (redundancy in _IN_ZONES and region in _lacking()["without-zones"])
        or (redundancy in _IN_A_PAIR and region in _lacking()["without-pair"])
    )


@cache
def _lacking() -> Mapping[str, list[str]]:
    return tomllib.loads(Path(__file__).with_name("regions.toml").read_text(encoding="utf-8"))
