"""Who may do what: Azure's roles by the roles of principals, single grants, and roles of the stack's own."""

from typing import Any, get_args
from uuid import UUID

import pytest

from infra.azure_roles import role_ids
from infra.errors import SettingsError
from infra.settings import settings_from
from infra.settings.access import Scope
from infra.settings.access_plan import role_grants
from infra.settings.key_vault import Role
from tests.infra.changes import changed
from tests.infra.configurations import configuration
from tests.infra.program import SUBSCRIPTION, Registered, Run, created

JANE = "11111111-2222-4333-8444-555555555555"
TEAM = "22222222-2222-4333-8444-555555555555"
READ = "Microsoft.MachineLearningServices/workspaces/*/read"
ANALYST = {"description": "Looks at runs.", "actions": [READ]}
HUB = (
    f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-hub/providers/Microsoft.MachineLearningServices/workspaces/hub-a"
)
TYPES = {
    "workspace": "machinelearningservices:Workspace",
    "storage": "storage:StorageAccount",
    "container-registry": "containerregistry:Registry",
    "key-vault": "keyvault:Vault",
    "resource-group": "resources:ResourceGroup",
}


def sentence(**ours: Any) -> str:
    with pytest.raises(SettingsError) as caught:
        settings_from(configuration(**ours), "dev")
    assert "\n" not in str(caught.value)
    return str(caught.value)


def assigned(run: Run, principal: str) -> set[tuple[str, str]]:
    """Role names, or ids of roles without one, and the types they are for."""
    names = {role_id: name for name, role_id in role_ids().items()}
    found = set()
    for one in run.all("authorization:RoleAssignment"):
        if one.inputs["principalId"] == principal:
            role_id = one.inputs["roleDefinitionId"].rpartition("/")[2]
            found.add((names.get(role_id, role_id), scope_of(one)))
    return found


def scope_of(assignment: Registered) -> str:
    [found] = [scope for scope, type_ in TYPES.items() if f"azure-native:{type_}/" in assignment.inputs["scope"]]
    return found


def test_every_role_has_grants_that_can_be_assigned() -> None:
    assert set(role_grants()) == set(get_args(Role))
    for about in role_grants().values():
        assert about["why"].endswith(".")
        for scope in set(about) - {"why"}:
            assert scope in get_args(Scope)
            assert set(about[scope]) <= set(role_ids())


def test_ids_of_roles_are_distinct_uuids() -> None:
    assert all(str(UUID(role_id)) == role_id for role_id in role_ids().values())
    assert len(set(role_ids().values())) == len(role_ids())


@pytest.mark.parametrize("role", get_args(Role))
def test_a_principal_gets_what_its_role_is_for(role: str) -> None:
    run = created("dev", configuration(principals={"jane": {"objectId": JANE, "role": role, "type": "user"}}))

    expected = {(azure, scope) for scope, roles in role_grants()[role].items() if scope != "why" for azure in roles}
    assert assigned(run, JANE) == expected
    types = {
        one.inputs["principalType"]
        for one in run.all("authorization:RoleAssignment")
        if one.inputs["principalId"] == JANE
    }
    assert types == {"User"}


def test_nobody_below_admin_may_change_the_workspace_or_give_roles() -> None:
    strong = {"Owner", "Contributor", "User Access Administrator", "Role Based Access Control Administrator"}
    for role, about in role_grants().items():
        given = {azure for scope, roles in about.items() if scope != "why" for azure in roles}
        assert given & strong <= ({"Contributor"} if role == "admin" else set())


def test_a_grant_is_for_a_group_by_its_name_or_by_its_object_id() -> None:
    run = created(
        "dev",
        configuration(
            principals={"team": {"objectId": TEAM, "role": "reader", "type": "group"}},
            access={
                "computes": {"principal": "team", "role": "AzureML Compute Operator"},
                "app": {"objectId": JANE, "type": "servicePrincipal", "role": "AcrPull", "scope": "container-registry"},
                "other": {
                    "objectId": JANE,
                    "type": "user",
                    "role": "64702f94-c441-49e6-a78b-ef80e0188fef",
                    "scope": "resource-group",
                },
            },
        ),
    )

    assert ("AzureML Compute Operator", "workspace") in assigned(run, TEAM)
    assert assigned(run, JANE) == {
        ("AcrPull", "container-registry"),
        ("64702f94-c441-49e6-a78b-ef80e0188fef", "resource-group"),
    }
    types = {one.name: one.inputs.get("principalType") for one in run.all("authorization:RoleAssignment")}
    assert types["access-computes"] == "Group"
    assert types["access-app"] == "ServicePrincipal"
    assert types["access-other"] == "User"


def test_a_role_of_one_s_own_is_made_in_the_resource_group_and_before_it_is_assigned() -> None:
    ours = {
        "workspaceRoles": {"Analyst": ANALYST},
        "access": {"team": {"objectId": TEAM, "type": "group", "role": "Analyst"}},
    }
    run = created("dev", configuration(**ours))
    role = run.one("authorization:RoleDefinition")
    [assignment] = [one for one in run.all("authorization:RoleAssignment") if one.name == "access-team"]

    assert role.inputs["roleName"] == "Analyst (rg-churn-dev-euw)"
    assert role.inputs["assignableScopes"] == [role.inputs["scope"]]
    assert role.inputs["permissions"][0]["actions"] == [READ]
    assert assignment.inputs["roleDefinitionId"] == (
        f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/"
        + role.inputs["roleDefinitionId"]
    )
    assert role.urn in assignment.depends_on


def test_ids_are_the_same_in_every_run_and_others_in_another_stack() -> None:
    ours = {
        "workspaceRoles": {"Analyst": ANALYST},
        "access": {"team": {"objectId": TEAM, "type": "group", "role": "Analyst"}},
    }
    first, second, other = (created(stack, configuration(**ours)) for stack in ("dev", "dev", "qa"))

    def ids(run: Run) -> set[str]:
        made = (*run.all("authorization:RoleAssignment"), *run.all("authorization:RoleDefinition"))
        return {str(one.inputs.get("roleAssignmentName") or one.inputs["roleDefinitionId"]) for one in made}

    assert ids(first) == ids(second)
    assert not {one.inputs["roleDefinitionId"] for one in first.all("authorization:RoleDefinition")} & ids(other)


def test_a_grant_touches_nothing_but_itself() -> None:
    before = created("dev", configuration())
    after = created("dev", configuration(access={"team": {"objectId": TEAM, "type": "group", "role": "Reader"}}))

    assert changed(before, after) == {"access-team"}


@pytest.mark.parametrize(
    ("access", "said"),
    [
        ({"role": "Reader"}, "mlws:access.one: it needs either principal or objectId, and not both"),
        ({"principal": "jane", "objectId": TEAM, "role": "Reader"}, "either principal or objectId, and not both"),
        ({"principal": "jane", "type": "user", "role": "Reader"}, "the type is stated in mlws:principals"),
        (
            {"principal": "jan", "role": "Reader"},
            "mlws:access.one.principal: there is no 'jan' in mlws:principals; did you",
        ),
        (
            {"objectId": TEAM, "role": "Reader"},
            f"mlws:access.one: type is missing: Azure gives a role to '{TEAM}' only",
        ),
        ({"principal": "jane", "role": "AzureML Data Scientst"}, "did you mean 'AzureML Data Scientist'?"),
        ({"principal": "jane", "role": "nothing like it"}, "is not a role that is known here; write its UUID"),
        ({"principal": "jane", "role": "Reader", "scope": "vault"}, "mlws:access.one.scope: 'vault' is not possible"),
        (
            {"objectId": JANE, "type": "user", "role": "acdd72a7-3385-48ef-bd42-f606fba81ae7"},
            "mlws:access.one: mlws:principals.jane gives the same role already; leave it out",
        ),
    ],
)
def test_a_grant_that_cannot_be_is_told(access: dict[str, str], said: str) -> None:
    principals = {"jane": {"objectId": JANE, "role": "reader"}}

    assert said in sentence(principals=principals, access={"one": access})


def test_a_role_for_the_data_of_a_vault_under_policies_is_told_to_be_in_vain() -> None:
    grant = {
        "app": {
            "objectId": JANE,
            "type": "servicePrincipal",
            "role": "Key Vault Secrets User",
            "scope": "key-vault",
        }
    }

    assert "mlws:access.app.role: the vault does not ask for 'Key Vault Secrets User'" in sentence(access=grant)
    by_roles = created("dev", configuration(access=grant, keyVault={"access": "roles"}))
    assert ("Key Vault Secrets User", "key-vault") in assigned(by_roles, JANE)


def test_a_role_that_a_principal_has_on_the_vault_already_is_not_assigned_twice() -> None:
    principals = {"jane": {"objectId": JANE, "role": "data-scientist"}}
    grant = {"one": {"principal": "jane", "role": "Key Vault Secrets User", "scope": "key-vault"}}

    said = sentence(principals=principals, access=grant, keyVault={"access": "roles"})

    assert "mlws:access.one: mlws:principals.jane gives the same role already; leave it out" in said


def test_a_project_grants_on_what_is_its_own_only() -> None:
    project = {"kind": "Project", "hubId": HUB}
    grant = {"objectId": JANE, "type": "user", "role": "Reader"}
    run = created("dev", configuration(workspace=project, access={"one": grant}))

    assert assigned(run, JANE) == {("Reader", "workspace")}
    said = sentence(workspace=project, access={"one": {**grant, "scope": "storage"}})
    assert "mlws:access.one.scope: 'storage' of a workspace of kind 'Project' is its hub's" in said


@pytest.mark.parametrize(
    ("role", "said"),
    [
        ({"actions": []}, "mlws:workspaceRoles.Analyst.actions"),
        ({"actions": ["*"]}, "'*' is not an operation of one of Azure's services"),
        ({"actions": ["read"]}, "write one as in Microsoft.MachineLearningServices/workspaces/*/read"),
        ({"actions": ["Microsoft.Authorization/roleAssignments/write"]}, "would let the role give itself any other"),
        ({"actions": ["Microsoft.Authorization/*"]}, "would let the role give itself any other"),
    ],
)
def test_a_role_that_may_be_too_much_is_told(role: dict[str, Any], said: str) -> None:
    assert said in sentence(workspaceRoles={"Analyst": {**ANALYST, **role}})
