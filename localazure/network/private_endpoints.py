"""Private endpoints: which services take one, by what group id; the network interface that comes with each."""

import uuid
from typing import ClassVar

from localazure.arm.errors import ArmError
from localazure.arm.ids import ResourcePath
from localazure.arm.models import ResourceManager
from localazure.arm.resource_type import ResourceType
from localazure.arm.store import Json, Resource
from localazure.network.references import referred

NETWORK_INTERFACE = "Microsoft.Network/networkInterfaces"
# Source: https://learn.microsoft.com/azure/private-link/private-endpoint-overview#private-link-resource
GROUPS = {
    "microsoft.machinelearningservices/workspaces": ("amlworkspace",),
    "microsoft.machinelearningservices/registries": ("amlregistry",),
    "microsoft.storage/storageaccounts": tuple(
        part + which for part in ("blob", "dfs", "file", "queue", "table", "web") for which in ("", "_secondary")
    ),
    "microsoft.keyvault/vaults": ("vault",),
    "microsoft.containerregistry/registries": ("registry",),
    "microsoft.insights/privatelinkscopes": ("azuremonitor",),
}


class PrivateEndpoint(ResourceType):
    """https://learn.microsoft.com/rest/api/virtualnetwork/private-endpoints"""

    type: ClassVar[str] = "Microsoft.Network/privateEndpoints"
    required: ClassVar[tuple[str, ...]] = ("location", "properties.subnet.id")
    kept: ClassVar[tuple[str, ...]] = ("networkInterfaces", "provisioningState")

    def check(self, arm: ResourceManager, path: ResourcePath, body: Json, existing: Resource | None) -> None:
        """A subnet that is there, and one service that takes endpoints of that group."""
        properties = body["properties"]
        referred(arm, properties["subnet"]["id"], path.text)
        connections = _connections(properties)
        if len(connections) != 1:
            message = f"Private endpoint {path.text} must have exactly one private link service connection."
            raise ArmError(400, "PrivateEndpointMustHaveOneConnection", message)
        _check_target(
            referred(arm, connections[0]["properties"].get("privateLinkServiceId"), path.text), connections[0]
        )

    def enrich(self, arm: ResourceManager, resource: Resource, existing: Resource | None) -> None:
        """Who may make both endpoint and service approves the connection by making it."""
        properties = resource.properties
        interface = properties.get("customNetworkInterfaceName") or f"{resource.name}.nic.{uuid.uuid4()}"
        properties.setdefault("networkInterfaces", [{"id": _beside(resource, interface)}])
        for connection in properties.get("privateLinkServiceConnections") or ():
            connection["properties"]["privateLinkServiceConnectionState"] = {
                "status": "Approved",
                "description": "Auto-Approved",
                "actionsRequired": "None",
            }

    def children(self, arm: ResourceManager, resource: Resource) -> list[Resource]:
        """The network interface, which cannot be had without the endpoint."""
        interface = resource.properties["networkInterfaces"][0]["id"]
        body = {
            "id": interface,
            "name": interface.rpartition("/")[2],
            "type": NETWORK_INTERFACE,
            "location": resource.body["location"],
            "properties": {"provisioningState": "Succeeded", "privateEndpoint": {"id": resource.id}},
        }
        return [Resource(interface, NETWORK_INTERFACE, body)]

    async def after_delete(self, arm: ResourceManager, resource: Resource) -> None:
        """The interface goes with it."""
        arm.store.delete(resource.properties["networkInterfaces"][0]["id"])


class NetworkInterface(ResourceType):
    """https://learn.microsoft.com/rest/api/virtualnetwork/network-interfaces"""

    type: ClassVar[str] = NETWORK_INTERFACE

    def check_delete(self, arm: ResourceManager, resource: Resource) -> None:
        """Never before its endpoint."""
        endpoint = (resource.properties.get("privateEndpoint") or {}).get("id")
        if endpoint and arm.store.get(endpoint) is not None:
            message = f"Network interface {resource.name} is in use by private endpoint {endpoint}."
            raise ArmError(400, "NetworkInterfaceInUseWithPrivateEndpoint", message)


def _connections(properties: Json) -> list[Json]:
    kinds = ("privateLinkServiceConnections", "manualPrivateLinkServiceConnections")
    return [connection for kind in kinds for connection in properties.get(kind) or ()]


def _check_target(target: Resource, connection: Json) -> None:
    known = GROUPS.get(target.type.lower(), ())
    groups = connection["properties"].get("groupIds") or []
    if len(groups) != 1 or groups[0] not in known:
        message = (
            f"Call to {target.type} failed. The group ids {groups} of connection '{connection.get('name')}' are"
            f" invalid; valid ones are {list(known)}."
        )
        raise ArmError(400, "PrivateLinkServiceInvalidGroupIds", message)
    if target.type.lower() == "microsoft.containerregistry/registries" and target.body["sku"]["name"] != "Premium":
        message = f"Private endpoints are not supported for registry '{target.name}': its SKU is not Premium."
        raise ArmError(400, "PrivateEndpointNotSupported", message)


def _beside(resource: Resource, interface: str) -> str:
    return f"{resource.id.lower().partition('/providers/')[0]}/providers/{NETWORK_INTERFACE}/{interface}"
