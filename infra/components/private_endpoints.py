"""Private endpoints: addresses in the network that lead to one service of the stack each."""

# Not evaluated: Azure's network types take half a second to load, and a stack in the open has none.
from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pulumi
import pulumi_azure_native as azure_native

from infra.components.private_dns import PrivateDns
from infra.components.resource_group import Place
from infra.names import Namer

_ONLY_GROUP = "default"


@dataclass(frozen=True)
class Target:
    """What an endpoint leads to: a table of `private_link.toml`, the resource's id, and what must be there before."""

    service: str
    resource_id: pulumi.Output[str]
    after: Sequence[pulumi.Resource] = ()


@dataclass(frozen=True)
class PrivateEndpointsArgs:
    """What names them, where they go, the subnet they get addresses in, the zones for these, and what they lead to.

    The keys of `targets` are letters and digits: they become part of the names.
    """

    namer: Namer
    place: Place
    subnet_id: pulumi.Output[str]
    dns: PrivateDns
    targets: Mapping[str, Target]


class PrivateEndpoints(pulumi.ComponentResource):
    """A private endpoint for each target, and its records in the private DNS zones."""

    def __init__(self, name: str, args: PrivateEndpointsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlws:infra:PrivateEndpoints", name, None, opts)
        for key, target in args.targets.items():
            self._endpoint(f"{name}-{key}", key, target, args)
        self.register_outputs({})

    def _endpoint(self, name: str, key: str, target: Target, args: PrivateEndpointsArgs) -> None:
        endpoint_name = args.namer("Microsoft.Network/privateEndpoints", key)
        endpoint = azure_native.network.PrivateEndpoint(
            name,
            private_endpoint_name=endpoint_name,
            custom_network_interface_name=args.namer("Microsoft.Network/networkInterfaces", key),
            resource_group_name=args.place.resource_group,
            location=args.place.region,
            subnet=azure_native.network.SubnetArgs(id=args.subnet_id),
            private_link_service_connections=[
                azure_native.network.PrivateLinkServiceConnectionArgs(
                    name=endpoint_name,
                    private_link_service_id=target.resource_id,
                    group_ids=[_services()[target.service]["group"]],
                )
            ],
            opts=pulumi.ResourceOptions(parent=self, depends_on=list(target.after)),
        )
        azure_native.network.PrivateDnsZoneGroup(
            f"{name}-records",
            private_dns_zone_group_name=_ONLY_GROUP,
            private_endpoint_name=endpoint.name,
            resource_group_name=args.place.resource_group,
            private_dns_zone_configs=[
                azure_native.network.PrivateDnsZoneConfigArgs(
                    name=zone.replace(".", "-"), private_dns_zone_id=args.dns.zone_id(zone)
                )
                for zone in zones_of([target.service])
            ],
            opts=pulumi.ResourceOptions(parent=self),
        )


def zones_of(services: Iterable[str]) -> list[str]:
    """The private DNS zones that endpoints of these services have records in, each once."""
    return list(dict.fromkeys(zone for service in services for zone in _services()[service]["zones"]))


@cache
def _services() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(Path(__file__).with_name("private_link.toml").read_text(encoding="utf-8"))
