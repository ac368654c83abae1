"""The stack of a workspace: what it hangs on, the workspace, what runs in it, who may use it, and who watches."""

from collections.abc import Sequence

import pulumi

from infra.components.computes import Computes, ComputesArgs
from infra.components.diagnostics import Diagnostics, DiagnosticsArgs
from infra.components.people_access import PeopleAccess, PeopleAccessArgs
from infra.components.private_access import PrivateAccess, PrivateAccessArgs
from infra.components.private_endpoints import Target
from infra.components.workspace import Tied, Workspace, WorkspaceArgs
from infra.components.workspace_identity import WorkspaceAccess, WorkspaceAccessArgs
from infra.components.workspace_parts import add_parts, workspace_parts
from infra.compute_names import compute_names
from infra.guards.deleted_workspace import for_deleted_workspace
from infra.guards.protection import Locks
from infra.other_stacks import made_elsewhere
from infra.outputs import StackOutputs, export
from infra.settings.access_plan import planned_grants
from infra.stacks.foundation import Foundation, create_foundation
from infra.stacks.operations import shared_registry, watch
from infra.stacks.stack import Stack


def create_workspace(stack: Stack) -> None:
    """Create the stack's resources, and export what jobs and people need of them."""
    elsewhere = made_elsewhere(stack.settings, stack.file, stack.folder)
    under = create_foundation(stack)
    rights = _rights(stack, under)
    workspace = _workspace(stack, under, rights)
    parts = add_parts(stack.settings, workspace, under.identity, under.place, stack.deployer.subscription_id)
    computes = _computes(stack, under, workspace)
    endpoints = _endpoints(stack, under, workspace)
    people = _people(stack, under, workspace)
    diagnostics = _diagnostics(stack, under, workspace, endpoints)
    watch(stack, under.group, workspace.id)
    models = shared_registry(stack, elsewhere.registry_id, workspace.principal_id)
    _locks(stack, under, [rights, workspace, *parts, *computes.all, people, diagnostics, endpoints])
    _export(stack, under, workspace, computes, models.name)


def _rights(stack: Stack, under: Foundation) -> WorkspaceAccess:
    return WorkspaceAccess(
        "workspace-access",
        WorkspaceAccessArgs(
            principal_id=under.identity.principal_id if under.identity else None,
            subscription_id=stack.deployer.subscription_id,
            storage_id=under.storage.id,
            key_vault_id=under.vault.id,
            container_registry_id=under.registry.id,
            application_insights_id=under.monitoring.insights_id,
        ),
    )


def _workspace(stack: Stack, under: Foundation, rights: WorkspaceAccess) -> Workspace:
    settings, encryption = stack.settings, under.encryption
    workspace = Workspace(
        "workspace",
        WorkspaceArgs(
            name=stack.names["workspace"],
            place=under.place,
            tied=Tied(under.storage.id, under.vault.id, under.monitoring.insights_id, under.registry.id),
            identity=under.identity,
            subscription_id=stack.deployer.subscription_id,
            rights=[*rights.assignments, *under.vault.rights, *(encryption.rights if encryption else [])],
            datastore_access=settings.storage.access,
            access=under.access,
            settings=settings.workspace,
            parts=workspace_parts(settings, encryption, _cluster_name(stack)),
            refused=for_deleted_workspace(stack.deployer.subscription_id, settings.workspace, settings.protection),
        ),
    )
    if under.data:
        under.data.admit("workspace", workspace.principal_id, stack.deployer.subscription_id)
    return workspace


def _cluster_name(stack: Stack) -> str | None:
    return stack.names["compute_cluster"] if stack.settings.workspace.has_clusters else None


def _computes(stack: Stack, under: Foundation, workspace: Workspace) -> Computes:
    return Computes(
        ComputesArgs(
            cluster_name=_cluster_name(stack),
            names=compute_names(stack.settings, stack.names, stack.folder, stack.file),
            place=under.place,
            workspace_name=workspace.name,
            deployer=stack.deployer,
            storage_id=under.storage.id,
            container_registry_id=under.registry.id,
            settings=stack.settings,
            data_storage_id=under.data.id if under.data else None,
        )
    )


def _endpoints(stack: Stack, under: Foundation, workspace: Workspace) -> PrivateAccess:
    return PrivateAccess(
        "network",
        PrivateAccessArgs(
            namer=stack.namer,
            place=under.place,
            settings=stack.settings.network,
            targets={
                "mlw": Target("workspace", workspace.id),
                "blob": Target("blob", under.storage.id),
                "file": Target("file", under.storage.id),
                "kv": Target("vault", under.vault.id),
                "cr": Target("registry", under.registry.id),
                **(under.data.targets if under.data else {}),
            },
            monitored={"logs": under.monitoring.logs_id, "insights": under.monitoring.insights_id},
            scope_name=stack.names["log_analytics"],
        ),
    )


def _people(stack: Stack, under: Foundation, workspace: Workspace) -> PeopleAccess:
    settings = stack.settings
    return PeopleAccess(
        "access",
        PeopleAccessArgs(
            grants=planned_grants(
                settings.principals, settings.access, settings.workspace_roles, settings.key_vault.access
            ),
            roles=settings.workspace_roles,
            subscription_id=stack.deployer.subscription_id,
            resource_group=stack.names["resource_group"],
            scopes={
                "workspace": workspace.id,
                "storage": under.storage.id,
                "container-registry": under.registry.id,
                "key-vault": under.vault.id,
                "resource-group": under.group.id,
            },
        ),
    )


def _diagnostics(stack: Stack, under: Foundation, workspace: Workspace, endpoints: PrivateAccess) -> Diagnostics:
    return Diagnostics(
        "diagnostics",
        DiagnosticsArgs(
            level=stack.settings.monitoring.diagnostics,
            logs_id=under.monitoring.logs_id,
            storage_id=under.storage.id,
            key_vault_id=under.vault.id,
            container_registry_id=under.registry.id,
            workspace_id=workspace.id,
            data_storage_id=under.data.id if under.data else None,
            network=endpoints.watched,
        ),
    )


def _locks(stack: Stack, under: Foundation, later: Sequence[pulumi.Resource]) -> None:
    data = under.data
    Locks(
        "locks",
        {
            "storage": under.storage.id,
            **({"data-storage": data.id} if data else {}),
            "key-vault": under.vault.id,
            "container-registry": under.registry.id,
            "log-analytics": under.monitoring.logs_id,
        },
        stack.settings.protection,
        everything=[under.storage, under.vault, under.monitoring, under.registry, *([data] if data else []), *later],
    )


def _export(
    stack: Stack, under: Foundation, workspace: Workspace, computes: Computes, models: pulumi.Output[str] | None
) -> None:
    data = under.data
    export(
        StackOutputs(
            subscription_id=stack.deployer.subscription_id,
            resource_group=under.group.name,
            workspace_id=workspace.id,
            workspace_name=workspace.name,
            mlflow_tracking_uri=workspace.mlflow_tracking_uri,
            storage_account_name=under.storage.name,
            training_data_container=under.storage.training_data.name,
            data_storage_account_name=data.name if data else None,
            data_containers=data.containers if data else [],
            key_vault_uri=under.vault.uri,
            storage_key_secret=under.storage_key_secret,
            secrets=under.secrets,
            compute_name=computes.default.name if computes.default else None,
            model_registry_name=models,
            compute_names=computes.names,
            logging=stack.settings.logging,
            plan=stack.names,
        )
    )
