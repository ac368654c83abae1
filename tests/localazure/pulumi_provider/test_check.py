"""Inputs completed and judged before ARM is asked."""

import uuid

import pytest

from localazure.pulumi_provider import catalogue
from localazure.pulumi_provider.check import Autonaming, Subject, complete
from localazure.pulumi_provider.property_values import UNKNOWN, Secret

CATALOGUE = catalogue.load()
STORAGE = CATALOGUE.resource("azure-native:storage:StorageAccount")
CONTAINER = CATALOGUE.resource("azure-native:storage:BlobContainer")
ROLE = CATALOGUE.resource("azure-native:authorization:RoleAssignment")
GROUP = {"resourceGroupName": "rg"}


def test_the_location_is_the_stacks_when_the_program_gives_none() -> None:
    subject = Subject(STORAGE, "st")

    assert complete(subject, GROUP | {"accountName": "a"}, {}, "westeurope")[0]["location"] == "westeurope"
    given = GROUP | {"accountName": "a", "location": "uksouth"}
    assert complete(subject, given, {}, "westeurope")[0]["location"] == "uksouth"
    container = GROUP | {"accountName": "a", "containerName": "c"}
    assert "location" not in complete(Subject(CONTAINER, "c"), container, {}, "westeurope")[0]


def test_a_made_up_name_is_the_logical_one_with_random_digits_and_stays_the_same() -> None:
    first, failures = complete(Subject(STORAGE, "st", seed=b"1"), GROUP, {}, None)
    later, _ = complete(Subject(STORAGE, "st", seed=b"2"), GROUP, first, None)

    assert failures == []
    assert first["accountName"].startswith("st")
    assert len(first["accountName"]) == len("st") + 8
    assert later == first
    assert complete(Subject(STORAGE, "st", seed=b"1"), GROUP, {}, None)[0] == first


def test_children_are_named_as_in_the_program_and_role_assignments_by_uuid() -> None:
    child, _ = complete(Subject(CONTAINER, "data"), GROUP | {"accountName": "a"}, {}, None)
    role, _ = complete(Subject(ROLE, "ra"), {"scope": "/subscriptions/s"}, {}, None)

    assert child["containerName"] == "data"
    assert uuid.UUID(role["roleAssignmentName"]).version == 4


def test_the_engine_may_propose_the_name_or_forbid_making_one_up() -> None:
    proposed, _ = complete(Subject(STORAGE, "st", autonaming=Autonaming(proposed="mine")), GROUP, {}, None)
    _, failures = complete(Subject(STORAGE, "st", autonaming=Autonaming(disabled=True)), GROUP, {}, None)

    assert proposed["accountName"] == "mine"
    assert [failure.property for failure in failures] == ["accountName"]


@pytest.mark.parametrize("name", [UNKNOWN, "rg", Secret("rg")])
def test_a_name_may_be_unknown_or_secret(name: object) -> None:
    assert complete(Subject(STORAGE, "st"), {"resourceGroupName": name, "accountName": "a"}, {}, None)[1] == []


@pytest.mark.parametrize("name", [None, "", 5, "a/b"])
def test_a_name_that_makes_no_path_is_refused_by_its_own_name(name: object) -> None:
    _, failures = complete(Subject(STORAGE, "st"), {"resourceGroupName": name, "accountName": "a"}, {}, None)

    assert [failure.property for failure in failures] == ["resourceGroupName"]
    assert "resourceGroupName" in failures[0].reason
