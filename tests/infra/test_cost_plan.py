"""The preview of the engine: what is read from it, and that odd input becomes a sentence."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.cost.errors import CostInputError
from infra.cost.plan import PlannedResource, planned_resources

# Made by the real engine: `pulumi preview --stack local --json`, less stack traces, tags and access policies.
LOCAL = Path(__file__).with_name("test_cost_preview_local.json").read_text(encoding="utf-8")

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["steps", "op", "newState", "type", "urn", "custom", "inputs", "sku", "location"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


def step(type_: str, name: str, inputs: dict[str, Any], op: str = "create") -> dict[str, Any]:
    urn = f"urn:pulumi:dev::mlws::{type_}::{name}"
    return {"op": op, "urn": urn, "newState": {"urn": urn, "custom": True, "type": type_, "inputs": inputs}}


def plan(*steps: dict[str, Any]) -> tuple[PlannedResource, ...]:
    return planned_resources(json.dumps({"steps": list(steps)}), "preview.json")


def test_the_plan_of_the_real_engine_holds_the_resources_and_neither_components_nor_the_stack() -> None:
    resources = planned_resources(LOCAL, "local.json")
    assert len(resources) == 19
    assert all(resource.type.startswith("azure-native:") for resource in resources)
    cluster = next(resource for resource in resources if resource.name == "cluster")
    assert cluster.region == "westeurope"
    assert cluster.text("properties", "properties", "vmSize") == "Standard_DS3_v2"


@pytest.mark.parametrize("op", ["delete", "delete-replaced", "read"])
def test_what_the_plan_deletes_or_only_reads_is_not_priced(op: str) -> None:
    assert plan(step("azure-native:storage:StorageAccount", "storage", {}, op)) == ()


@pytest.mark.parametrize("op", ["same", "update", "create-replacement", "import"])
def test_what_stays_or_changes_is_priced(op: str) -> None:
    assert len(plan(step("azure-native:storage:StorageAccount", "storage", {}, op))) == 1


def test_a_replaced_resource_is_counted_once() -> None:
    type_ = "azure-native:storage:StorageAccount"
    steps = [step(type_, "storage", {}, op) for op in ("create-replacement", "replace", "delete-replaced")]
    assert len(plan(*steps)) == 1


def test_the_api_version_is_no_part_of_a_type_and_a_region_is_written_in_one_way() -> None:
    (resource,) = plan(step("azure-native:storage/v20230101preview:StorageAccount", "s", {"location": "West Europe"}))
    assert (resource.type, resource.region) == ("azure-native:storage:StorageAccount", "westeurope")


def test_a_value_that_is_known_only_after_creation_is_no_text() -> None:
    (resource,) = plan(step("a:b:C", "s", {"sku": {"name": "04da6b54-80e4-46f7-96ec-b56ff0331ba9"}}))
    assert resource.text("sku", "name", default="none") == "none"


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"steps": {}}', '{"steps": [1]}', "[" * 100_000])
def test_what_is_no_preview_is_a_sentence_that_names_the_file(text: str) -> None:
    with pytest.raises(CostInputError, match=r"^preview.json: .*pulumi preview --json") as caught:
        planned_resources(text, "preview.json")
    assert caught.value.exit_code == 2


@given(st.text(max_size=60) | _JSON.map(json.dumps) | st.lists(_JSON).map(lambda steps: json.dumps({"steps": steps})))
def test_any_input_is_a_plan_or_a_sentence(text: str) -> None:
    with suppress(CostInputError):
        assert all(isinstance(resource, PlannedResource) for resource in planned_resources(text, "preview.json"))


@given(st.lists(st.tuples(st.sampled_from(["storage:StorageAccount", "containerregistry:Registry"]), _JSON)))
def test_a_resource_with_odd_inputs_is_still_a_resource(found: list[tuple[str, Any]]) -> None:
    steps = [step(f"azure-native:{type_}", f"r{number}", inputs) for number, (type_, inputs) in enumerate(found)]
    assert len(plan(*steps)) == len(found)
