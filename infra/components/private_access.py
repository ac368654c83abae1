"""Everything that a stack needs to be reached from a virtual network only: network, zones, endpoints."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from infra.components.monitor_link import MonitorLink, MonitorLinkArgs
from infra.components.network import Network, NetworkArgs
from infra.components.private_dns import PrivateDns, PrivateDnsArgs
from infra.components.private_endpoints import PrivateEndpoints, PrivateEndpointsArgs, Target, zones_of
from infra.components.resource_group import Place
from infra.names import Namer
from infra.settings.network import NetworkSettings


@dataclass(frozen=True)
class PrivateAccessArgs:
    """What names things, where they go, what is reached, and the settings.

    `monitored` are Log Analytics and Application Insights, which are reached through one scope, called `scope_name`.
    """

    namer: Namer
    place: Place
    settings: NetworkSettings
    targets: Mapping[str, Target]
    monitored: Mapping[str, pulumi.Output[str]]
    scope_name: str


class PrivateAccess(pulumi.ComponentResource):
    """Private endpoints for all targets and for monitoring; nothing at all where the internet reaches the stack.

    `watched` are the ids of what of it logs about itself.
    """

    def __init__(self, name: str, args: PrivateAccessArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlws:infra:PrivateAccess", name, None, opts)
        self.watched: Mapping[str, pulumi.Output[str]] = {}
        if args.settings.access == "private":
            self._close(name, args)
        self.register_outputs({})

    def _close(self, name: str, args: PrivateAccessArgs) -> None:
        inside = pulumi.ResourceOptions(parent=self)
        network = Network(name, NetworkArgs(args.namer, args.place, args.settings), opts=inside)
        self.watched = network.watched
        is_shared = args.settings.subnet_id is not None or args.settings.dns_zones_group_id is not None
        monitor = MonitorLink(
            f"{name}-monitor",
            MonitorLinkArgs(args.scope_name, args.place.resource_group, args.monitored, is_shared),
            opts=inside,
        )
        targets = {**args.targets, "monitor": Target("monitor", monitor.id, monitor.ready)}
        dns = PrivateDns(
            f"{name}-dns",
            PrivateDnsArgs(
                zones=zones_of(target.service for target in targets.values()),
                namer=args.namer,
                place=args.place,
                network_id=network.id,
                given_group_id=args.settings.dns_zones_group_id,
            ),
            opts=inside,
        )
        PrivateEndpoints(
            f"{name}-endpoint",
            PrivateEndpointsArgs(args.namer, args.place, network.subnet_id, dns, targets),
            opts=inside,
        )
