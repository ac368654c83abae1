"""What Azure refuses about a workspace is a sentence before anything is made."""

from typing import Any

import pytest

from infra.errors import SettingsError
from infra.settings import settings_from
from tests.infra.configurations import configuration
from tests.infra.program import HUB_ID, SUBSCRIPTION

APPROVED = {"managedNetwork": {"isolation": "AllowOnlyApprovedOutbound"}}
OPEN = {"managedNetwork": {"isolation": "AllowInternetOutbound"}}
PRIVATE = {**OPEN, "network": {"access": "private"}, "containerRegistry": {"sku": "Premium"}}
LISTED = {**PRIVATE, "network": {"access": "allow-listed", "allowedAddresses": ["203.0.113.7"]}}
HOST = {"type": "FQDN", "host": "contoso.com"}
SUBNET = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/n/providers/Microsoft.Network/virtualNetworks/v/subnets/s"
VAULT = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/k/providers/Microsoft.KeyVault/vaults/kv-keys"
LAKE = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/l/providers/Microsoft.Storage/storageAccounts/lake"
KEY = f"https://kv-keys.vault.azure.net/keys/ml/{'a' * 32}"
OTHER = "11111111-2222-4333-8444-555555555555"


def rule(**ours: Any) -> dict[str, Any]:
    return {**APPROVED, "outboundRules": {"one": ours}}


def project(**ours: Any) -> dict[str, Any]:
    return {"workspace": {"kind": "Project", "hubStack": "hub"}, **ours}


@pytest.mark.parametrize(
    ("ours", "said"),
    [
        ({"workspace": {"kind": "Proect"}}, "write Default, Hub, Project or FeatureStore (did you mean 'Project'?)"),
        ({"workspace": {"kind": "Project"}}, "mlws:workspace: kind 'Project' needs hubId or hubStack"),
        (
            {"workspace": {"kind": "Project", "hubStack": "hub", "hubId": HUB_ID}},
            "mlws:workspace: kind 'Project' needs only one of hubId and hubStack",
        ),
        ({"workspace": {"hubStack": "hub"}}, "hubStack is for kind 'Project', not 'Default'"),
        ({"workspace": {"kind": "Project", "hubId": "hub-a"}}, "mlws:workspace.hubId: 'hub-a' is not the id of"),
        (
            project(storage={"redundancy": "LRS"}),
            "mlws:storage: a workspace of kind 'Project' takes the storage account",
        ),
        (project(keyVault={}), "mlws:keyVault: a workspace of kind 'Project' takes the Key Vault of its hub"),
        (
            project(containerRegistry={}),
            "takes the container registry of its hub; leave it out, or state it in the stack",
        ),
        (project(network={"access": "private"}), "takes the network of its hub"),
        (project(encryption={"key": "microsoft"}), "takes the key of its hub"),
        ({"workspace": {"kind": "Hub"}, "computeCluster": {"maxNodes": 1}}, "a workspace of kind 'Hub' has no compute"),
        ({"workspace": {"kind": "Hub", "imageBuilds": "cluster"}}, "a 'Hub' has no compute cluster"),
        (
            {"workspace": {"kind": "Project", "hubId": HUB_ID, "identity": "user-assigned"}},
            "identity 'user-assigned' is not for kind 'Project'",
        ),
        (
            {"workspace": {"kind": "FeatureStore", "identity": "system-assigned"}},
            "identity 'system-assigned' is not for kind 'FeatureStore'",
        ),
        ({"workspace": {"identity": "system-assigned"}}, "'system-assigned' needs mlws:keyVault.access 'roles'"),
        ({"workspace": {"kind": "FeatureStore"}}, "mlws:featureStore.offlineStore is missing; write the id of"),
        (
            {
                "featureStore": {
                    "onlineStore": f"/subscriptions/{OTHER}/resourceGroups/r/providers/Microsoft.Cache/redis/a"
                }
            },
            "mlws:featureStore: is for kind 'FeatureStore', not 'Default'",
        ),
        ({"outboundRules": {"one": HOST}}, "mlws:outboundRules.one: there is no managed network to go out of"),
        ({**OPEN, "outboundRules": {"one": HOST}}, "mlws:outboundRules.one.type: 'FQDN' is for isolation 'AllowOnly"),
        (rule(type="FQDN"), "mlws:outboundRules.one: a rule of type 'FQDN' needs host; write it beside type"),
        (rule(**HOST, ports="443"), "ports is for a rule of type 'ServiceTag', not 'FQDN'"),
        (
            rule(type="FQDN", host="https://contoso.com"),
            "is not a host name; write it as in contoso.com or *.contoso.com",
        ),
        (rule(type="FQDN", host="lake.blob.core.windows.net"), "takes a rule of type 'PrivateEndpoint'"),
        (rule(type="FQND", host="contoso.com"), "(did you mean 'FQDN'?)"),
        (rule(type="PrivateEndpoint", resourceId="lake", subresource="blob"), "is not the id of an Azure resource"),
        (rule(type="ServiceTag", serviceTag="AzureMonitor", ports="443-80"), "ports '443-80' are no ports"),
        (rule(type="ServiceTag", serviceTag="AzureMonitor", ports="70000"), "ports '70000' are no ports"),
        (
            rule(type="ServiceTag", serviceTag="Storge", ports="443"),
            "mlws:outboundRules.one.serviceTag: 'Storge' is not among the service tags that are known here; did you",
        ),
        (
            rule(type="ServiceTag", serviceTag="Storage.WestEurop", ports="443"),
            "'Storage.WestEurop' ends in no region of Azure; did you mean 'Storage.westeurope'?",
        ),
        (rule(type="ServiceTag", serviceTag="AzureMonitor.WestEurope", ports="443"), "did you mean 'AzureMonitor'?"),
        (rule(type="PrivateEndpoint", resourceId=VAULT, subresource="vaults"), "(did you mean 'vault'?)"),
        (
            rule(type="PrivateEndpoint", resourceId=LAKE, subresource="blobb"),
            "mlws:outboundRules.one.subresource: a resource of type Microsoft.Storage/storageAccounts has no 'blobb'",
        ),
        (
            {**APPROVED, "outboundRules": {"a": HOST}},
            "mlws:outboundRules: the name 'a' is not possible; write another, for the",
        ),
        ({"managedNetwork": {"provisionNow": True}}, "provisionNow needs an isolation other than 'Disabled'"),
        ({"serverlessCompute": {"publicIp": False}}, "publicIp 'false' is about nodes in a subnet of yours"),
        (
            {**OPEN, "serverlessCompute": {"subnetId": SUBNET}},
            "computes of a workspace with a managed network are in that",
        ),
        (
            {"workspace": {"kind": "Hub"}, "serverlessCompute": {"subnetId": SUBNET}},
            "a hub and its projects take no network of yours",
        ),
        ({"encryption": {"key": "own-vault"}}, "mlws:encryption: cosmosDbObjectId is missing"),
        ({"encryption": {"key": "given", "keyId": KEY}}, "key 'given' needs keyVaultId"),
        ({"encryption": {"keyId": KEY}}, "keyId is for key 'given', not 'microsoft'"),
        ({"encryption": {"serviceSide": True}}, "serviceSide needs a key of yours"),
        (
            {"encryption": {"key": "given", "keyId": KEY.replace("kv-keys", "kv-other"), "keyVaultId": VAULT}},
            "keyId is a key of the vault 'kv-other', but keyVaultId names 'kv-keys'",
        ),
        ({"encryption": {"key": "given", "keyId": "ml", "keyVaultId": VAULT}}, "mlws:encryption.keyId: 'ml'"),
        (
            {**PRIVATE, "workspace": {"imageBuilds": "registry"}},
            "with mlws:network.access 'private' the registry refuses its own builders too",
        ),
        (
            {**LISTED, "workspace": {"imageBuilds": "registry"}},
            "with mlws:network.access 'allow-listed' the registry refuses its own builders too",
        ),
        (
            {**PRIVATE, "encryption": {"key": "own-vault", "serviceSide": True}},
            "closes the vault; leave it out, or name",
        ),
        (
            {"encryption": {"key": "own-vault", "serviceSide": True}, "keyVault": {"purgeProtection": False}},
            "mlws:keyVault.purgeProtection: 'false' would let somebody purge the key",
        ),
    ],
)
def test_what_does_not_fit_is_one_sentence_that_names_the_key(ours: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        settings_from(configuration(**ours), "dev")

    assert said in str(caught.value)
    assert str(caught.value).startswith("Pulumi.dev.yaml: ")
    assert "\n" not in str(caught.value)


def test_a_key_in_another_subscription_is_refused() -> None:
    config = configuration(encryption={"key": "given", "keyId": KEY, "keyVaultId": VAULT})
    with pytest.raises(SettingsError, match="must be in that of the workspace"):
        settings_from(config | {"azure-native:subscriptionId": OTHER}, "dev")


@pytest.mark.parametrize(
    ("ours", "identity"),
    [({}, "user-assigned"), ({"workspace": {"kind": "Hub"}}, "user-assigned"), (project(), "system-assigned")],
)
def test_an_identity_that_is_not_stated_is_the_one_that_fits(ours: dict[str, Any], identity: str) -> None:
    assert settings_from(configuration(**ours), "dev").workspace.acts_as == identity


@pytest.mark.parametrize(
    "tag", ["Storage", "storage.westeurope", "Storage.WestEurope", "AzureFrontDoor.FirstParty", "AzureCloud.germanywc"]
)
def test_service_tags_are_taken_in_any_case_and_with_a_region_where_azure_has_it(tag: str) -> None:
    settings_from(configuration(**rule(type="ServiceTag", serviceTag=tag, ports="443")), "dev")


def test_a_service_tag_that_is_newer_than_the_table_is_taken_where_it_is_listed() -> None:
    new = rule(type="ServiceTag", serviceTag="AzureNews", ports="443")
    settings_from(configuration(**new, unlistedServiceTags=["azurenews"]), "dev")


@pytest.mark.parametrize("ports", ["443", "80,443", "8000-8080", "*", "22,8000-8080"])
def test_ports_are_numbers_and_ranges_that_rise(ports: str) -> None:
    settings = settings_from(configuration(**rule(type="ServiceTag", serviceTag="Sql", ports=ports)), "dev")

    assert settings.outbound_rules["one"].ports == ports
