"""A Key Vault whose access is by roles: built-in ones of Azure's on the vault, before anything uses it."""

from typing import Any

import pytest

from infra.azure_roles import vault_permissions
from tests.infra.changes import changed
from tests.infra.configurations import configuration
from tests.infra.program import DEPLOYER, IDENTITY_PRINCIPAL, Encrypted, Registered, Run, created
from tests.infra.test_key_vault import ALICE, AUDIT, PRINCIPALS, TEAM

ROLES = {
    "00482a5a": "Key Vault Administrator",
    "b86a8fe4": "Key Vault Secrets Officer",
    "4633458b": "Key Vault Secrets User",
    "21090545": "Key Vault Reader",
    "e147488a": "Key Vault Crypto Service Encryption User",
}


def stack(deployer: str = DEPLOYER, **ours: Any) -> Run:
    return created("dev", configuration(keyVault={"access": "roles"}, **ours), deployer=deployer)


def assignments(run: Run) -> list[Registered]:
    return [one for one in run.all("authorization:RoleAssignment") if one.name.startswith("key-vault-")]


def held(run: Run) -> set[tuple[str, str]]:
    return {
        (one.inputs["principalId"], ROLES[one.inputs["roleDefinitionId"].rpartition("/")[2][:8]])
        for one in assignments(run)
    }


def test_each_principal_has_the_built_in_role_that_goes_with_its_own_on_the_vault_alone() -> None:
    ci = "41111111-2222-4333-8444-555555555555"
    run = stack(principals={**PRINCIPALS, "pipeline": {"objectId": ci, "role": "ci", "type": "servicePrincipal"}})

    assert held(run) == {
        (ALICE, "Key Vault Administrator"),
        (TEAM, "Key Vault Secrets User"),
        (AUDIT, "Key Vault Reader"),
        (ci, "Key Vault Secrets Officer"),
        (DEPLOYER, "Key Vault Secrets Officer"),
        (IDENTITY_PRINCIPAL, "Key Vault Administrator"),
    }
    assert {one.inputs["scope"].split("/")[3] for one in assignments(run)} == {"azure-native:keyvault:Vault"}
    types = {one.inputs["principalId"]: one.inputs.get("principalType") for one in assignments(run)}
    assert (types[ci], types[IDENTITY_PRINCIPAL], types[ALICE]) == ("ServicePrincipal", "ServicePrincipal", "User")


def test_the_vault_has_no_policy_then_and_asks_azure_for_roles() -> None:
    properties = stack(principals=PRINCIPALS).one("keyvault:Vault").inputs["properties"]

    assert properties["enableRbacAuthorization"] is True
    assert properties["accessPolicies"] == []


def test_a_deployer_who_has_the_role_already_gets_no_second_assignment() -> None:
    run = stack(principals={"pipeline": {"objectId": DEPLOYER, "role": "ci"}})

    assert [one.inputs["principalId"] for one in assignments(run)].count(DEPLOYER) == 1


def test_whatever_uses_the_vault_waits_for_its_roles() -> None:
    run = stack(secrets=Encrypted({"db-password": "hunter2"}))
    roles = {one.urn for one in assignments(run)}

    assert run.one("machinelearningservices:Workspace").depends_on >= roles
    assert len(run.all("keyvault:Secret")) == 2
    for secret in run.all("keyvault:Secret"):
        assert secret.depends_on >= roles


def test_from_policies_to_roles_only_the_vault_changes_and_the_roles_are_made() -> None:
    run = stack(principals=PRINCIPALS)

    touched = changed(created("dev", configuration(principals=PRINCIPALS)), run)

    assert touched == {"key-vault"} | {one.name for one in assignments(run)}


def test_one_principal_more_is_one_assignment_more() -> None:
    one = {"team": PRINCIPALS["team"]}

    found = changed(stack(), stack(principals=one))
    assert {name for name in found if not name.startswith("access-team-")} == {"key-vault-principal-team"}


@pytest.mark.parametrize("role", vault_permissions())
def test_each_role_of_ours_has_one_of_azures(role: str) -> None:
    assert vault_permissions()[role]["role"] in ROLES.values()


def test_a_pipeline_keeps_the_rights_of_a_deployer_when_somebody_else_deploys() -> None:
    principals = {"pipeline": {"objectId": ALICE, "role": "ci"}}
    run = created("dev", configuration(principals=principals))
    vault = run.one("keyvault:Vault").inputs["properties"]
    by_principal = {policy["objectId"]: policy["permissions"] for policy in vault["accessPolicies"]}

    assert by_principal[ALICE] == by_principal[DEPLOYER]
