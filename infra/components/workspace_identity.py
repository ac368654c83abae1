"""The identity with which the workspace reaches the resources it is tied to, and the rights it needs there.

The rights are those that Azure's documentation lists for a user-assigned identity of a workspace, each on one
resource and none on the resource group:
https://learn.microsoft.com/azure/machine-learning/how-to-identity-based-service-authentication
Its rights in the Key Vault's data are an access policy of the vault.
"""

from dataclasses import dataclass

import pulumi
import pulumi_azure_native as azure_native

from infra.components.resource_group import Place
from infra.components.role_assignment import Grant, assign
from infra.settings import Settings
from naming import NamingPlan


@dataclass(frozen=True)
class WorkspaceIdentityArgs:
    """The identity's name, and where it goes."""

    name: str
    place: Place


class WorkspaceIdentity(pulumi.ComponentResource):
    """A user-assigned managed identity."""

    def __init__(self, name: str, args: WorkspaceIdentityArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlws:infra:WorkspaceIdentity", name, None, opts)
        identity = azure_native.managedidentity.UserAssignedIdentity(
            name,
            resource_name_=args.name,
            resource_group_name=args.place.resource_group,
            location=args.place.region,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.id = identity.id
        self.principal_id = identity.principal_id
        self.client_id = identity.client_id
        self.register_outputs({"principal_id": self.principal_id})


def workspace_identity(name: str, settings: Settings, names: NamingPlan, place: Place) -> WorkspaceIdentity | None:
    """The identity that the settings ask for; None where it is one of Azure's making."""
    if settings.workspace.acts_as == "system-assigned":
        return None
    return WorkspaceIdentity(name, WorkspaceIdentityArgs(names["managed_identity"], place))


@dataclass(frozen=True)
class WorkspaceAccessArgs:
    """Who gets the rights, None where they are Azure's to give, and the ids of the resources they are for."""

    principal_id: pulumi.Output[str] | None
    subscription_id: str
    storage_id: pulumi.Output[str]
    key_vault_id: pulumi.Output[str]
    container_registry_id: pulumi.Output[str]
    application_insights_id: pulumi.Output[str]


class WorkspaceAccess(pulumi.ComponentResource):
    """What the identity may do; the workspace must wait for it, for Azure checks these rights when it is created."""

    def __init__(self, name: str, args: WorkspaceAccessArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlws:infra:WorkspaceAccess", name, None, opts)
        grants = {
            "storage": Grant("Contributor", args.storage_id, "Creates the workspace's containers and reads the key."),
            "blobs": Grant("Storage Blob Data Contributor", args.storage_id, "Keeps snapshots, logs and outputs."),
            "key-vault": Grant("Contributor", args.key_vault_id, "Ties the vault to the workspace."),
            "registry": Grant("Contributor", args.container_registry_id, "Builds, pushes and pulls images."),
            "insights": Grant("Contributor", args.application_insights_id, "Sends metrics of endpoints and jobs."),
        }
        self.assignments = [
            assign(f"{name}-{key}", grant, args.principal_id, args.subscription_id, parent=self)
            for key, grant in grants.items()
            if args.principal_id is not None
        ]
        self.register_outputs({})
