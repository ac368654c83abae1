"""Roles of one's own: where they can be assigned, whose name is taken, and that a role somebody has stays."""

import uuid
from typing import Any

import pytest

from tests.localazure.arm_client import ArmClient

pytestmark = pytest.mark.xdist_group("azure")


def definition(group: str, name: str, **properties: Any) -> dict[str, Any]:
    permissions = [{"actions": ["Microsoft.MachineLearningServices/workspaces/*/read"]}]
    said = {"roleName": name, "assignableScopes": [group], "permissions": permissions, **properties}
    return {"properties": said}


def at(group: str, kind: str = "roleDefinitions") -> str:
    return f"{group}/providers/Microsoft.Authorization/{kind}/{uuid.uuid4()}"


def test_a_role_is_a_custom_one_whatever_it_says(arm: ArmClient, group: str) -> None:
    made = arm.put(at(group), definition(group, f"Analyst of {group}", type="BuiltInRole"))

    assert made["properties"]["type"] == "CustomRole"


def test_a_role_needs_a_scope_and_a_name_that_is_free(arm: ArmClient, group: str) -> None:
    arm.put(at(group), definition(group, f"Analyst of {group}"))
    taken = arm.call("PUT", at(group), definition(group, f"Analyst of {group}"))
    nowhere = arm.call("PUT", at(group), definition(group, "Another", assignableScopes=[]))

    assert (taken.status_code, taken.json()["error"]["code"]) == (409, "RoleDefinitionWithSameNameExists")
    assert (nowhere.status_code, nowhere.json()["error"]["code"]) == (400, "MissingAssignableScopes")


def test_a_role_that_somebody_has_stays(arm: ArmClient, group: str) -> None:
    role, assignment = at(group), at(group, "roleAssignments")
    arm.put(role, definition(group, f"Analyst of {group}"))
    arm.put(assignment, {"properties": {"roleDefinitionId": role, "principalId": str(uuid.uuid4())}})

    refused = arm.call("DELETE", role)
    assert refused.json()["error"]["code"] == "RoleDefinitionHasAssignments"
    assert arm.call("DELETE", assignment).status_code == 200
    assert arm.call("DELETE", role).status_code == 200
