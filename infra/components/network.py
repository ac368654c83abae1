"""The virtual network of a stack that only a network reaches: one subnet, for the private endpoints."""

# Not evaluated: Azure's network types take half a second to load, and a stack in the open has none.
from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_azure_native as azure_native

from infra.components.resource_group import Place
from infra.names import Namer
from infra.settings.network import DEFAULT_ADDRESS_SPACE, NetworkSettings

# What is behind the endpoints speaks https, and file shares SMB.
_PORTS = ("443", "445")
_FIRST, _LAST = 100, 4096


@dataclass(frozen=True)
class NetworkArgs:
    """What names it, where it goes, and its settings."""

    namer: Namer
    place: Place
    settings: NetworkSettings


class Network(pulumi.ComponentResource):
    """A virtual network of the stack's own, or the subnet that the settings name; its ids are the same either way.

    `watched` are the ids of what logs about itself, where the network is the stack's own.
    """

    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlws:infra:Network", name, None, opts)
        self.id: pulumi.Output[str]
        self.subnet_id: pulumi.Output[str]
        self.watched: dict[str, pulumi.Output[str]] = {}
        given = args.settings.subnet_id
        if given is None:
            self._own(name, args)
        else:
            self.id = pulumi.Output.from_input("/".join(given.split("/")[:-2]))
            self.subnet_id = pulumi.Output.from_input(given)
        self.register_outputs({})

    def _own(self, name: str, args: NetworkArgs) -> None:
        addresses = args.settings.address_space or DEFAULT_ADDRESS_SPACE
        network = azure_native.network.VirtualNetwork(
            name,
            virtual_network_name=args.namer("Microsoft.Network/virtualNetworks"),
            resource_group_name=args.place.resource_group,
            location=args.place.region,
            address_space=azure_native.network.AddressSpaceArgs(address_prefixes=[addresses]),
            opts=pulumi.ResourceOptions(parent=self),
        )
        rules_id = self._rules(name, args)
        subnet = azure_native.network.Subnet(
            f"{name}-endpoints",
            subnet_name=args.namer("Microsoft.Network/virtualNetworks/subnets"),
            virtual_network_name=network.name,
            resource_group_name=args.place.resource_group,
            address_prefix=addresses,
            # Nothing in there ever opens a connection.
            default_outbound_access=False,
            network_security_group=azure_native.network.NetworkSecurityGroupArgs(id=rules_id),
            # Without it Azure does not apply the rules to private endpoints.
            private_endpoint_network_policies="NetworkSecurityGroupEnabled",
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.id, self.subnet_id = network.id, subnet.id
        self.watched = {"network": network.id, "network-rules": rules_id}

    def _rules(self, name: str, args: NetworkArgs) -> pulumi.Output[str]:
        """Whoever is in the network, or in one that is joined to it, may call; nobody else."""
        allow = _rule("allow-network", "Allow", _FIRST, source="VirtualNetwork", ports=_PORTS)
        deny = _rule("deny-the-rest", "Deny", _LAST, source="*", ports=("*",))
        group = azure_native.network.NetworkSecurityGroup(
            f"{name}-rules",
            network_security_group_name=args.namer("Microsoft.Network/networkSecurityGroups"),
            resource_group_name=args.place.resource_group,
            location=args.place.region,
            security_rules=[allow, deny],
            opts=pulumi.ResourceOptions(parent=self),
        )
        return group.id


def _rule(
    name: str, access: str, priority: int, source: str, ports: tuple[str, ...]
) -> azure_native.network.SecurityRuleArgs:
    return azure_native.network.SecurityRuleArgs(
        name=name,
        access=access,
        direction="Inbound",
        priority=priority,
        protocol="Tcp" if access == "Allow" else "*",
        source_address_prefix=source,
        source_port_range="*",
        destination_address_prefix="*",
        destination_port_ranges=list(ports) if len(ports) > 1 else None,
        destination_port_range=ports[0] if len(ports) == 1 else None,
    )
