"""The storage account of the workspace: no anonymous blob, nothing but https with TLS 1.2, one container for data."""

from dataclasses import dataclass

import pulumi
import pulumi_azure_native as azure_native

from infra.resource_group import Place
from infra.settings import StorageSettings


@dataclass(frozen=True)
class StorageArgs:
    """The account's name, where it goes, and its settings."""

    name: str
    place: Place
    settings: StorageSettings


class Storage(pulumi.ComponentResource):
    """A storage account with a blob container for training data."""

    def __init__(self, name: str, args: StorageArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlws:infra:Storage", name, None, opts)
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
            # Datastores and the workspace's own use an account key, which is kept in the Key Vault.
            allow_shared_key_access=True,
            enable_https_traffic_only=True,
            minimum_tls_version=azure_native.storage.MinimumTlsVersion.TLS1_2,
            public_network_access=azure_native.storage.PublicNetworkAccess.ENABLED,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.training_data = azure_native.storage.BlobContainer(
            f"{name}-training-data",
            container_name=args.settings.training_data_container,
            account_name=self.account.name,
            resource_group_name=args.place.resource_group,
            public_access=azure_native.storage.PublicAccess.NONE,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.id = self.account.id
        self.name = self.account.name
        self.key = _first_key(args.place.resource_group, self.account.name)
        self.register_outputs({"name": self.name})


def _first_key(resource_group: pulumi.Input[str], account: pulumi.Output[str]) -> pulumi.Output[str]:
    listed = azure_native.storage.list_storage_account_keys_output(
        account_name=account, resource_group_name=resource_group
    )
    return pulumi.Output.secret(listed.apply(lambda answer: answer.keys[0].value))
