"""A workspace of kind Project, which keeps its data, secrets and images in what its hub is tied to."""

from dataclasses import dataclass
from typing import NamedTuple

import pulumi
import pulumi_azure_native as azure_native

from infra.components.resource_group import Place
from infra.components.workspace import SKU, identity_properties, principal_of
from infra.errors import InfraError
from infra.settings.resource_id import part_of
from infra.settings.workspace import WorkspaceSettings


class Hub(NamedTuple):
    """A hub, and the names of what it and its projects keep their data and secrets in."""

    id: str
    storage_account_name: str
    key_vault_uri: str


def hub_of(hub_id: str, at: str) -> Hub:
    """The hub of that id, asked of Azure; `at` is the setting that leads to it.

    Raises `InfraError` where there is none: Azure would refuse the project when half of the stack is made.
    """
    group, name = part_of(hub_id, "resourceGroups"), part_of(hub_id, "workspaces")
    told = f"{at}: '{name}' in resource group '{group}'"
    try:
        found = azure_native.machinelearningservices.get_workspace(resource_group_name=group, workspace_name=name)
    except Exception as error:  # Pulumi's own type for every failure
        reason = str(error).rpartition("returned an error: ")[2].strip()
        raise InfraError(f"{told} cannot be read ({reason}); name a hub that is there and that you may read") from None
    if (found.kind or "").lower() != "hub":
        raise InfraError(f"{told} is a workspace of kind '{found.kind or 'Default'}', and only a Hub has projects")
    return Hub(
        hub_id,
        part_of(str(found.storage_account), "storageAccounts"),
        f"https://{part_of(str(found.key_vault), 'vaults')}.vault.azure.net/",
    )


@dataclass(frozen=True)
class ProjectWorkspaceArgs:
    """The workspace's name, where it goes, its hub, where its metrics end up, and what if Azure does not make it."""

    name: str
    place: Place
    hub_id: str
    application_insights_id: pulumi.Output[str]
    settings: WorkspaceSettings
    refused: pulumi.ErrorHook


class ProjectWorkspace(pulumi.ComponentResource):
    """A workspace with the hub's storage, vault, registry, network and key, and an identity of Azure's making."""

    def __init__(self, name: str, args: ProjectWorkspaceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlws:infra:ProjectWorkspace", name, None, opts)
        workspace = azure_native.machinelearningservices.Workspace(
            name,
            workspace_name=args.name,
            resource_group_name=args.place.resource_group,
            location=args.place.region,
            kind=args.settings.kind,
            sku=SKU,
            friendly_name=args.name,
            hub_resource_id=args.hub_id,
            application_insights=args.application_insights_id,
            identity=identity_properties(None),
            hbi_workspace=args.settings.high_business_impact or None,
            opts=pulumi.ResourceOptions(parent=self, hooks=pulumi.ResourceHookBinding(on_error=[args.refused])),
        )
        self.id = workspace.id
        self.name = workspace.name
        self.principal_id = workspace.identity.apply(principal_of)
        self.mlflow_tracking_uri = workspace.ml_flow_tracking_uri
        self.register_outputs({"name": self.name})
