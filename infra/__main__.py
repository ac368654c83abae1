"""The Pulumi program: an Azure ML workspace and everything it hangs on, named and tagged, from the stack's settings."""

from pathlib import Path

import pulumi
from pulumi.runtime.config import get_config_env, get_config_secret_keys_env

from infra.components.alerts import Alerts, AlertsArgs
from infra.components.budget import Budget, BudgetArgs
from infra.components.compute_cluster import ComputeCluster, ComputeClusterArgs
from infra.components.container_registry import ContainerRegistry, ContainerRegistryArgs
from infra.components.diagnostics import Diagnostics, DiagnosticsArgs
from infra.components.key_vault import KeyVault, KeyVaultArgs
from infra.components.monitoring import Monitoring, MonitoringArgs
from infra.components.network_access import Access
from infra.components.private_access import PrivateAccess, PrivateAccessArgs
from infra.components.private_endpoints import Target
from infra.components.resource_group import ResourceGroup, ResourceGroupArgs
from infra.components.storage import Storage, StorageArgs
from infra.components.workspace import Workspace, WorkspaceArgs
from infra.components.workspace_identity import (
    WorkspaceAccess,
    WorkspaceAccessArgs,
    WorkspaceIdentity,
    WorkspaceIdentityArgs,
)
from infra.errors import InfraError
from infra.guards.clear_text import require_encrypted_secrets
from infra.guards.deployer import current_deployer, require_right_azure
from infra.guards.guardrail import guard_every_resource
from infra.guards.protection import Locks, protect_what_holds_state
from infra.guards.soft_delete import vault_is_deleted
from infra.guards.tags import stack_tags, tag_every_resource
from infra.names import namer, operations_name, planned_names
from infra.outputs import StackOutputs, export
from infra.settings import settings_from, stack_file
from infra.settings.secrets import STORAGE_KEY_SECRET

PROJECT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Create the stack. Every name is known and proven before the first resource."""
    stack = pulumi.get_stack()
    settings = settings_from(get_config_env(), stack, get_config_secret_keys_env())
    require_encrypted_secrets(PROJECT, stack)
    names = planned_names(settings, PROJECT, stack_file(stack))
    deployer = current_deployer()
    require_right_azure(stack, settings.environment, deployer)
    tag_every_resource(stack_tags(settings, names.tokens.workload))
    guard_every_resource(PROJECT, settings.environment)
    protect_what_holds_state(settings.protection)

    group = ResourceGroup("resource-group", ResourceGroupArgs(names["resource_group"], names.tokens.region))
    place, access = group.place, Access.of(settings.network)
    identity = WorkspaceIdentity("identity", WorkspaceIdentityArgs(names["managed_identity"], place))
    storage = Storage(
        "storage", StorageArgs(names["storage_account"], place, settings.storage, settings.lifecycle_rules, access)
    )
    vault = KeyVault(
        "key-vault",
        KeyVaultArgs(
            name=names["key_vault"],
            place=place,
            deployer=deployer,
            principals=settings.principals,
            workspace_principal_id=identity.principal_id,
            settings=settings.key_vault,
            is_deleted=vault_is_deleted,
            access=access,
        ),
    )
    storage_key = vault.keep(STORAGE_KEY_SECRET, storage.key) if storage.key is not None else None
    secrets = vault.keep_all(settings.secrets)
    monitoring = Monitoring(
        "monitoring",
        MonitoringArgs(names["log_analytics"], names["application_insights"], place, settings.monitoring, access),
    )
    registry = ContainerRegistry(
        "registry", ContainerRegistryArgs(names["container_registry"], place, settings.container_registry, access)
    )
    rights = WorkspaceAccess(
        "workspace-access",
        WorkspaceAccessArgs(
            principal_id=identity.principal_id,
            subscription_id=deployer.subscription_id,
            storage_id=storage.id,
            key_vault_id=vault.id,
            container_registry_id=registry.id,
            application_insights_id=monitoring.insights_id,
        ),
    )
    workspace = Workspace(
        "workspace",
        WorkspaceArgs(
            name=names["workspace"],
            place=place,
            storage_id=storage.id,
            key_vault_id=vault.id,
            application_insights_id=monitoring.insights_id,
            container_registry_id=registry.id,
            identity_id=identity.id,
            principal_id=identity.principal_id,
            subscription_id=deployer.subscription_id,
            rights=[*rights.assignments, *vault.rights],
            datastore_access=settings.storage.access,
            access=access,
        ),
    )
    cluster = ComputeCluster(
        "cluster",
        ComputeClusterArgs(
            name=names["compute_cluster"],
            place=place,
            workspace_name=workspace.name,
            subscription_id=deployer.subscription_id,
            storage_id=storage.id,
            container_registry_id=registry.id,
            settings=settings.compute_cluster,
        ),
    )
    endpoints = PrivateAccess(
        "network",
        PrivateAccessArgs(
            namer=namer(names, PROJECT),
            place=place,
            settings=settings.network,
            targets={
                "mlw": Target("workspace", workspace.id),
                "blob": Target("blob", storage.id),
                "file": Target("file", storage.id),
                "kv": Target("vault", vault.id),
                "cr": Target("registry", registry.id),
            },
            monitored={"logs": monitoring.logs_id, "insights": monitoring.insights_id},
            scope_name=names["log_analytics"],
        ),
    )
    diagnostics = Diagnostics(
        "diagnostics",
        DiagnosticsArgs(
            level=settings.monitoring.diagnostics,
            logs_id=monitoring.logs_id,
            storage_id=storage.id,
            key_vault_id=vault.id,
            container_registry_id=registry.id,
            workspace_id=workspace.id,
        ),
    )
    Alerts(
        "alerts",
        AlertsArgs(
            action_group_name=operations_name("Microsoft.Insights/actionGroups", names, PROJECT),
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
        {
            "storage": storage.id,
            "key-vault": vault.id,
            "container-registry": registry.id,
            "log-analytics": monitoring.logs_id,
        },
        settings.protection,
        everything=[storage, vault, monitoring, registry, rights, workspace, cluster, diagnostics, endpoints],
    )
    export(
        StackOutputs(
            subscription_id=deployer.subscription_id,
            resource_group=group.name,
            workspace_name=workspace.name,
            mlflow_tracking_uri=workspace.mlflow_tracking_uri,
            storage_account_name=storage.name,
            training_data_container=storage.training_data.name,
            key_vault_uri=vault.uri,
            storage_key_secret=storage_key.name if storage_key is not None else None,
            secrets=secrets,
            compute_name=cluster.name,
            plan=names,
        )
    )


if __name__ == "__main__":
    try:
        main()
    except InfraError as error:
        raise pulumi.RunError(str(error)) from None
