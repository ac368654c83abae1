"""Private DNS zones, their links to networks, and the groups that keep a private endpoint's records in them."""

from typing import ClassVar

from localazure.arm.errors import ArmError
from localazure.arm.ids import ResourcePath
from localazure.arm.models import ResourceManager
from localazure.arm.resource_type import ResourceType
from localazure.arm.store import Json, Resource
from localazure.network.references import referred, refuse_with_children, require_global, same

_LINKS = "virtualNetworkLinks"


class PrivateDnsZone(ResourceType):
    """https://learn.microsoft.com/rest/api/dns/privatedns/private-zones"""

    type: ClassVar[str] = "Microsoft.Network/privateDnsZones"

    def check(self, arm: ResourceManager, path: ResourcePath, body: Json, existing: Resource | None) -> None:
        """Of no region."""
        require_global(path, body)

    def check_delete(self, arm: ResourceManager, resource: Resource) -> None:
        """Links must go first."""
        refuse_with_children(arm, resource, _LINKS)


class VirtualNetworkLink(ResourceType):
    """https://learn.microsoft.com/rest/api/dns/privatedns/virtual-network-links"""

    type: ClassVar[str] = f"Microsoft.Network/privateDnsZones/{_LINKS}"
    required: ClassVar[tuple[str, ...]] = ("properties.virtualNetwork.id",)

    def check(self, arm: ResourceManager, path: ResourcePath, body: Json, existing: Resource | None) -> None:
        """A network that is there, and that has no zone of this name yet, wherever that zone is."""
        require_global(path, body)
        network = referred(arm, body["properties"]["virtualNetwork"]["id"], path.text)
        zone = path.names[0].lower()
        for other in arm.store.of_type(self.type):
            its_zone = ResourcePath.of(other.id).names[0].lower()
            if (
                its_zone == zone
                and other.id.lower() != path.key
                and same(other.properties["virtualNetwork"]["id"], network.id)
            ):
                message = (
                    f"A virtual network cannot be linked to multiple zones with overlapping namespaces. '{network.id}' "
                    f"is linked to '{zone}' by '{other.id}'."
                )
                raise ArmError(400, "BadRequest", message)

    def enrich(self, arm: ResourceManager, resource: Resource, existing: Resource | None) -> None:
        """Done at once."""
        resource.properties["virtualNetworkLinkState"] = "Completed"


class PrivateDnsZoneGroup(ResourceType):
    """https://learn.microsoft.com/rest/api/virtualnetwork/private-dns-zone-groups"""

    type: ClassVar[str] = "Microsoft.Network/privateEndpoints/privateDnsZoneGroups"

    def check(self, arm: ResourceManager, path: ResourcePath, body: Json, existing: Resource | None) -> None:
        """Zones that are there."""
        for config in (body.get("properties") or {}).get("privateDnsZoneConfigs") or ():
            referred(arm, (config.get("properties") or {}).get("privateDnsZoneId"), path.text)
