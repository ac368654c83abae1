"""A storage account as this program makes them: no anonymous blob, only TLS 1.2, a way back from deletion."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_azure_native as azure_native

from infra.components.network_access import TRUSTED, Access
from infra.components.resource_group import Place
from infra.components.storage_lifecycle import policy_rules
from infra.settings.storage import DataStorageSettings, LifecycleRule, StorageSettings


@dataclass(frozen=True)
class AccountArgs:
    """The account's name, where it goes, its settings, its containers by what Pulumi calls them, and who reaches it."""

    name: str
    place: Place
    settings: StorageSettings | DataStorageSettings
    containers: Mapping[str, str]
    lifecycle_rules: Mapping[str, LifecycleRule]
    access: Access
    hierarchical_namespace: bool = False


@dataclass(frozen=True)
class Account:
    """What was made: the account and its containers, by the names that Pulumi knows them by."""

    resource: azure_native.storage.StorageAccount
    containers: Mapping[str, azure_native.storage.BlobContainer]


def storage_account(name: str, args: AccountArgs, parent: pulumi.Resource) -> Account:
    """Make an account with its settings and containers."""
    inside = pulumi.ResourceOptions(parent=parent)
    account = _account(name, args, inside)
    blobs = _blob_settings(name, args, account, inside)
    _lifecycle(name, args, account, pulumi.ResourceOptions(parent=parent, depends_on=[blobs]))
    containers = {
        key: azure_native.storage.BlobContainer(
            key,
            container_name=container,
            account_name=account.name,
            resource_group_name=args.place.resource_group,
            public_access=azure_native.storage.PublicAccess.NONE,
            opts=inside,
        )
        for key, container in args.containers.items()
    }
    return Account(account, containers)


def first_key(args: AccountArgs, account: azure_native.storage.StorageAccount) -> pulumi.Output[str]:
    """The account's first key, secret."""
    listed = azure_native.storage.list_storage_account_keys_output(
        account_name=account.name, resource_group_name=args.place.resource_group
    )
    return pulumi.Output.secret(listed.apply(lambda answer: answer.keys[0].value))


def _account(name: str, args: AccountArgs, opts: pulumi.ResourceOptions) -> azure_native.storage.StorageAccount:
    by_key = args.settings.access == "key"
    return azure_native.storage.StorageAccount(
        name,
        account_name=args.name,
        resource_group_name=args.place.resource_group,
        location=args.place.region,
        kind=azure_native.storage.Kind.STORAGE_V2,
        sku=azure_native.storage.SkuArgs(name=f"Standard_{args.settings.redundancy}"),
        access_tier=azure_native.storage.AccessTier.HOT,
        allow_blob_public_access=False,
        allow_cross_tenant_replication=False,
        allow_shared_key_access=by_key,
        default_to_o_auth_authentication=not by_key,
        enable_https_traffic_only=True,
        is_hns_enabled=args.hierarchical_namespace or None,
        minimum_tls_version=azure_native.storage.MinimumTlsVersion.TLS1_2,
        public_network_access=args.access.public_network,
        network_rule_set=azure_native.storage.NetworkRuleSetArgs(
            default_action=azure_native.storage.DefaultAction(args.access.others),
            bypass=TRUSTED,
            ip_rules=[azure_native.storage.IPRuleArgs(i_p_address_or_range=one) for one in args.access.addresses],
        ),
        opts=opts,
    )


def _blob_settings(
    name: str, args: AccountArgs, account: azure_native.storage.StorageAccount, opts: pulumi.ResourceOptions
) -> azure_native.storage.BlobServiceProperties:
    kept = azure_native.storage.DeleteRetentionPolicyArgs(enabled=True, days=args.settings.soft_delete_days)
    return azure_native.storage.BlobServiceProperties(
        f"{name}-blobs",
        blob_services_name="default",
        account_name=account.name,
        resource_group_name=args.place.resource_group,
        delete_retention_policy=kept,
        container_delete_retention_policy=kept,
        is_versioning_enabled=bool(args.settings.versioning),
        opts=opts,
    )


def _lifecycle(
    name: str, args: AccountArgs, account: azure_native.storage.StorageAccount, opts: pulumi.ResourceOptions
) -> None:
    """Rules about versions need versioning to be on, and so come after the account's blob settings."""
    rules = policy_rules(args.settings, args.lifecycle_rules)
    if rules:
        azure_native.storage.ManagementPolicy(
            f"{name}-lifecycle",
            management_policy_name="default",
            account_name=account.name,
            resource_group_name=args.place.resource_group,
            policy=azure_native.storage.ManagementPolicySchemaArgs(rules=rules),
            opts=opts,
        )
