"""A stack whose workspace is a project of a hub: what a project has of its own, in a resource group of its own."""

from infra.components.diagnostics import Diagnostics, DiagnosticsArgs
from infra.components.monitoring import Monitoring, MonitoringArgs
from infra.components.network_access import Access
from infra.components.people_access import PeopleAccess, PeopleAccessArgs
from infra.components.project_workspace import ProjectWorkspace, ProjectWorkspaceArgs, hub_of
from infra.components.resource_group import ResourceGroup, ResourceGroupArgs
from infra.guards.deleted_workspace import for_deleted_workspace
from infra.guards.protection import Locks
from infra.other_stacks import made_elsewhere
from infra.outputs import StackOutputs, export
from infra.settings.access_plan import planned_grants
from infra.stacks.operations import shared_registry, watch
from infra.stacks.stack import Stack


def create_project(stack: Stack) -> None:
    """Create the stack's resources; storage, vault, registry and network are the hub's."""
    settings, names = stack.settings, stack.names
    elsewhere = made_elsewhere(settings, stack.file, stack.folder)
    hub = hub_of(
        str(elsewhere.hub_id), f"{stack.file}: mlws:workspace.{'hubStack' if settings.workspace.hub_stack else 'hubId'}"
    )
    group = ResourceGroup("resource-group", ResourceGroupArgs(names["resource_group"], names.tokens.region))
    place, access = group.place, Access.of(settings.network)
    monitoring = Monitoring(
        "monitoring",
        MonitoringArgs(names["log_analytics"], names["application_insights"], place, settings.monitoring, access),
    )
    workspace = ProjectWorkspace(
        "workspace",
        ProjectWorkspaceArgs(
            names["workspace"],
            place,
            hub.id,
            monitoring.insights_id,
            settings.workspace,
            for_deleted_workspace(stack.deployer.subscription_id, settings.workspace, settings.protection),
        ),
    )
    people = PeopleAccess(
        "access",
        PeopleAccessArgs(
            grants=planned_grants({}, settings.access, settings.workspace_roles, settings.key_vault.access),
            roles=settings.workspace_roles,
            subscription_id=stack.deployer.subscription_id,
            resource_group=names["resource_group"],
            scopes={"workspace": workspace.id, "resource-group": group.id},
        ),
    )
    diagnostics = Diagnostics(
        "diagnostics",
        DiagnosticsArgs(settings.monitoring.diagnostics, logs_id=monitoring.logs_id, workspace_id=workspace.id),
    )
    models = shared_registry(stack, elsewhere.registry_id, workspace.principal_id)
    watch(stack, group, workspace.id)
    Locks(
        "locks",
        {"log-analytics": monitoring.logs_id},
        settings.protection,
        everything=[monitoring, workspace, people, diagnostics],
    )
    export(
        StackOutputs(
            subscription_id=stack.deployer.subscription_id,
            resource_group=group.name,
            workspace_id=workspace.id,
            workspace_name=workspace.name,
            mlflow_tracking_uri=workspace.mlflow_tracking_uri,
            storage_account_name=hub.storage_account_name,
            training_data_container=None,
            data_storage_account_name=None,
            data_containers=[],
            key_vault_uri=hub.key_vault_uri,
            storage_key_secret=None,
            secrets=[],
            model_registry_name=models.name,
            compute_name=None,
            compute_names={},
            logging=settings.logging,
            plan=names,
        )
    )
