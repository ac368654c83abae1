"""The storage account of the workspace: no anonymous blob, only https with TLS 1.2, and a way back from deletion."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_azure_native as azure_native

from infra.components.network_access import TRUSTED, Access
from infra.components.resource_group import Place
from infra.components.storage_lifecycle import policy_rules
from infra.settings.storage import LifecycleRule, StorageSettings


@dataclass(frozen=True)
class StorageArgs:
    """The account's name, where it goes, its settings, what happens to old blobs, and from where it is reached."""

    name: str
    place: Place
    settings: StorageSettings
    lifecycle_rules: Mapping[str, LifecycleRule]
    access: Access


class Storage(pulumi.ComponentResource):
    """A storage account with private blob containers; `key` is None where it refuses keys."""

    def __init__(self, name: str, args: StorageArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlws:infra:Storage", name, None, opts)
        self._args = args
        by_key = args.settings.access == "key"
        self.account = azure_native.storage.StorageAccount(
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
            minimum_tls_version=azure_native.storage.MinimumTlsVersion.TLS1_2,
            public_network_access=args.access.public_network,
            network_rule_set=azure_native.storage.NetworkRuleSetArgs(
                default_action=azure_native.storage.DefaultAction(args.access.others),
                bypass=TRUSTED,
                ip_rules=[azure_native.storage.IPRuleArgs(i_p_address_or_range=one) for one in args.access.addresses],
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.id = self.account.id
        self.name = self.account.name
        self.blobs = self._blob_settings(name)
        self._lifecycle(name)
        self.training_data = self._container(f"{name}-training-data", args.settings.training_data_container)
        for container in args.settings.containers:
            self._container(f"{name}-{container}", container)
        self.key = _first_key(args.place.resource_group, self.account.name) if by_key else None
        self.register_outputs({"name": self.name})

    def _blob_settings(self, name: str) -> azure_native.storage.BlobServiceProperties:
        settings = self._args.settings
        kept = azure_native.storage.DeleteRetentionPolicyArgs(enabled=True, days=settings.soft_delete_days)
        return azure_native.storage.BlobServiceProperties(
            f"{name}-blobs",
            blob_services_name="default",
            account_name=self.name,
            resource_group_name=self._args.place.resource_group,
            delete_retention_policy=kept,
            container_delete_retention_policy=kept,
            is_versioning_enabled=settings.versioning,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _lifecycle(self, name: str) -> None:
        rules = policy_rules(self._args.settings, self._args.lifecycle_rules)
        if rules:
            azure_native.storage.ManagementPolicy(
                f"{name}-lifecycle",
                management_policy_name="default",
                account_name=self.name,
                resource_group_name=self._args.place.resource_group,
                policy=azure_native.storage.ManagementPolicySchemaArgs(rules=rules),
                # Rules about versions need versioning to be on.
                opts=pulumi.ResourceOptions(parent=self, depends_on=[self.blobs]),
            )

    def _container(self, name: str, container_name: str) -> azure_native.storage.BlobContainer:
        return azure_native.storage.BlobContainer(
            name,
            container_name=container_name,
            account_name=self.name,
            resource_group_name=self._args.place.resource_group,
            public_access=azure_native.storage.PublicAccess.NONE,
            opts=pulumi.ResourceOptions(parent=self),
        )


def _first_key(resource_group: pulumi.Input[str], account: pulumi.Output[str]) -> pulumi.Output[str]:
    listed = azure_native.storage.list_storage_account_keys_output(
        account_name=account, resource_group_name=resource_group
    )
    return pulumi.Output.secret(listed.apply(lambda answer: answer.keys[0].value))
