"""The Azure ML workspace, tied to the resources it keeps its data, secrets, images and metrics in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pulumi
import pulumi_azure_native as azure_native

from infra.components.network_access import Access
from infra.components.resource_group import Place
from infra.components.role_assignment import Grant, assign
from infra.components.workspace_identity import WorkspaceIdentity
from infra.settings.serverless import ServerlessComputeSettings
from infra.settings.workspace import WorkspaceSettings

_AUTH_MODES = {
    "key": azure_native.machinelearningservices.SystemDatastoresAuthMode.ACCESS_KEY,
    "identity": azure_native.machinelearningservices.SystemDatastoresAuthMode.IDENTITY,
}
SKU = azure_native.machinelearningservices.SkuArgs(
    name="Basic", tier=azure_native.machinelearningservices.SkuTier.BASIC
)


@dataclass(frozen=True)
class Tied:
    """The ids of what a workspace keeps its data, secrets, images and metrics in."""

    storage_id: pulumi.Output[str]
    key_vault_id: pulumi.Output[str]
    application_insights_id: pulumi.Output[str]
    container_registry_id: pulumi.Output[str]


@dataclass(frozen=True)
class WorkspaceParts:
    """What a workspace says of parts that not every one has."""

    encryption: azure_native.machinelearningservices.EncryptionPropertyArgs | None = None
    service_side_encryption: bool = False
    managed_network: azure_native.machinelearningservices.ManagedNetworkSettingsArgs | None = None
    provision_network_now: bool = False
    serverless: ServerlessComputeSettings | None = None
    feature_store: azure_native.machinelearningservices.FeatureStoreSettingsArgs | None = None
    image_build_compute: str | None = None


@dataclass(frozen=True)
class WorkspaceArgs:
    """The workspace's name and place, what it is tied to, whom it acts as after what is in place, and its settings.

    `identity` is None where Azure makes one. `datastore_access` is how its own datastores get in, `access` from where
    it is reached; `refused` is for when Azure does not make it.
    """

    name: str
    place: Place
    tied: Tied
    identity: WorkspaceIdentity | None
    subscription_id: str
    rights: Sequence[pulumi.Resource]
    datastore_access: Literal["key", "identity"]
    access: Access
    settings: WorkspaceSettings
    parts: WorkspaceParts
    refused: pulumi.ErrorHook


class Workspace(pulumi.ComponentResource):
    """An Azure ML workspace of kind Default, Hub or FeatureStore."""

    def __init__(self, name: str, args: WorkspaceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlws:infra:Workspace", name, None, opts)
        parts = args.parts
        workspace = azure_native.machinelearningservices.Workspace(
            name,
            workspace_name=args.name,
            resource_group_name=args.place.resource_group,
            location=args.place.region,
            kind=args.settings.kind,
            sku=SKU,
            friendly_name=args.name,
            storage_account=args.tied.storage_id,
            key_vault=args.tied.key_vault_id,
            application_insights=args.tied.application_insights_id,
            container_registry=args.tied.container_registry_id,
            identity=identity_properties(args.identity),
            primary_user_assigned_identity=args.identity.id if args.identity else None,
            system_datastores_auth_mode=_AUTH_MODES[args.datastore_access],
            public_network_access=args.access.public_network,
            # False is left unsaid: to Azure both are one, and stating it would touch the workspaces that are there.
            hbi_workspace=args.settings.high_business_impact or None,
            encryption=parts.encryption,
            enable_service_side_cmk_encryption=parts.service_side_encryption or None,
            managed_network=parts.managed_network,
            provision_network_now=parts.provision_network_now or None,
            serverless_compute_settings=_serverless(parts.serverless),
            feature_store_settings=parts.feature_store,
            image_build_compute=parts.image_build_compute,
            # On the workspace itself: what a component depends on is not what its children depend on.
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=args.rights,
                hooks=pulumi.ResourceHookBinding(on_error=[args.refused]),
            ),
        )
        if args.identity is not None:
            assign(
                f"{name}-itself",
                Grant("Contributor", workspace.id, "Manages what is in the workspace for its services."),
                args.identity.principal_id,
                args.subscription_id,
                parent=self,
            )
        self.id = workspace.id
        self.name = workspace.name
        self.principal_id = args.identity.principal_id if args.identity else workspace.identity.apply(principal_of)
        self.mlflow_tracking_uri = workspace.ml_flow_tracking_uri
        self.register_outputs({"name": self.name})


def identity_properties(
    identity: WorkspaceIdentity | None,
) -> azure_native.machinelearningservices.ManagedServiceIdentityArgs:
    """What a workspace says of whom it acts as: an identity of the stack's, or None for one of Azure's making."""
    types = azure_native.machinelearningservices.ManagedServiceIdentityType
    if identity is None:
        return azure_native.machinelearningservices.ManagedServiceIdentityArgs(type=types.SYSTEM_ASSIGNED)
    return azure_native.machinelearningservices.ManagedServiceIdentityArgs(
        type=types.USER_ASSIGNED, user_assigned_identities=[identity.id]
    )


def principal_of(identity: azure_native.machinelearningservices.outputs.ManagedServiceIdentityResponse | None) -> str:
    """The principal of a resource that was asked for with an identity of Azure's making."""
    assert identity is not None, "it was asked for with an identity"
    return identity.principal_id


def _serverless(
    settings: ServerlessComputeSettings | None,
) -> azure_native.machinelearningservices.ServerlessComputeSettingsArgs | None:
    if settings is None or settings.subnet_id is None:
        return None
    return azure_native.machinelearningservices.ServerlessComputeSettingsArgs(
        serverless_compute_custom_subnet=settings.subnet_id,
        serverless_compute_no_public_ip=not settings.public_ip,
    )
