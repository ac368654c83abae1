"""The container registry that holds the workspace's images; its admin user, a shared password, stays off."""

from dataclasses import dataclass

import pulumi
import pulumi_azure_native as azure_native

from infra.components.network_access import TRUSTED, Access
from infra.components.resource_group import Place
from infra.settings.container_registry import ContainerRegistrySettings


@dataclass(frozen=True)
class ContainerRegistryArgs:
    """The registry's name, where it goes, its settings, and from where it is reached."""

    name: str
    place: Place
    settings: ContainerRegistrySettings
    access: Access


class ContainerRegistry(pulumi.ComponentResource):
    """A container registry that only identities with a role can use."""

    def __init__(self, name: str, args: ContainerRegistryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlws:infra:ContainerRegistry", name, None, opts)
        registry = azure_native.containerregistry.Registry(
            name,
            registry_name=args.name,
            resource_group_name=args.place.resource_group,
            location=args.place.region,
            sku=azure_native.containerregistry.SkuArgs(name=args.settings.sku),
            admin_user_enabled=False,
            anonymous_pull_enabled=False,
            zone_redundancy=azure_native.containerregistry.ZoneRedundancy.ENABLED
            if args.settings.zone_redundant
            else None,
            policies=_policies(args.settings.untagged_retention_days),
            public_network_access=args.access.public_network,
            network_rule_bypass_options=TRUSTED,
            network_rule_set=_rules(args),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.id = registry.id
        self.register_outputs({})


def _policies(untagged_days: int | None) -> azure_native.containerregistry.PoliciesArgs | None:
    if untagged_days is None:
        return None
    return azure_native.containerregistry.PoliciesArgs(
        retention_policy=azure_native.containerregistry.RetentionPolicyArgs(
            days=untagged_days, status=azure_native.containerregistry.PolicyStatus.ENABLED
        )
    )


def _rules(args: ContainerRegistryArgs) -> azure_native.containerregistry.NetworkRuleSetArgs | None:
    """Premium alone has rules, and the settings see to it that no other tier needs any."""
    if args.settings.sku != "Premium":
        return None
    return azure_native.containerregistry.NetworkRuleSetArgs(
        default_action=args.access.others,
        ip_rules=[
            azure_native.containerregistry.IPRuleArgs(i_p_address_or_range=address) for address in args.access.addresses
        ],
    )
