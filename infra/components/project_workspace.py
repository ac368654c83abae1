"""A workspace of kind Project, which keeps its data, secrets and images in what its hub is tied to."""

from dataclasses import dataclass
from typing import NamedTuple

import pulumi
import pulumi_azure_native as azure_native

from infra.components.resource_group import Place
from infra.components.workspace import SKU, identity_properties, principal_of
from infra.settings.resource_id import part_of
from infra.settings.workspace import WorkspaceSettings


class Hub(NamedTuple):
    """A hub, and the names of what it and its projects keep their data and secrets in."""

    id: pulumi.Output[str]
    storage_account_name: pulumi.Output[str]
    key_vault_uri: pulumi.Output[str]


def hub_of(found_id: str) -> Hub:
    """The hub of that id, asked of Azure."""
    hub_id = pulumi.Output.from_input(found_id)
    found = azure_native.machinelearningservices.get_workspace_output(
        resource_group_name=hub_id.apply(lambda one: part_of(one, "resourceGroups")),
        workspace_name=hub_id.apply(lambda one: part_of(one, "workspaces")),
    )
    return Hub(
        hub_id,
        found.storage_account.apply(lambda one: part_of(str(one), "storageAccounts")),
        found.key_vault.apply(lambda one: f"https://{part_of(str(one), 'vaults')}.vault.azure.net/"),
    )


@dataclass(frozen=True)
class ProjectWorkspaceArgs:
    """The workspace's name, where it goes, its hub, where its metrics end up, and what if Azure does not make it."""

    name: str
    place: Place
    hub_id: pulumi.Output[str]
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
