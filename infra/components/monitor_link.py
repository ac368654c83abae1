"""The private link scope of Azure Monitor: Log Analytics and Application Insights have no endpoints of their own.

In a network with an endpoint of a scope, Azure's shared monitoring addresses resolve to it. So a network of the stack's
own is held to the scope (`PrivateOnly`), while in a network that others use too their monitoring goes on (`Open`):
https://learn.microsoft.com/azure/azure-monitor/logs/private-link-design
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_azure_native as azure_native

_EVERYWHERE = "global"


@dataclass(frozen=True)
class MonitorLinkArgs:
    """The scope's name, its resource group, what it holds, and whether others use the network too."""

    name: str
    resource_group: pulumi.Input[str]
    resources: Mapping[str, pulumi.Output[str]]
    is_shared: bool


class MonitorLink(pulumi.ComponentResource):
    """A private link scope; `ready` is what an endpoint must wait for."""

    def __init__(self, name: str, args: MonitorLinkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlws:infra:MonitorLink", name, None, opts)
        mode = azure_native.monitor.AccessMode.OPEN if args.is_shared else azure_native.monitor.AccessMode.PRIVATE_ONLY
        scope = azure_native.monitor.PrivateLinkScope(
            name,
            scope_name=args.name,
            resource_group_name=args.resource_group,
            location=_EVERYWHERE,
            access_mode_settings=azure_native.monitor.AccessModeSettingsArgs(
                ingestion_access_mode=mode, query_access_mode=mode
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.id = scope.id
        self.ready: list[pulumi.Resource] = []
        for key, resource_id in args.resources.items():
            member = azure_native.monitor.PrivateLinkScopedResource(
                f"{name}-{key}",
                name=key,
                scope_name=scope.name,
                resource_group_name=args.resource_group,
                linked_resource_id=resource_id,
                # One at a time: Azure refuses two changes of a scope at once.
                opts=pulumi.ResourceOptions(parent=self, depends_on=self.ready[-1:]),
            )
            self.ready.append(member)
        self.register_outputs({})
