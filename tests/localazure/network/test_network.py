"""Networks, endpoints and zones as clients meet them: what refers to nothing, what is in use, what belongs together."""

import uuid
from collections.abc import Mapping
from typing import Any

import pytest

from tests.localazure.arm_client import ArmClient

pytestmark = pytest.mark.xdist_group("azure")

NETWORK = "Microsoft.Network"
HERE = {"location": "westeurope"}
GLOBAL = {"location": "global", "properties": {}}
SPACE = {"addressSpace": {"addressPrefixes": ["10.0.0.0/24"]}}


@pytest.fixture
def network(arm: ArmClient, group: str) -> str:
    path = f"{group}/providers/{NETWORK}/virtualNetworks/vnet-a"
    arm.put(path, {**HERE, "properties": SPACE})
    return path


@pytest.fixture
def subnet(arm: ArmClient, network: str) -> str:
    path = f"{network}/subnets/snet-a"
    arm.put(path, {"properties": {"addressPrefix": "10.0.0.0/25"}})
    return path


@pytest.fixture
def registry(arm: ArmClient, group: str) -> str:
    path = f"{group}/providers/Microsoft.ContainerRegistry/registries/cr{uuid.uuid4().hex[:10]}"
    arm.put(path, {**HERE, "sku": {"name": "Premium"}})
    return path


def endpoint(subnet: str, target: str, *groups: str, **properties: Any) -> dict[str, Any]:
    connection = {"name": "c", "properties": {"privateLinkServiceId": target, "groupIds": list(groups)}}
    return {
        **HERE,
        "properties": {"subnet": {"id": subnet}, "privateLinkServiceConnections": [connection], **properties},
    }


def code_of(arm: ArmClient, method: str, path: str, body: Mapping[str, Any] | None = None) -> tuple[int, str]:
    answer = arm.call(method, path, body)
    return answer.status_code, answer.json()["error"]["code"]


def test_an_endpoint_is_approved_and_comes_and_goes_with_its_network_interface(
    arm: ArmClient, group: str, subnet: str, registry: str
) -> None:
    path = f"{group}/providers/{NETWORK}/privateEndpoints/pep-a"
    made = arm.put(path, endpoint(subnet, registry, "registry", customNetworkInterfaceName="nic-a"))
    again = arm.put(path, endpoint(subnet, registry, "registry", customNetworkInterfaceName="nic-a"))
    interface = made["properties"]["networkInterfaces"][0]["id"]
    connection = made["properties"]["privateLinkServiceConnections"][0]["properties"]

    assert interface.endswith("/networkInterfaces/nic-a")
    assert connection["privateLinkServiceConnectionState"]["status"] == "Approved"
    assert again["properties"]["networkInterfaces"] == made["properties"]["networkInterfaces"]
    assert code_of(arm, "DELETE", interface) == (400, "NetworkInterfaceInUseWithPrivateEndpoint")
    assert arm.call("DELETE", path).status_code == 200
    assert arm.call("GET", interface).status_code == 404


def test_an_endpoint_to_what_is_not_there_or_takes_none_is_refused(
    arm: ArmClient, group: str, subnet: str, registry: str
) -> None:
    path = f"{group}/providers/{NETWORK}/privateEndpoints/pep-a"
    refused = {
        "InvalidResourceReference": endpoint(f"{subnet}b", registry, "registry"),
        "PrivateLinkServiceInvalidGroupIds": endpoint(subnet, registry, "blob"),
        "PrivateEndpointMustHaveOneConnection": {**HERE, "properties": {"subnet": {"id": subnet}}},
    }

    for code, body in refused.items():
        assert code_of(arm, "PUT", path, body) == (400, code)
    assert code_of(arm, "PUT", path, endpoint(subnet, f"{registry}b", "registry"))[1] == "InvalidResourceReference"


def test_a_registry_that_is_not_premium_cannot_be_closed(arm: ArmClient, group: str, subnet: str) -> None:
    path = f"{group}/providers/Microsoft.ContainerRegistry/registries/cr{uuid.uuid4().hex[:10]}"
    basic = {**HERE, "sku": {"name": "Basic"}}

    assert code_of(arm, "PUT", path, {**basic, "properties": {"publicNetworkAccess": "Disabled"}})[0] == 400
    assert code_of(arm, "PUT", path, {**basic, "properties": {"networkRuleSet": {"defaultAction": "Deny"}}})[0] == 400
    arm.put(path, basic)
    pep = f"{group}/providers/{NETWORK}/privateEndpoints/pep-a"
    assert code_of(arm, "PUT", pep, endpoint(subnet, path, "registry")) == (400, "PrivateEndpointNotSupported")


def test_what_is_in_use_stays_until_its_user_has_gone_and_a_group_takes_all_along(
    arm: ArmClient, group: str, network: str, registry: str
) -> None:
    rules = f"{group}/providers/{NETWORK}/networkSecurityGroups/nsg-a"
    arm.put(rules, HERE)
    subnet = f"{network}/subnets/snet-a"
    inside = {"addressPrefix": "10.0.0.0/25", "networkSecurityGroup": {"id": rules}}
    arm.put(subnet, {"properties": inside})
    arm.put(f"{group}/providers/{NETWORK}/privateEndpoints/pep-a", endpoint(subnet, registry, "registry"))

    moved = {"properties": {**inside, "addressPrefix": "10.0.0.128/25"}}
    assert code_of(arm, "PUT", subnet, moved) == (400, "InUseSubnetCannotBeDeleted")
    assert code_of(arm, "DELETE", subnet) == (400, "InUseSubnetCannotBeDeleted")
    assert code_of(arm, "DELETE", network) == (400, "InUseSubnetCannotBeDeleted")
    assert code_of(arm, "DELETE", rules) == (400, "InUseNetworkSecurityGroupCannotBeDeleted")
    assert arm.call("DELETE", group).ok


def test_subnets_lie_inside_their_network_and_beside_each_other(arm: ArmClient, network: str, subnet: str) -> None:
    def put(prefix: str) -> tuple[int, str]:
        return code_of(arm, "PUT", f"{network}/subnets/snet-b", {"properties": {"addressPrefix": prefix}})

    assert put("10.1.0.0/25") == (400, "NetcfgSubnetRangeOutsideVnet")
    assert put("10.0.0.64/26") == (400, "NetcfgSubnetRangesOverlap")
    smaller = {**HERE, "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/26"]}}}
    assert code_of(arm, "PUT", network, smaller) == (400, "NetcfgSubnetRangeOutsideVnet")
    arm.put(f"{network}/subnets/snet-b", {"properties": {"addressPrefix": "10.0.0.128/25"}})


def test_a_zone_is_of_no_region_goes_after_its_links_and_is_the_networks_only_one_of_its_name(
    arm: ArmClient, group: str, network: str
) -> None:
    name = "privatelink.blob.core.windows.net"
    zone = f"{group}/providers/{NETWORK}/privateDnsZones/{name}"
    second = f"{arm.group(f'rg-{uuid.uuid4().hex[:8]}')}/providers/{NETWORK}/privateDnsZones/{name}"
    link = {"location": "global", "properties": {"virtualNetwork": {"id": network}, "registrationEnabled": False}}

    assert code_of(arm, "PUT", zone, HERE) == (400, "LocationNotAvailableForResourceType")
    for one in (zone, second):
        arm.put(one, GLOBAL)
    arm.put(f"{zone}/virtualNetworkLinks/a", link)
    assert code_of(arm, "PUT", f"{second}/virtualNetworkLinks/a", link) == (400, "BadRequest")
    assert code_of(arm, "DELETE", zone) == (409, "CannotDeleteResource")
    assert arm.call("DELETE", f"{zone}/virtualNetworkLinks/a").ok
    assert arm.call("DELETE", zone).ok


def test_records_go_to_zones_that_are_there(arm: ArmClient, group: str, subnet: str, registry: str) -> None:
    path = f"{group}/providers/{NETWORK}/privateEndpoints/pep-a"
    arm.put(path, endpoint(subnet, registry, "registry"))
    zone = f"{group}/providers/{NETWORK}/privateDnsZones/privatelink.azurecr.io"
    body = {"properties": {"privateDnsZoneConfigs": [{"name": "z", "properties": {"privateDnsZoneId": zone}}]}}

    assert code_of(arm, "PUT", f"{path}/privateDnsZoneGroups/default", body) == (400, "InvalidResourceReference")
    arm.put(zone, GLOBAL)
    arm.put(f"{path}/privateDnsZoneGroups/default", body)


def test_a_scope_of_azure_monitor_goes_after_its_members(arm: ArmClient, group: str) -> None:
    scope = f"{group}/providers/Microsoft.Insights/privateLinkScopes/log-a"
    logs = f"{group}/providers/Microsoft.OperationalInsights/workspaces/log-aaaa"
    modes = {"ingestionAccessMode": "PrivateOnly", "queryAccessMode": "PrivateOnly"}
    arm.put(scope, {"location": "global", "properties": {"accessModeSettings": modes}})
    member = {"properties": {"linkedResourceId": logs}}

    assert code_of(arm, "PUT", f"{scope}/scopedResources/logs", member) == (400, "InvalidResourceReference")
    arm.put(logs, HERE)
    arm.put(f"{scope}/scopedResources/logs", member)
    assert code_of(arm, "DELETE", scope) == (409, "CannotDeleteResource")
    assert arm.call("DELETE", f"{scope}/scopedResources/logs").ok
    assert arm.call("DELETE", scope).ok
