"""The workspace by kind, identity and parts: what each makes, what it leaves out, and what a setting touches."""

from functools import cache
from itertools import pairwise
from typing import Any, ClassVar

import pulumi
import pytest

from tests.infra.changes import changed
from tests.infra.configurations import configuration
from tests.infra.program import (
    HUB_ID,
    IDENTITY_PRINCIPAL,
    SUBSCRIPTION,
    WORKSPACE_PRINCIPAL,
    Registered,
    Run,
    created,
    run_program,
)

WORKSPACE = "machinelearningservices:Workspace"
CONTAINER = (
    f"/subscriptions/{SUBSCRIPTION}/resourceGroups/data/providers/Microsoft.Storage/storageAccounts/lake"
    "/blobServices/default/containers/offline"
)
REDIS = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/data/providers/Microsoft.Cache/redis/fast"
SUBNET = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/v/subnets/nodes"
FEATURE_STORE: dict[str, Any] = {"workspace": {"kind": "FeatureStore"}, "featureStore": {"offlineStore": CONTAINER}}
BY_ROLES: dict[str, Any] = {"keyVault": {"access": "roles"}}
PROJECT: dict[str, Any] = {"workspace": {"kind": "Project", "hubStack": "qa-hub"}}


def stack(name: str = "dev", **ours: Any) -> Run:
    return created(name, configuration(**ours))


@cache
def plain(name: str = "dev") -> Run:
    return stack(name)


def workspace(run: Run) -> dict[str, Any]:
    return run.one(WORKSPACE).inputs


def roles_on(run: Run, target: str) -> set[tuple[str, str]]:
    """Who has which role, by the first digits of its id, on what has `target` in its id."""
    return {
        (one.inputs["principalId"], one.inputs["roleDefinitionId"].rpartition("/")[2][:8])
        for one in run.all("authorization:RoleAssignment")
        if target in one.inputs["scope"]
    }


@pytest.mark.parametrize(
    ("ours", "kind", "name"),
    [
        ({}, "Default", "mlw-churn-dev-euw"),
        ({"workspace": {"kind": "Hub"}}, "Hub", "hub-churn-dev-euw"),
        (FEATURE_STORE, "FeatureStore", "mlfs-churn-dev-euw"),
        (PROJECT, "Project", "proj-churn-dev-euw"),
    ],
)
def test_a_workspace_is_called_after_its_kind(ours: dict[str, Any], kind: str, name: str) -> None:
    run = stack(**ours)

    assert workspace(run)["kind"] == kind
    assert workspace(run)["workspaceName"] == name
    assert name in str(run.outputs["config_json"])
    assert {"name": name, "type": "Microsoft.MachineLearningServices/workspaces"} in run.outputs["resources"]


@pytest.mark.parametrize("ours", [{"workspace": {"kind": "Hub"}}, FEATURE_STORE])
def test_hubs_and_feature_stores_have_no_cluster(ours: dict[str, Any]) -> None:
    run = stack(**ours)

    assert run.all("machinelearningservices:Compute") == []
    assert run.outputs.get("compute_name") is None
    assert "computes" not in str(run.outputs["resources"])


@pytest.mark.parametrize("how", [{"hubStack": "qa-hub"}, {"hubStack": "org/mlws/qa-hub"}, {"hubId": HUB_ID}])
def test_a_project_takes_storage_vault_and_registry_from_its_hub(how: dict[str, str]) -> None:
    run = stack("qa", workspace={"kind": "Project", **how})
    said = workspace(run)

    assert said["hubResourceId"] == HUB_ID
    assert not {"storageAccount", "keyVault", "containerRegistry", "managedNetwork", "encryption"} & said.keys()
    assert {one.type.rpartition(":")[2] for one in run.azure} == {
        "ResourceGroup", "Workspace", "Component", "DiagnosticSetting", "Budget",
    }  # fmt: skip
    assert run.outputs["storage_account_name"] == "sthub"
    assert run.outputs["key_vault_uri"] == "https://kv-hub.vault.azure.net/"


@pytest.mark.parametrize(
    ("hub", "said"),
    [
        ("hub-gone", "'hub-gone' in resource group 'rg-hub' cannot be read (ResourceNotFound: it was not found.)"),
        ("mlw-a", "'mlw-a' in resource group 'rg-hub' is a workspace of kind 'Default', and only a Hub has projects"),
    ],
)
def test_a_hub_that_is_none_is_a_sentence_before_the_first_resource(hub: str, said: str) -> None:
    project = {"kind": "Project", "hubId": HUB_ID.replace("hub-a", hub)}
    run = run_program("qa", configuration(workspace=project))

    assert isinstance(run.error, pulumi.RunError)
    assert str(run.error).startswith(f"Pulumi.qa.yaml: mlws:workspace.hubId: {said}")
    assert run.azure == []


def test_azures_own_identity_gets_no_right_from_the_program() -> None:
    run = stack(workspace={"identity": "system-assigned"}, **BY_ROLES)

    assert workspace(run)["identity"] == {"type": "SystemAssigned"}
    assert "primaryUserAssignedIdentity" not in workspace(run)
    assert run.all("managedidentity:UserAssignedIdentity") == []
    assert "id-churn" not in str(run.outputs["resources"])
    assert not {one for one in roles_on(run, "/") if one[0] in (IDENTITY_PRINCIPAL, WORKSPACE_PRINCIPAL)}


def test_a_feature_store_writes_its_stores_as_the_workspaces_identity() -> None:
    run = stack(**{**FEATURE_STORE, "featureStore": {"offlineStore": CONTAINER, "onlineStore": REDIS}})
    connections = {one.inputs["connectionName"]: one for one in run.all("machinelearningservices:WorkspaceConnection")}

    assert workspace(run)["featureStoreSettings"] == {
        "computeRuntime": {"sparkRuntimeVersion": "3.4"},
        "offlineStoreConnectionName": "OfflineStoreConnectionName",
        "onlineStoreConnectionName": "OnlineStoreConnectionName",
    }
    assert connections["OfflineStoreConnectionName"].inputs["properties"] == {
        "authType": "ManagedIdentity",
        "category": "ADLSGen2",
        "target": CONTAINER,
        "credentials": {"clientId": "client-of-identity", "resourceId": workspace(run)["primaryUserAssignedIdentity"]},
    }
    assert connections["OnlineStoreConnectionName"].inputs["properties"]["category"] == "Redis"
    assert roles_on(run, CONTAINER) == {(IDENTITY_PRINCIPAL, "ba92f5b4")}
    assert roles_on(run, REDIS) == {(IDENTITY_PRINCIPAL, "b24988ac")}


def test_images_are_built_on_the_planned_cluster() -> None:
    run = stack(workspace={"imageBuilds": "cluster"})

    assert workspace(run)["imageBuildCompute"] == run.one("machinelearningservices:Compute").inputs["computeName"]
    assert "imageBuildCompute" not in workspace(plain())


@pytest.mark.parametrize(
    "network", [{"access": "private"}, {"access": "allow-listed", "allowedAddresses": ["203.0.113.7"]}]
)
def test_a_closed_registry_leaves_the_building_to_the_cluster(network: dict[str, Any]) -> None:
    inside = {"isolation": "AllowInternetOutbound"}
    run = stack(containerRegistry={"sku": "Premium"}, network=network, managedNetwork=inside)

    assert workspace(run)["imageBuildCompute"] == run.one("machinelearningservices:Compute").inputs["computeName"]


def test_serverless_nodes_stand_in_the_subnet() -> None:
    said = workspace(stack(serverlessCompute={"subnetId": SUBNET, "publicIp": False}))

    assert said["serverlessComputeSettings"] == {
        "serverlessComputeCustomSubnet": SUBNET,
        "serverlessComputeNoPublicIP": True,
    }


def test_a_plain_workspace_says_nothing_of_what_it_has_not() -> None:
    """What is not said is Azure's default, and leaves the workspaces alone that are there already."""
    assert not {
        "hbiWorkspace", "encryption", "enableServiceSideCMKEncryption", "managedNetwork", "provisionNetworkNow",
        "serverlessComputeSettings", "featureStoreSettings", "imageBuildCompute", "hubResourceId",
    } & workspace(plain()).keys()  # fmt: skip


class TestManagedNetwork:
    """Its rules, and the firewall that one of them needs."""

    BLOB = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/Data/providers/Microsoft.Storage/storageAccounts/lake"
    RULES: ClassVar[dict[str, dict[str, Any]]] = {
        "pypi": {"type": "FQDN", "host": "contoso.com"},
        "lake": {"type": "PrivateEndpoint", "resourceId": BLOB, "subresource": "blob", "spark": True},
        "lake-dfs": {"type": "PrivateEndpoint", "resourceId": BLOB, "subresource": "dfs"},
        "monitor": {"type": "ServiceTag", "serviceTag": "AzureMonitor", "ports": "443"},
    }

    def run(self, rules: dict[str, Any], **ours: Any) -> Run:
        return stack(managedNetwork={"isolation": "AllowOnlyApprovedOutbound", **ours}, outboundRules=rules)

    def rules(self, run: Run) -> dict[str, Registered]:
        return {one.inputs["ruleName"]: one for one in run.all("machinelearningservices:ManagedNetworkSettingsRule")}

    def test_rules_are_of_azures_three_types(self) -> None:
        rules = {name: one.inputs["properties"] for name, one in self.rules(self.run(self.RULES)).items()}

        assert rules["pypi"] == {"type": "FQDN", "category": "UserDefined", "destination": "contoso.com"}
        assert rules["lake"]["destination"] == {
            "serviceResourceId": self.BLOB,
            "subresourceTarget": "blob",
            "sparkEnabled": True,
        }
        assert rules["monitor"]["destination"] == {"serviceTag": "AzureMonitor", "protocol": "TCP", "portRanges": "443"}

    def test_rules_are_made_one_after_the_other(self) -> None:
        made = [one for _, one in sorted(self.rules(self.run(self.RULES)).items())]

        assert all(before.urn in after.depends_on for before, after in pairwise(made))

    def test_the_identity_approves_the_endpoints_of_a_resource_once(self) -> None:
        run = self.run(self.RULES)

        assert roles_on(run, self.BLOB.lower()) == {(IDENTITY_PRINCIPAL, "b556d68e")}
        assert (
            len([one for one in run.all("authorization:RoleAssignment") if self.BLOB.lower() in str(one.inputs)]) == 1
        )

    def test_the_firewall_is_named_where_a_rule_names_a_host(self) -> None:
        with_host = workspace(self.run({"pypi": self.RULES["pypi"]}, firewallSku="Basic"))["managedNetwork"]
        without = workspace(self.run({"monitor": self.RULES["monitor"]}, firewallSku="Basic"))["managedNetwork"]

        assert with_host["firewallSku"] == "Basic"
        assert "firewallSku" not in without
        assert "outboundRules" not in with_host

    def test_a_rule_more_touches_neither_the_workspace_nor_other_rules(self) -> None:
        few = {name: self.RULES[name] for name in ("lake", "pypi")}

        assert changed(self.run(few), self.run({**few, "zzz": self.RULES["monitor"]})) == {"outbound-zzz"}

    def test_azures_own_identity_approves_too(self) -> None:
        run = stack(
            workspace={"identity": "system-assigned"},
            managedNetwork={"isolation": "AllowInternetOutbound"},
            outboundRules={"lake": self.RULES["lake"]},
            **BY_ROLES,
        )

        assert roles_on(run, self.BLOB.lower()) == {(WORKSPACE_PRINCIPAL, "b556d68e")}


class TestEncryption:
    """The customer's key: where it is, who may use it, and that it is there before the workspace."""

    COSMOS = "9e9d9c9b-1111-4222-8333-444455556666"
    KEY = f"https://kv-keys.vault.azure.net/keys/ml/{'a' * 32}"
    VAULT = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/keys/providers/Microsoft.KeyVault/vaults/kv-keys"

    def test_a_key_of_the_stacks_own_is_made_before_the_workspace_and_outlives_it(self) -> None:
        run = stack(encryption={"key": "own-vault", "cosmosDbObjectId": self.COSMOS})
        key, said = run.one("keyvault:Key"), run.one(WORKSPACE)

        assert key.inputs["properties"] == {"kty": "RSA", "keySize": 3072, "keyOps": ["wrapKey", "unwrapKey"]}
        assert said.inputs["encryption"]["status"] == "Enabled"
        assert said.inputs["encryption"]["keyVaultProperties"]["keyIdentifier"].endswith("0" * 32)
        assert (
            said.inputs["encryption"]["identity"]["userAssignedIdentity"] == said.inputs["primaryUserAssignedIdentity"]
        )
        assert key.urn in said.depends_on

    def test_whoever_keeps_the_metadata_may_wrap_and_unwrap_and_nothing_else(self) -> None:
        run = stack(encryption={"key": "own-vault", "cosmosDbObjectId": self.COSMOS})
        policies = {
            one["objectId"]: one["permissions"]
            for one in run.one("keyvault:Vault").inputs["properties"]["accessPolicies"]
        }

        assert policies[self.COSMOS] == {"keys": ["get", "unwrapKey", "wrapKey"], "secrets": [], "certificates": []}

    def test_in_a_vault_by_roles_it_is_a_role(self) -> None:
        run = stack(encryption={"key": "own-vault", "cosmosDbObjectId": self.COSMOS}, **BY_ROLES)

        assert (self.COSMOS, "e147488a") in roles_on(run, "keyvault:Vault")

    def test_a_given_key_is_used_as_it_is_and_no_key_is_made(self) -> None:
        run = stack(encryption={"key": "given", "keyId": self.KEY, "keyVaultId": self.VAULT})

        assert run.all("keyvault:Key") == []
        assert workspace(run)["encryption"]["keyVaultProperties"] == {
            "keyIdentifier": self.KEY,
            "keyVaultArmId": self.VAULT,
        }
        assert roles_on(run, self.VAULT) == {(IDENTITY_PRINCIPAL, "e147488a")}
        rights = [one.urn for one in run.all("authorization:RoleAssignment") if self.VAULT in str(one.inputs)]
        assert set(rights) <= run.one(WORKSPACE).depends_on
