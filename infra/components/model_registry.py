"""The Azure ML registry: models, environments and components that the workspaces of all environments share.

Azure makes the storage accounts and the container registry behind it itself, in a resource group that it manages; a
registry has no other container registry than a Premium one, which it replicates to each region.
https://learn.microsoft.com/azure/machine-learning/how-to-manage-registries
"""

from dataclasses import dataclass

import pulumi
import pulumi_azure_native as azure_native

from infra.components.resource_group import Place
from infra.settings.model_registry import ModelRegistrySettings


@dataclass(frozen=True)
class ModelRegistryArgs:
    """The registry's name, where it goes, and its settings."""

    name: str
    place: Place
    settings: ModelRegistrySettings


class ModelRegistry(pulumi.ComponentResource):
    """An Azure ML registry in one or more regions."""

    def __init__(self, name: str, args: ModelRegistryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlws:infra:ModelRegistry", name, None, opts)
        registry = azure_native.machinelearningservices.Registry(
            name,
            registry_name=args.name,
            resource_group_name=args.place.resource_group,
            location=args.place.region,
            identity=azure_native.machinelearningservices.ManagedServiceIdentityArgs(
                type=azure_native.machinelearningservices.ManagedServiceIdentityType.SYSTEM_ASSIGNED
            ),
            public_network_access="Enabled",
            region_details=[_region(region, args.settings) for region in _regions(args)],
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.id = registry.id
        self.name = registry.name
        self.register_outputs({"name": self.name})


def _regions(args: ModelRegistryArgs) -> list[str]:
    """The stack's own region first: Azure wants it among them. Each once, however it is spelt."""
    spelt = (region.replace(" ", "").lower() for region in (args.place.region, *args.settings.more_regions))
    return list(dict.fromkeys(spelt))


def _region(
    region: str, settings: ModelRegistrySettings
) -> azure_native.machinelearningservices.RegistryRegionArmDetailsArgs:
    images = azure_native.machinelearningservices.SystemCreatedAcrAccountArgs(acr_account_sku="Premium")
    blobs = azure_native.machinelearningservices.SystemCreatedStorageAccountArgs(
        storage_account_type=f"Standard_{settings.redundancy}",
        storage_account_hns_enabled=False,
        allow_blob_public_access=False,
    )
    return azure_native.machinelearningservices.RegistryRegionArmDetailsArgs(
        location=region,
        acr_details=[azure_native.machinelearningservices.AcrDetailsArgs(system_created_acr_account=images)],
        storage_account_details=[
            azure_native.machinelearningservices.StorageAccountDetailsArgs(system_created_storage_account=blobs)
        ],
    )
