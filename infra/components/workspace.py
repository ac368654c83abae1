"""The Azure ML workspace, tied to the resources it keeps its data, secrets, images and metrics in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pulumi
import pulumi_azure_native as azure_native

from infra.components.network_access import Access
from infra.components.resource_group import Place
from infra.components.role_assignment import Grant, assign

_AUTH_MODES = {
    "key": azure_native.machinelearningservices.SystemDatastoresAuthMode.ACCESS_KEY,
    "identity": azure_native.machinelearningservices.SystemDatastoresAuthMode.IDENTITY,
}


@dataclass(frozen=True)
class WorkspaceArgs:
    """The workspace's name, where it goes, the ids of what it is tied to, its identity and rights, and more.

    `datastore_access` is how its own datastores get in, `access` from where it is reached.
    """

    name: str
    place: Place
    storage_id: pulumi.Output[str]
    key_vault_id: pulumi.Output[str]
    application_insights_id: pulumi.Output[str]
    container_registry_id: pulumi.Output[str]
    identity_id: pulumi.Output[str]
    principal_id: pulumi.Output[str]
    subscription_id: str
    rights: Sequence[pulumi.Resource]
    datastore_access: Literal["key", "identity"]
    access: Access


class Workspace(pulumi.ComponentResource):
    """An Azure ML workspace of kind Default that acts as a user-assigned identity."""

    def __init__(self, name: str, args: WorkspaceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlws:infra:Workspace", name, None, opts)
        workspace = azure_native.machinelearningservices.Workspace(
            name,
            workspace_name=args.name,
            resource_group_name=args.place.resource_group,
            location=args.place.region,
            kind="Default",
            sku=azure_native.machinelearningservices.SkuArgs(
                name="Basic", tier=azure_native.machinelearningservices.SkuTier.BASIC
            ),
            friendly_name=args.name,
            storage_account=args.storage_id,
            key_vault=args.key_vault_id,
            application_insights=args.application_insights_id,
            container_registry=args.container_registry_id,
            identity=azure_native.machinelearningservices.ManagedServiceIdentityArgs(
                type=azure_native.machinelearningservices.ManagedServiceIdentityType.USER_ASSIGNED,
                user_assigned_identities=[args.identity_id],
            ),
            primary_user_assigned_identity=args.identity_id,
            system_datastores_auth_mode=_AUTH_MODES[args.datastore_access],
            public_network_access=args.access.public_network,
            # On the workspace itself: what a component depends on is not what its children depend on.
            opts=pulumi.ResourceOptions(parent=self, depends_on=args.rights),
        )
        assign(
            f"{name}-itself",
            Grant("Contributor", workspace.id, "Manages what is in the workspace for its services."),
            args.principal_id,
            args.subscription_id,
            parent=self,
        )
        self.id = workspace.id
        self.name = workspace.name
        self.mlflow_tracking_uri = workspace.ml_flow_tracking_uri
        self.register_outputs({"name": self.name})
