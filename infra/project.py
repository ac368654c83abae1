"""A stack whose workspace is a project of a hub: what a project has of its own, in a resource group of its own."""

from dataclasses import dataclass
from pathlib import Path

from infra.components.alerts import Alerts, AlertsArgs
from infra.components.budget import Budget, BudgetArgs
from infra.components.diagnostics import Diagnostics, DiagnosticsArgs
from infra.components.monitoring import Monitoring, MonitoringArgs
from infra.components.network_access import Access
from infra.components.people_access import PeopleAccess, PeopleAccessArgs
from infra.components.project_workspace import ProjectWorkspace, ProjectWorkspaceArgs, hub_of
from infra.components.resource_group import ResourceGroup, ResourceGroupArgs
from infra.components.shared_registry import SharedRegistry, SharedRegistryArgs
from infra.guards.protection import Locks
from infra.names import operations_name
from infra.outputs import StackOutputs, export
from infra.settings import Settings
from infra.settings.access_plan import planned_grants
from naming import NamingPlan


@dataclass(frozen=True)
class ProjectStack:
    """What is known before the first resource: settings, names, the folder of the convention, and the subscription."""

    settings: Settings
    names: NamingPlan
    folder: Path
    subscription_id: str


def create_project(stack: ProjectStack) -> None:
    """Create the stack's resources; storage, vault, registry and network are the hub's."""
    settings, names = stack.settings, stack.names
    group = ResourceGroup("resource-group", ResourceGroupArgs(names["resource_group"], names.tokens.region))
    place, hub = group.place, hub_of(settings.workspace)
    monitoring = Monitoring(
        "monitoring",
        MonitoringArgs(
            names["log_analytics"],
            names["application_insights"],
            place,
            settings.monitoring,
            Access.of(settings.network),
        ),
    )
    workspace = ProjectWorkspace(
        "workspace",
        ProjectWorkspaceArgs(names["workspace"], place, hub.id, monitoring.insights_id, settings.workspace),
    )
    people = PeopleAccess(
        "access",
        PeopleAccessArgs(
            grants=planned_grants({}, settings.access, settings.workspace_roles, settings.key_vault.access),
            roles=settings.workspace_roles,
            subscription_id=stack.subscription_id,
            resource_group=names["resource_group"],
            scopes={"workspace": workspace.id, "resource-group": group.id},
        ),
    )
    diagnostics = Diagnostics(
        "diagnostics",
        DiagnosticsArgs(settings.monitoring.diagnostics, logs_id=monitoring.logs_id, workspace_id=workspace.id),
    )
    shared_registry = SharedRegistry(
        "shared-registry", SharedRegistryArgs(settings.shared_registry, workspace.principal_id, stack.subscription_id)
    )
    Alerts(
        "alerts",
        AlertsArgs(
            action_group_name=operations_name("Microsoft.Insights/actionGroups", names, stack.folder),
            alert_name=names["workspace"],
            place=place,
            workspace_id=workspace.id,
            settings=settings.alerts,
        ),
    )
    Budget(
        "budget",
        BudgetArgs(
            name=names["workspace"],
            resource_group_id=group.id,
            emails=settings.alerts.emails,
            settings=settings.budget,
        ),
    )
    Locks(
        "locks",
        {"log-analytics": monitoring.logs_id},
        settings.protection,
        everything=[monitoring, workspace, people, diagnostics],
    )
    export(
        StackOutputs(
            subscription_id=stack.subscription_id,
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
            model_registry_name=shared_registry.name,
            compute_name=None,
            compute_names={},
            plan=names,
        )
    )
