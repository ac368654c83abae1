"""The Key Vault: each principal can do what its role needs and no more; a deleted vault is recovered."""

import json
from typing import Any

import pulumi
import pytest

from infra.azure_roles import vault_permissions
from infra.guards.soft_delete import update_body
from tests.infra.configurations import configuration
from tests.infra.conftest import FakeAzure
from tests.infra.program import DEPLOYER, IDENTITY_PRINCIPAL, TENANT, created, run_program

ALICE, TEAM, AUDIT = (f"{number}1111111-2222-4333-8444-555555555555" for number in "123")
PRINCIPALS = {
    "team": {"objectId": TEAM, "role": "data-scientist"},
    "alice": {"objectId": ALICE, "role": "admin"},
    "audit": {"objectId": AUDIT, "role": "reader"},
}


def policies(**ours: Any) -> dict[str, dict[str, list[str]]]:
    vault = created("dev", configuration(**ours)).one("keyvault:Vault").inputs["properties"]
    found = {policy["objectId"]: policy["permissions"] for policy in vault["accessPolicies"]}

    assert len(found) == len(vault["accessPolicies"]), "Azure takes one policy a principal"
    assert {policy["tenantId"] for policy in vault["accessPolicies"]} == {TENANT}
    assert vault["enableRbacAuthorization"] is False
    return found


def test_each_principal_gets_its_role_and_nobody_else_gets_anything() -> None:
    found = policies(principals=PRINCIPALS)

    assert found.keys() == {DEPLOYER, ALICE, TEAM, AUDIT, IDENTITY_PRINCIPAL}
    assert found[TEAM] == {"secrets": ["get", "list"], "keys": [], "certificates": []}
    assert found[AUDIT] == {"secrets": ["list"], "keys": [], "certificates": []}
    assert found[DEPLOYER] == {
        "secrets": ["delete", "get", "list", "recover", "set"], "keys": [], "certificates": [],
    }  # fmt: skip
    assert set(found[ALICE]["keys"]) == set(vault_permissions()["admin"]["keys"])


def test_without_principals_only_the_deployer_and_the_workspace_have_access() -> None:
    assert policies().keys() == {DEPLOYER, IDENTITY_PRINCIPAL}


def test_a_deployer_who_is_also_a_named_principal_has_both_roles_in_one_policy() -> None:
    found = policies(principals={"me": {"objectId": DEPLOYER, "role": "admin"}})

    assert set(found[DEPLOYER]["secrets"]) == set(vault_permissions()["admin"]["secrets"])


def test_the_order_of_principals_in_the_file_changes_nothing() -> None:
    there = created("dev", configuration(principals=PRINCIPALS)).one("keyvault:Vault").inputs
    back = created("dev", configuration(principals=dict(reversed(PRINCIPALS.items())))).one("keyvault:Vault").inputs

    assert there == back


@pytest.mark.parametrize("role", vault_permissions())
def test_no_role_may_purge_or_do_everything(role: str) -> None:
    for actions in (vault_permissions()[role].get(kind, []) for kind in ("secrets", "keys", "certificates")):
        assert not {"purge", "all"} & set(actions)


def test_a_new_vault_is_created_plainly(azure: FakeAzure) -> None:
    vault = created("dev", configuration()).one("keyvault:Vault")

    assert "createMode" not in vault.inputs["properties"]
    assert vault.hooks == ()
    assert azure.gets[0].endswith(f"/locations/westeurope/deletedVaults/{vault.inputs['vaultName']}")


@pytest.mark.parametrize("preview", [True, False])
def test_a_deleted_vault_is_recovered_and_then_brought_up_to_date(azure: FakeAzure, preview: bool) -> None:
    name = created("dev", configuration()).one("keyvault:Vault").inputs["vaultName"]
    azure.deleted_vaults.add(name)

    vault = created("dev", configuration(), preview=preview).one("keyvault:Vault")

    assert vault.inputs["properties"]["createMode"] == "recover"
    assert vault.hooks == ("update-recovered-vault",)


def test_how_a_vault_came_to_be_is_no_change_in_the_next_run() -> None:
    assert created("dev", configuration()).one("keyvault:Vault").ignores == ("properties.createMode",)


def test_after_a_recovery_everything_but_the_mode_is_sent_again(azure: FakeAzure) -> None:
    plain = created("dev", configuration(principals=PRINCIPALS)).one("keyvault:Vault").inputs
    azure.deleted_vaults.add(plain["vaultName"])
    run = created("dev", configuration(principals=PRINCIPALS))
    vault = run.one("keyvault:Vault")
    args = pulumi.ResourceHookArgs(
        urn=vault.urn, id="/subscriptions/s/vaults/v", name=vault.name, type=vault.type, new_inputs=vault.inputs
    )

    run.hooks["update-recovered-vault"](args)

    ((url, body),) = azure.puts
    assert url == "https://management.azure.com/subscriptions/s/vaults/v"
    assert body == {"location": "westeurope", "tags": plain["tags"], "properties": plain["properties"]}


def test_whole_numbers_are_sent_as_whole_numbers() -> None:
    """Pulumi hands numbers over as floats, and Azure takes no 7.0 for a number of days."""
    body = update_body({"location": "x", "tags": {}, "properties": {"softDeleteRetentionInDays": 7.0, "on": True}})

    assert json.dumps(body["properties"]) == '{"softDeleteRetentionInDays": 7, "on": true}'


def test_who_may_not_look_for_deleted_vaults_is_warned_and_goes_on(azure: FakeAzure) -> None:
    azure.status = 403

    run = created("dev", configuration())

    assert "createMode" not in run.one("keyvault:Vault").inputs["properties"]
    assert any("az keyvault recover" in warning for warning in run.warnings)


def test_an_azure_that_does_not_answer_is_a_sentence(azure: FakeAzure) -> None:
    azure.status = 503

    run = run_program("dev", configuration())

    assert isinstance(run.error, pulumi.RunError)
    assert "soft-deleted Key Vault" in str(run.error)
