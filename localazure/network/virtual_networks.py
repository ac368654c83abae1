"""Virtual networks, their subnets, and the rules of these."""

from ipaddress import ip_network
from typing import ClassVar

from localazure.arm.errors import ArmError
from localazure.arm.ids import ResourcePath
from localazure.arm.models import ResourceManager
from localazure.arm.resource_type import ResourceType
from localazure.arm.store import Json, Resource
from localazure.network.references import referred, same

_PRIVATE_ENDPOINT = "Microsoft.Network/privateEndpoints"


class NetworkSecurityGroup(ResourceType):
    """https://learn.microsoft.com/rest/api/virtualnetwork/network-security-groups"""

    type: ClassVar[str] = "Microsoft.Network/networkSecurityGroups"
    required: ClassVar[tuple[str, ...]] = ("location",)

    def check_delete(self, arm: ResourceManager, resource: Resource) -> None:
        """A subnet that it is about keeps it."""
        for subnet in arm.store.of_type(Subnet.type):
            if same((subnet.properties.get("networkSecurityGroup") or {}).get("id"), resource.id):
                message = f"Network security group {resource.id} cannot be deleted because it is in use by {subnet.id}."
                raise ArmError(400, "InUseNetworkSecurityGroupCannotBeDeleted", message)


class VirtualNetwork(ResourceType):
    """https://learn.microsoft.com/rest/api/virtualnetwork/virtual-networks"""

    type: ClassVar[str] = "Microsoft.Network/virtualNetworks"
    required: ClassVar[tuple[str, ...]] = ("location", "properties.addressSpace.addressPrefixes")

    def check(self, arm: ResourceManager, path: ResourcePath, body: Json, existing: Resource | None) -> None:
        """A network cannot shrink under its subnets."""
        for subnet in arm.store.of_type(Subnet.type, below=path.text):
            _require_inside(subnet.name, subnet.properties, path.name, body["properties"])

    def check_delete(self, arm: ResourceManager, resource: Resource) -> None:
        """Subnets go with their network, unless something is in one."""
        for subnet in arm.store.of_type(Subnet.type, below=resource.id):
            _refuse_in_use(arm, subnet)


class Subnet(ResourceType):
    """https://learn.microsoft.com/rest/api/virtualnetwork/subnets"""

    type: ClassVar[str] = "Microsoft.Network/virtualNetworks/subnets"
    required: ClassVar[tuple[str, ...]] = ("properties.addressPrefix",)

    def check(self, arm: ResourceManager, path: ResourcePath, body: Json, existing: Resource | None) -> None:
        """Inside the network, beside the other subnets, with rules that are there."""
        properties = body["properties"]
        network = arm.get(ResourcePath.of(path.parent))
        _require_inside(path.name, properties, network.name, network.properties)
        wanted = ip_network(properties["addressPrefix"])
        for other in arm.store.of_type(self.type, below=network.id):
            if other.id.lower() != path.key and wanted.overlaps(ip_network(other.properties["addressPrefix"])):
                message = (
                    f"Subnet '{path.name}' is not valid because its IP address range overlaps with '{other.name}'."
                )
                raise ArmError(400, "NetcfgSubnetRangesOverlap", message)
        if group := properties.get("networkSecurityGroup"):
            referred(arm, group.get("id"), path.text)
        if existing is not None and existing.properties["addressPrefix"] != properties["addressPrefix"]:
            _refuse_in_use(arm, existing)

    def check_delete(self, arm: ResourceManager, resource: Resource) -> None:
        """What is in it keeps it."""
        _refuse_in_use(arm, resource)


def _require_inside(subnet: str, properties: Json, network: str, network_properties: Json) -> None:
    spaces = [ip_network(one) for one in network_properties["addressSpace"]["addressPrefixes"]]
    wanted = ip_network(properties["addressPrefix"])
    if not any(wanted.version == space.version and wanted.subnet_of(space) for space in spaces):  # type: ignore[arg-type] # of one version
        message = (
            f"Subnet '{subnet}' is not valid because its IP range is outside of that of virtual network '{network}'."
        )
        raise ArmError(400, "NetcfgSubnetRangeOutsideVnet", message)


def _refuse_in_use(arm: ResourceManager, subnet: Resource) -> None:
    for endpoint in arm.store.of_type(_PRIVATE_ENDPOINT):
        if same(endpoint.properties["subnet"]["id"], subnet.id):
            message = f"Subnet {subnet.name} is in use by {endpoint.id} and cannot be deleted."
            raise ArmError(400, "InUseSubnetCannotBeDeleted", message)
