"""Public, allow-listed or private: what each service is told, and what a private stack has beside."""

from functools import cache
from typing import Any

import pytest

from infra.cost.meter import Charge
from infra.cost.meters import meters_of
from infra.cost.plan import PlannedResource
from infra.errors import SettingsError
from infra.settings import settings_from
from naming import rule_for
from tests.infra.changes import changed
from tests.infra.configurations import WITH_A_NETWORK, configuration
from tests.infra.program import DEPLOYER, SUBSCRIPTION, Run, created

OFFICE = ["203.0.113.7", "198.51.100.0/24"]
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-hub"
SUBNET = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/vnet-hub/subnets/snet-endpoints"
NODES = SUBNET.replace("snet-endpoints", "snet-nodes")
PRIVATE = {"access": "private"}
LISTED = {"access": "allow-listed", "allowedAddresses": OFFICE}


def stack(name: str = "dev", **ours: Any) -> Run:
    return created(name, configuration(**{**WITH_A_NETWORK, **ours}))


@cache
def private() -> Run:
    return stack(network=PRIVATE)


def access(run: Run) -> dict[str, Any]:
    """What each service was told about the internet: reached at all, others than those listed, those listed."""
    vault = run.one("keyvault:Vault").inputs["properties"]
    account = run.one("storage:StorageAccount").inputs
    registry = run.one("containerregistry:Registry").inputs
    rules = {
        "storage": (account["publicNetworkAccess"], account["networkRuleSet"]),
        "vault": (vault["publicNetworkAccess"], vault["networkAcls"]),
        "registry": (registry["publicNetworkAccess"], registry.get("networkRuleSet", {})),
    }
    return {
        name: (public, rule.get("defaultAction"), [one.get("iPAddressOrRange", one.get("value")) for one in listed])
        for name, (public, rule) in rules.items()
        for listed in [rule.get("ipRules", [])]
    }


def monitoring(run: Run) -> set[str]:
    return {
        one.inputs[key]
        for one in [*run.all("operationalinsights:Workspace"), *run.all("applicationinsights:Component")]
        for key in ("publicNetworkAccessForIngestion", "publicNetworkAccessForQuery")
    }


@pytest.mark.parametrize("name", ["dev", "qa", "prod"])
def test_unless_a_stack_says_otherwise_its_services_are_public_and_it_has_no_network(name: str) -> None:
    run = created(name, configuration())

    assert {public for public, _, _ in access(run).values()} | monitoring(run) == {"Enabled"}
    assert run.one("machinelearningservices:Workspace").inputs["publicNetworkAccess"] == "Enabled"
    assert [one for one in run.azure if "network:" in one.type or "privatedns:" in one.type] == []


def test_allow_listed_services_refuse_everybody_else_but_azures_own() -> None:
    run = stack(network=LISTED)

    assert access(run) == dict.fromkeys(("storage", "vault", "registry"), ("Enabled", "Deny", OFFICE))
    assert run.one("storage:StorageAccount").inputs["networkRuleSet"]["bypass"] == "AzureServices"
    assert run.one("keyvault:Vault").inputs["properties"]["networkAcls"]["bypass"] == "AzureServices"
    assert run.one("containerregistry:Registry").inputs["networkRuleBypassOptions"] == "AzureServices"
    assert run.all("network:PrivateEndpoint") == []


def test_that_listed_addresses_leave_the_workspace_open_is_said() -> None:
    said = "the workspace itself stays reachable from everywhere"

    assert [said in warning for warning in stack(network=LISTED).warnings] == [True]
    assert not any(said in warning for warning in [*private().warnings, *stack().warnings])


def test_the_network_of_a_private_stack_logs_about_itself_too() -> None:
    logged = {one.name: one.inputs for one in stack("prod", network=PRIVATE).all("monitor:DiagnosticSetting")}
    audited = {one.name for one in private().all("monitor:DiagnosticSetting")}

    assert "network:VirtualNetwork" in logged["diagnostics-network"]["resourceUri"]
    assert "network:NetworkSecurityGroup" in logged["diagnostics-network-rules"]["resourceUri"]
    # Who changed a network is in the activity log; only the rules have events of their own.
    assert "diagnostics-network-rules" in audited
    assert "diagnostics-network" not in audited


def test_private_services_are_not_on_the_internet_at_all() -> None:
    run = private()

    assert access(run) == dict.fromkeys(("storage", "vault", "registry"), ("Disabled", "Deny", []))
    assert run.one("machinelearningservices:Workspace").inputs["publicNetworkAccess"] == "Disabled"
    assert monitoring(run) == {"Disabled"}


def test_a_private_stack_has_an_endpoint_for_each_service() -> None:
    found = {}
    for one in private().all("network:PrivateEndpoint"):
        (connection,) = one.inputs["privateLinkServiceConnections"]
        (group,) = connection["groupIds"]
        found[group] = connection["privateLinkServiceId"].split("/")[3]
        assert "network:Subnet" in one.inputs["subnet"]["id"]

    assert found == {
        "amlworkspace": "azure-native:machinelearningservices:Workspace",
        "blob": "azure-native:storage:StorageAccount",
        "file": "azure-native:storage:StorageAccount",
        "vault": "azure-native:keyvault:Vault",
        "registry": "azure-native:containerregistry:Registry",
        "azuremonitor": "azure-native:monitor:PrivateLinkScope",
    }


def test_each_endpoint_has_its_records_in_zones_that_are_linked_to_the_network() -> None:
    run = private()
    zones = {one.inputs["privateZoneName"] for one in run.all("privatedns:PrivateZone")}
    links = {one.inputs["privateZoneName"] for one in run.all("privatedns:VirtualNetworkLink")}
    groups = run.all("network:PrivateDnsZoneGroup")

    assert {"privatelink.api.azureml.ms", "privatelink.notebooks.azure.net", "privatelink.azurecr.io"} < zones
    assert {"privatelink.vaultcore.azure.net", "privatelink.file.core.windows.net"} < zones
    assert len(run.all("privatedns:PrivateZone")) == len(zones), "blob storage and Azure Monitor share one"
    assert links == zones
    assert {one.inputs["location"] for one in run.all("privatedns:PrivateZone")} == {"global"}
    assert not any(one.inputs["registrationEnabled"] for one in run.all("privatedns:VirtualNetworkLink"))
    assert len(groups) == len(run.all("network:PrivateEndpoint"))
    used = {
        config["privateDnsZoneId"].rpartition("/")[2]
        for one in groups
        for config in one.inputs["privateDnsZoneConfigs"]
    }
    assert used == zones


def test_monitoring_is_in_one_scope_that_its_network_cannot_leave() -> None:
    run = private()
    scope = run.one("monitor:PrivateLinkScope").inputs
    held = {one.inputs["linkedResourceId"].split("/")[3] for one in run.all("monitor:PrivateLinkScopedResource")}
    (endpoint,) = [one for one in run.all("network:PrivateEndpoint") if one.name.endswith("-monitor")]

    assert scope["accessModeSettings"] == {"ingestionAccessMode": "PrivateOnly", "queryAccessMode": "PrivateOnly"}
    assert held == {
        "azure-native:operationalinsights:Workspace",
        "azure-native:applicationinsights:Component",
    }
    assert {one.urn for one in run.all("monitor:PrivateLinkScopedResource")} <= endpoint.depends_on


def test_the_subnet_takes_calls_from_the_network_only_and_opens_none() -> None:
    run = private()
    subnet = run.one("network:Subnet").inputs
    allow, deny = run.one("network:NetworkSecurityGroup").inputs["securityRules"]

    assert (subnet["addressPrefix"], subnet["defaultOutboundAccess"]) == ("10.64.0.0/24", False)
    assert subnet["privateEndpointNetworkPolicies"] == "NetworkSecurityGroupEnabled"
    assert "NetworkSecurityGroup" in subnet["networkSecurityGroup"]["id"]
    assert (allow["access"], allow["sourceAddressPrefix"], allow["destinationPortRanges"]) == (
        "Allow", "VirtualNetwork", ["443", "445"],
    )  # fmt: skip
    assert (deny["access"], deny["sourceAddressPrefix"], deny["destinationPortRange"]) == ("Deny", "*", "*")
    assert allow["priority"] < deny["priority"]


@pytest.mark.parametrize("ours", [{}, {"instance": "01"}, {"workload": "averyveryverylongworkloadindeed" * 3}])
def test_names_are_the_conventions_and_distinct(ours: dict[str, str]) -> None:
    run = stack(network=PRIVATE, **ours)
    endpoints = run.all("network:PrivateEndpoint")
    named = {
        "Microsoft.Network/privateEndpoints": [one.inputs["privateEndpointName"] for one in endpoints],
        "Microsoft.Network/networkInterfaces": [one.inputs["customNetworkInterfaceName"] for one in endpoints],
        "Microsoft.Network/virtualNetworks": [run.one("network:VirtualNetwork").inputs["virtualNetworkName"]],
        "Microsoft.Network/virtualNetworks/subnets": [run.one("network:Subnet").inputs["subnetName"]],
        "Microsoft.Network/networkSecurityGroups": [
            run.one("network:NetworkSecurityGroup").inputs["networkSecurityGroupName"]
        ],
    }

    for type_, names in named.items():
        rule = rule_for(type_)
        assert len({name.lower() for name in names}) == len(names)
        assert not any(rule.violations(name) for name in names)
        assert all(name.startswith(f"{rule.abbreviation}-") for name in names)


def test_a_given_subnet_is_used_and_no_network_made() -> None:
    run = stack(network={**PRIVATE, "subnetId": SUBNET})

    assert run.all("network:VirtualNetwork") + run.all("network:Subnet") == []
    assert {one.inputs["subnet"]["id"] for one in run.all("network:PrivateEndpoint")} == {SUBNET}
    assert {one.inputs["virtualNetwork"]["id"] for one in run.all("privatedns:VirtualNetworkLink")} == {
        SUBNET.rpartition("/subnets/")[0]
    }
    modes = run.one("monitor:PrivateLinkScope").inputs["accessModeSettings"]
    assert set(modes.values()) == {"Open"}, "others' monitoring goes through the same network"


def test_a_data_account_with_directories_has_endpoints_for_blobs_and_directories() -> None:
    run = stack(network=PRIVATE, dataStorage={"hierarchicalNamespace": True})
    groups = {
        one.name.removeprefix("network-endpoint-"): one.inputs["privateLinkServiceConnections"][0]["groupIds"]
        for one in run.all("network:PrivateEndpoint")
    }
    zones = {one.inputs["privateZoneName"] for one in run.all("privatedns:PrivateZone")}

    assert (groups["datablob"], groups["datadfs"]) == (["blob"], ["dfs"])
    assert "privatelink.dfs.core.windows.net" in zones
    assert {one.inputs["publicNetworkAccess"] for one in run.all("storage:StorageAccount")} == {"Disabled"}


def test_given_zones_are_used_and_none_made() -> None:
    run = stack(network={**PRIVATE, "subnetId": SUBNET, "dnsZonesGroupId": GROUP})
    used = {
        config["privateDnsZoneId"]
        for one in run.all("network:PrivateDnsZoneGroup")
        for config in one.inputs["privateDnsZoneConfigs"]
    }

    assert run.all("privatedns:PrivateZone") + run.all("privatedns:VirtualNetworkLink") == []
    assert f"{GROUP}/providers/Microsoft.Network/privateDnsZones/privatelink.api.azureml.ms" in used


def test_in_prod_locks_come_after_the_endpoints_and_so_go_before_them() -> None:
    run = stack("prod", network=PRIVATE)
    endpoints = {one.urn for one in run.all("network:PrivateEndpoint")}

    assert len(endpoints) == 6
    assert all(endpoints <= one.depends_on for one in run.all("authorization:ManagementLockByScope"))


def test_another_address_space_touches_the_network_only() -> None:
    touched = changed(private(), stack(network={**PRIVATE, "addressSpace": "10.7.0.0/24"}))

    assert touched == {"network", "network-endpoints"}


@pytest.mark.parametrize(
    ("network", "said"),
    [
        ({"access": "privat"}, "mlws:network.access"),
        ({"access": "allow-listed"}, "lets nobody in without allowedAddresses"),
        ({"allowedAddresses": OFFICE}, "allowedAddresses needs access 'allow-listed', not 'public'"),
        ({**PRIVATE, "allowedAddresses": OFFICE}, "allowedAddresses needs access 'allow-listed', not 'private'"),
        ({"addressSpace": "10.0.0.0/24"}, "addressSpace needs access 'private', not 'public'"),
        ({"subnetId": SUBNET}, "subnetId needs access 'private'"),
        ({"dnsZonesGroupId": GROUP}, "dnsZonesGroupId needs access 'private'"),
        ({**PRIVATE, "subnetId": SUBNET, "addressSpace": "10.0.0.0/24"}, "leave one of them out"),
        ({**PRIVATE, "subnetId": "snet"}, "'snet' is not the resource id of a subnet"),
        ({**PRIVATE, "dnsZonesGroupId": "rg-hub"}, "'rg-hub' is not the resource id of a resource group"),
        ({**PRIVATE, "addressSpace": "8.8.8.0/24"}, "'8.8.8.0/24' is no range of private addresses"),
        ({**PRIVATE, "addressSpace": "10.0.0.0/28"}, "must be /8 to /26"),
        ({**PRIVATE, "addressSpace": "172.17.0.0/24"}, "which Docker uses"),
        ({**PRIVATE, "addressSpace": "10.0.0.9/24"}, "begins within its range; write 10.0.0.0/24"),
        ({**LISTED, "allowedAddresses": ["office"]}, "'office' is no IPv4 address"),
        ({**LISTED, "allowedAddresses": ["2001:db8::1"]}, "'2001:db8::1' is no IPv4 address"),
        ({**LISTED, "allowedAddresses": ["10.1.2.3"]}, "'10.1.2.3' is no public address"),
        ({**LISTED, "allowedAddresses": ["0.0.0.0/0"]}, "is no public address"),
        ({**LISTED, "allowedAddresses": ["203.0.113.6/31"]}, "write its addresses singly: 203.0.113.6, 203.0.113.7"),
        ({**LISTED, "allowedAddresses": ["203.0.113.7", "203.0.113.0/24"]}, "which overlap; give each once"),
    ],
)
def test_what_cannot_be_is_one_sentence(network: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        settings_from(configuration(**WITH_A_NETWORK, network=network), "dev")

    assert said in str(caught.value)
    assert str(caught.value).startswith("Pulumi.dev.yaml: mlws:network")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("network", [PRIVATE, LISTED])
@pytest.mark.parametrize(
    ("ours", "said"),
    [
        ({"containerRegistry": {"sku": "Basic"}}, "set mlws:containerRegistry.sku to Premium (it is Basic)"),
        ({"managedNetwork": {}}, "shuts out the nodes of mlws:computeCluster"),
        (
            {
                "managedNetwork": {},
                "computeCluster": {"subnetId": NODES},
                "computeInstances": {"ann": {"owner": DEPLOYER}},
            },
            "or mlws:computeInstances.ann.subnetId",
        ),
        ({"managedNetwork": {}, "workspace": {"kind": "Hub"}}, "shuts out the nodes of mlws:serverlessCompute"),
    ],
)
def test_who_would_be_shut_out_is_told(network: dict[str, Any], ours: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        settings_from(configuration(**{**WITH_A_NETWORK, **ours}, network=network), "dev")

    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_computes_may_be_in_a_subnet_instead_of_a_managed_network() -> None:
    run = stack(network=PRIVATE, managedNetwork={}, computeCluster={"subnetId": NODES})

    assert run.one("machinelearningservices:Compute").inputs["properties"]["properties"]["subnet"] == {"id": NODES}


def test_what_a_private_stack_has_beside_is_known_to_the_cost_and_its_endpoints_have_a_price() -> None:
    known = {
        one.name: meters_of(PlannedResource(one.type, one.name, "westeurope", one.inputs)) for one in private().azure
    }
    fixed = [name for name, meters in known.items() for meter in meters or () if meter.charge is Charge.FIXED]

    assert [name for name, meters in known.items() if meters is None] == []
    assert len([name for name in fixed if name.startswith("network-endpoint-")]) == 6
    assert len([name for name in fixed if name.startswith("network-dns-")]) == 10
