"""Copies of data that a region has no place for: in availability zones that it lacks, or in a pair that it lacks."""

from typing import Any

import pytest

from infra.errors import SettingsError
from infra.settings import settings_from
from tests.infra.configurations import configuration

PREMIUM = {"sku": "Premium", "zoneRedundant": True}
NO_ZONES, NO_PAIR = "West US", "italynorth"


def settled(stack: str, region: str, **ours: Any) -> None:
    settings_from(configuration(**ours) | {"azure-native:location": region}, stack)


@pytest.mark.parametrize(
    ("stack", "region", "ours", "said"),
    [
        (
            "prod",
            "chinanorth",
            {},
            "azure-native:location: 'chinanorth' is of another cloud than Azure's public one",
        ),
        (
            "shared",
            "westeurope",
            {"environment": "shared", "modelRegistry": {"moreRegions": ["US Gov Virginia"]}},
            "mlws:modelRegistry.moreRegions: 'US Gov Virginia' is of another cloud",
        ),
        (
            "prod",
            NO_ZONES,
            {},
            "mlws:storage.redundancy: 'GZRS' keeps copies in several availability zones, and 'westus'",
        ),
        ("prod", NO_ZONES, {}, "has none; write GRS"),
        ("prod", NO_PAIR, {}, "'GZRS' keeps copies in a paired region, and 'italynorth' has none; write ZRS"),
        ("dev", NO_PAIR, {"storage": {"redundancy": "RAGRS"}}, "write ZRS"),
        ("qa", NO_ZONES, {}, "'ZRS' keeps copies in several availability zones, and 'westus' has none; write LRS"),
        ("dev", NO_ZONES, {"dataStorage": {"redundancy": "RAGZRS"}}, "mlws:dataStorage.redundancy: 'RAGZRS' keeps"),
        (
            "dev",
            NO_ZONES,
            {"containerRegistry": PREMIUM},
            "mlws:containerRegistry.zoneRedundant: 'true' keeps images in",
        ),
        ("shared", NO_ZONES, {}, "mlws:modelRegistry.redundancy: 'ZRS' keeps copies in several"),
        ("shared", "westeurope", {"modelRegistry": {"moreRegions": ["ukwest"]}}, "and 'ukwest' has none; write LRS"),
    ],
)
def test_what_a_region_cannot_keep_is_told_with_what_it_can(
    stack: str, region: str, ours: dict[str, Any], said: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        settled(stack, region, **ours)

    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("stack", "region", "ours"),
    [
        ("prod", NO_ZONES, {"storage": {"redundancy": "GRS"}, "containerRegistry": {"zoneRedundant": False}}),
        ("prod", NO_PAIR, {"storage": {"redundancy": "ZRS"}}),
        ("dev", NO_ZONES, {}),
        # Storage and registry are the hub's, wherever that is.
        ("prod", NO_ZONES, {"workspace": {"kind": "Project", "hubStack": "qa-hub"}}),
    ],
)
def test_what_it_can_keep_is_taken(stack: str, region: str, ours: dict[str, Any]) -> None:
    settled(stack, region, **ours)
