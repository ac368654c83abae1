"""The network that Azure manages for a workspace's computes, and the rules of what they may reach.

Each rule is a resource of its own, so that a change of one leaves the workspace alone, and the rules that Azure adds
are no difference to what the program states.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_azure_native as azure_native

from infra.components.resource_group import Place
from infra.components.role_assignment import Grant, assign
from infra.settings.managed_network import ManagedNetworkSettings, OutboundRule

# https://learn.microsoft.com/azure/machine-learning/how-to-managed-network#prerequisites
_APPROVER = "Azure AI Enterprise Network Connection Approver"

RuleArgs = (
    azure_native.machinelearningservices.FqdnOutboundRuleArgs
    | azure_native.machinelearningservices.PrivateEndpointOutboundRuleArgs
    | azure_native.machinelearningservices.ServiceTagOutboundRuleArgs
)


def network_properties(
    settings: ManagedNetworkSettings, rules: Mapping[str, OutboundRule]
) -> azure_native.machinelearningservices.ManagedNetworkSettingsArgs | None:
    """What a workspace says of its managed network; it names a firewall where a rule names a host, and so has one."""
    if settings.isolation == "Disabled":
        return None
    return azure_native.machinelearningservices.ManagedNetworkSettingsArgs(
        isolation_mode=settings.isolation,
        firewall_sku=settings.firewall_sku if any(rule.type == "FQDN" for rule in rules.values()) else None,
    )


@dataclass(frozen=True)
class OutboundRulesArgs:
    """The rules by name, the workspace whose computes they are for, and whom it acts as."""

    rules: Mapping[str, OutboundRule]
    place: Place
    workspace_name: pulumi.Output[str]
    principal_id: pulumi.Output[str]
    subscription_id: str


class OutboundRules(pulumi.ComponentResource):
    """Rules of a managed network, made one after the other: Azure changes a network once at a time."""

    def __init__(self, name: str, args: OutboundRulesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlws:infra:OutboundRules", name, None, opts)
        before = self._rights(name, args)
        for key, rule in sorted(args.rules.items()):
            made = azure_native.machinelearningservices.ManagedNetworkSettingsRule(
                f"{name}-{key}",
                rule_name=key,
                workspace_name=args.workspace_name,
                resource_group_name=args.place.resource_group,
                properties=_properties(rule),
                opts=pulumi.ResourceOptions(parent=self, depends_on=before),
            )
            before = [made]
        self.register_outputs({})

    def _rights(self, name: str, args: OutboundRulesArgs) -> list[pulumi.Resource]:
        """The workspace's identity approves the private endpoints: one right a resource, however many rules."""
        targets = {rule.resource_id.lower(): key for key, rule in sorted(args.rules.items()) if rule.resource_id}
        return [
            assign(
                f"{name}-{key}",
                Grant(
                    _APPROVER, pulumi.Output.from_input(target), "Approves private endpoints of the managed network."
                ),
                args.principal_id,
                args.subscription_id,
                parent=self,
            )
            for target, key in targets.items()
        ]


def _properties(rule: OutboundRule) -> RuleArgs:
    category = azure_native.machinelearningservices.RuleCategory.USER_DEFINED
    match rule.type:
        case "FQDN":
            return azure_native.machinelearningservices.FqdnOutboundRuleArgs(
                type=rule.type, category=category, destination=rule.host
            )
        case "PrivateEndpoint":
            return azure_native.machinelearningservices.PrivateEndpointOutboundRuleArgs(
                type=rule.type,
                category=category,
                destination=azure_native.machinelearningservices.PrivateEndpointDestinationArgs(
                    service_resource_id=rule.resource_id,
                    subresource_target=rule.subresource,
                    spark_enabled=rule.spark,
                ),
            )
        case "ServiceTag":
            return azure_native.machinelearningservices.ServiceTagOutboundRuleArgs(
                type=rule.type,
                category=category,
                destination=azure_native.machinelearningservices.ServiceTagDestinationArgs(
                    service_tag=rule.service_tag, protocol=rule.protocol, port_ranges=rule.ports
                ),
            )
