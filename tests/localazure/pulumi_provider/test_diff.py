"""What counts as a change, where it is shown, and when it needs a new resource."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localazure.pulumi_provider import catalogue
from localazure.pulumi_provider.diff import Change, ChangeKind, compare
from localazure.pulumi_provider.property_values import UNKNOWN, Properties, PropertyValue, Secret

CATALOGUE = catalogue.load()
STORAGE = CATALOGUE.resource("azure-native:storage:StorageAccount")
COMPUTE = CATALOGUE.resource("azure-native:machinelearningservices:Compute")
WORKSPACE = CATALOGUE.resource("azure-native:machinelearningservices:Workspace")

JSON = st.recursive(
    st.one_of(st.booleans(), st.integers(-9, 9), st.text("ab", max_size=3)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text("ab.", max_size=3), inner, max_size=3)
    ),
    max_leaves=10,
)
INPUTS = st.dictionaries(st.sampled_from(["tags", "foo", "isHnsEnabled", "accountName"]), JSON)


@given(INPUTS)
def test_the_same_inputs_are_no_change_even_when_secret(inputs: Properties) -> None:
    assert compare(STORAGE, inputs, inputs).changes == ()
    assert compare(STORAGE, inputs, {key: Secret(value) for key, value in inputs.items()}).changes == ()


@given(INPUTS, INPUTS)
def test_different_inputs_always_are_a_change(old: Properties, new: Properties) -> None:
    assert bool(compare(STORAGE, old, new).changes) == (typed(old) != typed(new))


@given(INPUTS, INPUTS)
def test_every_changed_input_is_named_once_and_has_a_path(old: Properties, new: Properties) -> None:
    found = compare(STORAGE, old, new)
    paths = [change.pulumi_path for change in found.changes]

    assert len(paths) == len(set(paths))
    assert set(found.diffs) == {key for key in old.keys() | new.keys() if typed(old.get(key)) != typed(new.get(key))}
    assert set(found.replaces) <= set(found.diffs)


def typed(value: PropertyValue) -> str:
    """A text in which True and 1 differ, and in which the order of members does not matter."""
    if isinstance(value, dict):
        return str({key: typed(value[key]) for key in sorted(value)})
    return str([typed(item) for item in value]) if isinstance(value, list) else repr(value)


def test_paths_are_in_the_syntax_that_pulumi_shows() -> None:
    old = {"tags": {"a.b": "1"}, "networkRuleSet": {"ipRules": [{"action": "Allow"}]}}
    new = {"tags": {"a.b": "2"}, "networkRuleSet": {"ipRules": [{"action": "Deny"}, {"action": "Deny"}]}}

    assert [(change.pulumi_path, change.kind) for change in compare(STORAGE, old, new).changes] == [
        ("networkRuleSet.ipRules[0].action", ChangeKind.UPDATE),
        ("networkRuleSet.ipRules[1]", ChangeKind.ADD),
        ('tags["a.b"]', ChangeKind.UPDATE),
    ]


def test_another_name_is_another_resource_that_can_stand_beside_the_old_one() -> None:
    found = compare(STORAGE, {"accountName": "a"}, {"accountName": "b"})

    assert found.changes == (Change("accountName", "accountName", ChangeKind.UPDATE, replaces=True),)
    assert not found.same_id


def test_another_location_replaces_and_the_old_resource_has_to_go_first() -> None:
    found = compare(STORAGE, {"location": "westeurope"}, {"location": "northeurope"})

    assert found.replaces == ("location",)
    assert found.same_id


@pytest.mark.parametrize("spelling", ["westeurope", "West Europe", "WestEurope"])
def test_a_region_may_be_spelled_as_the_portal_does(spelling: str) -> None:
    assert compare(STORAGE, {"location": "westeurope"}, {"location": spelling}).changes == ()


def test_a_value_that_is_not_known_yet_is_a_change_and_replaces_where_a_change_would() -> None:
    found = compare(STORAGE, {"accountName": "a", "tags": {"x": "1"}}, {"accountName": UNKNOWN, "tags": {"x": UNKNOWN}})

    assert [(change.pulumi_path, change.replaces) for change in found.changes] == [
        ("accountName", True),
        ("tags.x", False),
    ]


def test_a_vm_size_replaces_and_the_number_of_nodes_does_not() -> None:
    def inputs(size: str, nodes: int) -> Properties:
        return {"properties": {"properties": {"vmSize": size, "scaleSettings": {"maxNodeCount": nodes}}}}

    assert compare(COMPUTE, inputs("a", 1), inputs("b", 1)).replaces == ("properties",)
    assert compare(COMPUTE, inputs("a", 1), inputs("a", 2)).replaces == ()


def test_a_whole_object_that_comes_replaces_only_for_what_is_in_it() -> None:
    plain = {"properties": {"description": "d", "properties": {"scaleSettings": {"maxNodeCount": 1}}}}
    sized = {"properties": {"description": "d", "properties": {"vmSize": "a"}}}

    assert compare(COMPUTE, {}, plain).replaces == ()
    assert compare(COMPUTE, {}, sized).replaces == ("properties",)


def test_the_order_of_identities_is_none_of_azures_business() -> None:
    def inputs(*ids: str) -> Properties:
        return {"identity": {"type": "UserAssigned", "userAssignedIdentities": list(ids)}}

    assert compare(WORKSPACE, inputs("/a", "/b"), inputs("/B", "/a")).changes == ()
    assert compare(WORKSPACE, inputs("/a"), inputs("/b")).diffs == ("identity",)


def test_a_number_is_the_same_with_and_without_its_decimal_point() -> None:
    assert compare(STORAGE, {"foo": 1}, {"foo": 1.0}).changes == ()
    assert compare(STORAGE, {"foo": 1}, {"foo": True}).diffs == ("foo",)
