"""The stores of a feature store: connections that materialization writes to as the workspace's identity.

Names, categories and rights are those that `FeatureStoreOperations` of azure-ai-ml gives a feature store.
"""

from dataclasses import dataclass
from typing import NamedTuple

import pulumi
import pulumi_azure_native as azure_native

from infra.components.resource_group import Place
from infra.components.role_assignment import Grant, assign
from infra.components.workspace_identity import WorkspaceIdentity
from infra.settings.feature_store import FeatureStoreSettings


class _Store(NamedTuple):
    connection: str
    category: azure_native.machinelearningservices.ConnectionCategory
    role: str
    target: str


@dataclass(frozen=True)
class FeatureStoresArgs:
    """The stores, the workspace that they are for, and the identity that it writes as."""

    settings: FeatureStoreSettings
    place: Place
    workspace_name: pulumi.Output[str]
    identity: WorkspaceIdentity
    subscription_id: str


class FeatureStores(pulumi.ComponentResource):
    """A connection for each store, and the right to write there."""

    def __init__(self, name: str, args: FeatureStoresArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlws:infra:FeatureStores", name, None, opts)
        for key, store in _stores(args.settings).items():
            target = pulumi.Output.from_input(store.target)
            assign(
                f"{name}-{key}",
                Grant(store.role, target, "Materializes features there."),
                args.identity.principal_id,
                args.subscription_id,
                parent=self,
            )
            azure_native.machinelearningservices.WorkspaceConnection(
                f"{name}-{key}",
                connection_name=store.connection,
                workspace_name=args.workspace_name,
                resource_group_name=args.place.resource_group,
                properties=azure_native.machinelearningservices.ManagedIdentityAuthTypeWorkspaceConnectionPropertiesArgs(
                    auth_type="ManagedIdentity",
                    category=store.category,
                    target=store.target,
                    credentials=azure_native.machinelearningservices.WorkspaceConnectionManagedIdentityArgs(
                        client_id=args.identity.client_id, resource_id=args.identity.id
                    ),
                ),
                opts=pulumi.ResourceOptions(parent=self),
            )
        self.register_outputs({})


def store_properties(
    settings: FeatureStoreSettings,
) -> azure_native.machinelearningservices.FeatureStoreSettingsArgs:
    """What a workspace says of its stores."""
    connections = {key: store.connection for key, store in _stores(settings).items()}
    return azure_native.machinelearningservices.FeatureStoreSettingsArgs(
        compute_runtime=azure_native.machinelearningservices.ComputeRuntimeDtoArgs(
            spark_runtime_version=settings.spark_version
        ),
        offline_store_connection_name=connections.get("offline-store"),
        online_store_connection_name=connections.get("online-store"),
    )


def _stores(settings: FeatureStoreSettings) -> dict[str, _Store]:
    category = azure_native.machinelearningservices.ConnectionCategory
    stores: dict[str, _Store] = {}
    if settings.offline_store:
        role = "Storage Blob Data Contributor"
        stores["offline-store"] = _Store("OfflineStoreConnectionName", category.ADLS_GEN2, role, settings.offline_store)
    if settings.online_store:
        stores["online-store"] = _Store(
            "OnlineStoreConnectionName", category.REDIS, "Contributor", settings.online_store
        )
    return stores
