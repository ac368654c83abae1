"""Whatever is written for whichever setting: it is taken, or refused in a sentence of our own that names the key."""

import re
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from infra.errors import SettingsError
from infra.settings import Settings, settings_from
from infra.settings.locations import keys_of, place_of
from tests.infra.configurations import configuration

UUID_TEXT = "11111111-2222-4333-8444-555555555555"
OF_PYDANTIC = re.compile(
    r"should (be|match|have)|\bInput |\bField required|Extra inputs|validation error|unable to|\[type=|valid string"
)
ODD: tuple[Any, ...] = (
    None, "", True, -1, 0, 3.5, 10**9, "x" * 5000, "§ 1!", "{", "[", [], {}, ["a", "b"], [["a"]], [None],
    {"a": {"b": 1}}, {"secure": "v1:abc"}, [{"a": 1}], "Yes", "11111111222243338444555555555555",
)  # fmt: skip


def places(model: type[BaseModel], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The path of every setting there is, with `own` for a name of the user's own."""
    for key in keys_of(model):
        here = (*path, key)
        yield here
        found = place_of(here, Settings).annotation
        for candidate in (found, *get_args(found)):
            if isinstance(candidate, type) and issubclass(candidate, BaseModel):
                below = (*here, "own") if candidate is not found else here
                yield from places(candidate, below)


def stated(path: tuple[str, ...], value: Any) -> dict[str, Any]:
    for step in reversed(path[1:]):
        value = {step: value}
    if path[0] in ("region", "subscriptionId"):
        key = "location" if path[0] == "region" else path[0]
        return configuration() | {f"azure-native:{key}": value}
    return configuration(**{path[0]: value})


@pytest.mark.parametrize("path", [pytest.param(path, id=".".join(path)) for path in places(Settings)])
def test_no_value_of_any_setting_is_answered_in_words_of_the_library(path: tuple[str, ...]) -> None:
    for value in ODD:
        try:
            settings_from(stated(path, value), "dev")
        except SettingsError as error:
            said = str(error)
            assert not OF_PYDANTIC.search(said), said
            assert "\n" not in said
            assert path[0] in said or "azure-native:" in said


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("tags", "owner"), ["a", "b"], "'[\"a\", \"b\"]' is a list; write one text (did you mean 'a'?)"),
        (("tags", "owner"), {"a": 1}, "mlws:tags.owner: '{\"a\": 1}' is a mapping; write one text"),
        (("tags", "owner"), True, "mlws:tags.owner: 'true' is no text; write it in quotes"),
        (("tags", "owner"), "x" * 300, "has 300 characters; write 1 to 256 of them"),
        (("subscriptionId",), f"{{{UUID_TEXT}", f"(did you mean '{UUID_TEXT}'?)"),
        (("computeCluster", "maxNodes"), 3000, "write 1 to 1000, the nearest is 1000"),
        (("computeCluster", "maxNodes"), None, "mlws:computeCluster.maxNodes: it is empty; write most nodes at once"),
        (("storage", "versioning"), "yess", "'yess' is neither true nor false; write one of the two (did you"),
        (("storage", "containers"), "raw", "'raw' is not a list; write more blob containers, all private, as in [raw]"),
        (("storage", "containers"), ["Raw Data"], "(did you mean 'raw-data'?)"),
        (("storage", "containers"), ["a"], "write the name of a container: 3 to 63 lower-case letters, digits and"),
        (("alerts", "emails"), ["me"], "'me' is not possible; write an e-mail address, as `ml-platform@contoso.com`"),
        (("unlistedVmSizes",), ["x"], "'x' is not possible; write the name of a VM size, as `Standard_D4s_v3`"),
        (("workspace",), None, "mlws:workspace: it is empty; write keys and values below it, or `{}` for its defaults"),
        (("computeClusters", "gpu"), None, "computeClusters.gpu: it is empty; write keys and values below it"),
        (("workspace", "identity"), "system", "(did you mean 'system-assigned'?)"),
        (("environment",), "production", "(did you mean 'prod'?)"),
        (("region",), "", "azure-native:location is empty; write the region"),
        (("subscriptionId",), "x", "'x' is not a UUID; write id of the subscription"),
        (("computeCluster", "vmSize"), "D4s v3", "did you mean 'Standard_D4s_v3'?"),
        (("computeCluster", "vmSize"), "", "mlws:computeCluster.vmSize: it is empty; write Azure VM size of a node"),
        (("budget", "thresholds"), [], "mlws:budget.thresholds: 0 are given; write 1 to 4 of them"),
        (("lifecycleRules", "a b"), {"prefixes": ["x"], "deleteAfterDays": 3}, "(did you mean 'a-b'?)"),
        (("lifecycleRules", "a"), 3, "mlws:lifecycleRules.a: '3' is not a mapping; write keys and values below it"),
        (("storage", "access"), ["key"], "write key or identity (did you mean 'key'?)"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_told_with_the_nearest_right_one(path: tuple[str, ...], value: Any, said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        settings_from(stated(path, value), "dev")

    assert said in str(caught.value)
