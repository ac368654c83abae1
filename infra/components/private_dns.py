"""Private DNS zones: who asks in the network for a service gets the address of its private endpoint."""

# Not evaluated: Azure's network types take half a second to load, and a stack in the open has none.
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pulumi
import pulumi_azure_native as azure_native

from infra.components.resource_group import Place
from infra.names import Namer

# Zones and their links are of no region.
_EVERYWHERE = "global"


@dataclass(frozen=True)
class PrivateDnsArgs:
    """Which zones, what names the links, where they go, for which network; and the group that has zones already."""

    zones: Iterable[str]
    namer: Namer
    place: Place
    network_id: pulumi.Output[str]
    given_group_id: str | None


class PrivateDns(pulumi.ComponentResource):
    """A zone of each name, linked to the network; or the zones that are in a given group, left as they are."""

    def __init__(self, name: str, args: PrivateDnsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlws:infra:PrivateDns", name, None, opts)
        self._given_group_id = args.given_group_id
        self._zone_ids: dict[str, pulumi.Output[str]] = {}
        for zone in sorted(set(args.zones)) if args.given_group_id is None else ():
            self._zone_ids[zone] = self._zone(f"{name}-{zone.removeprefix('privatelink.')}", zone, args)
        self.register_outputs({})

    def zone_id(self, zone: str) -> pulumi.Input[str]:
        """The resource id of the zone of this name."""
        if self._given_group_id is not None:
            return f"{self._given_group_id}/providers/Microsoft.Network/privateDnsZones/{zone}"
        return self._zone_ids[zone]

    def _zone(self, name: str, zone_name: str, args: PrivateDnsArgs) -> pulumi.Output[str]:
        zone = azure_native.privatedns.PrivateZone(
            name,
            private_zone_name=zone_name,
            resource_group_name=args.place.resource_group,
            location=_EVERYWHERE,
            opts=pulumi.ResourceOptions(parent=self),
        )
        azure_native.privatedns.VirtualNetworkLink(
            f"{name}-link",
            # Types without an abbreviation have no name of their own: the link is called like the network.
            virtual_network_link_name=args.namer("Microsoft.Network/virtualNetworks"),
            private_zone_name=zone.name,
            resource_group_name=args.place.resource_group,
            location=_EVERYWHERE,
            registration_enabled=False,
            virtual_network=azure_native.privatedns.SubResourceArgs(id=args.network_id),
            opts=pulumi.ResourceOptions(parent=self),
        )
        return zone.id
