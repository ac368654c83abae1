"""The Pulumi program: an Azure ML workspace and everything it hangs on, named and tagged, from the stack's settings."""

from pathlib import Path

import pulumi
from pulumi.runtime.config import get_config_env, get_config_secret_keys_env

from infra.components.alerts import Alerts, AlertsArgs
from infra.components.budget import Budget, BudgetArgs
from infra.components.computes import Computes, ComputesArgs
from infra.components.container_registry import ContainerRegistry, ContainerRegistryArgs
from infra.components.data_storage import ACCOUNTS, DataStoragePlace, data_storage
from infra.components.diagnostics import Diagnostics, DiagnosticsArgs
from infra.components.encryption import EncryptionArgs, customer_key, users_of_own_key
from infra.components.key_vault import KeyVault, KeyVaultArgs
from infra.components.monitoring import Monitoring, MonitoringArgs
from infra.components.network_access import Access
from infra.components.people_access import PeopleAccess, PeopleAccessArgs
from infra.components.private_access import PrivateAccess, PrivateAccessArgs
from infra.components.private_endpoints import Target
from infra.components.resource_group import ResourceGroup, ResourceGroupArgs
from infra.components.shared_registry import SharedRegistry, SharedRegistryArgs
from infra.components.storage import Storage, StorageArgs
from infra.components.workspace import Tied, Workspace, WorkspaceArgs
from infra.components.workspace_identity import (
    WorkspaceAccess,
    WorkspaceAccessArgs,
    workspace_identity,
)
from infra.components.workspace_parts import add_parts, workspace_parts
from infra.compute_names import compute_names
from infra.errors import InfraError
from infra.guards.adoption import adopt_what_exists
from infra.guards.aliases import know_former_names
from infra.guards.clear_text import require_encrypted_secrets
from infra.guards.deployer import current_deployer, require_right_azure
from infra.guards.guardrail import guard_every_resource
from infra.guards.protection import Locks, protect_what_holds_state
from infra.guards.soft_delete import vault_is_deleted
from infra.guards.tags import tag_every_resource
from infra.names import namer, operations_name, planned_names
from infra.outputs import StackOutputs, export
from infra.project import ProjectStack, create_project
from infra.settings import settings_from, stack_file
from infra.settings.access_plan import planned_grants
from infra.settings.model_registry import SHARED
from infra.settings.secrets import STORAGE_KEY_SECRET
from infra.shared import create_shared
from infra.stack_tags import require_allowed_tags, stack_tags

PROJECT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Create the stack. Every name is known and proven before the first resource."""
    stack = pulumi.get_stack()
    settings = settings_from(get_config_env(), stack, get_config_secret_keys_env())
    require_encrypted_secrets(PROJECT, stack)
    names = planned_names(settings, PROJECT, stack_file(stack))
    deployer = current_deployer()
    require_right_azure(stack, settings.environment, deployer)
    tags = stack_tags(settings, names.tokens.workload)
    require_allowed_tags(tags, PROJECT, stack_file(stack))
    tag_every_resource(tags)
    guard_every_resource(PROJECT, settings.environment, settings.names.values())
    protect_what_holds_state(settings.protection)
    adopt_what_exists()
    know_former_names()

    if settings.environment == SHARED:
        create_shared(settings, names)
        return
    if settings.workspace.kind == "Project":
        create_project(ProjectStack(settings, names, PROJECT, deployer.subscription_id))
        return
    group = ResourceGroup("resource-group", ResourceGroupArgs(names["resource_group"], names.tokens.region))
    place, access = group.place, Access.of(settings.network)
    cluster_name = names["compute_cluster"] if settings.workspace.has_clusters else None
    identity = workspace_identity("identity", settings, names, place)
    storage = Storage(
        "storage", StorageArgs(names["storage_account"], place, settings.storage, settings.lifecycle_rules, access)
    )
    data = data_storage(
        "data-storage",
        settings,
        DataStoragePlace(
            name=namer(names, PROJECT)(ACCOUNTS, "data"),
            place=place,
            access=access,
        ),
    )
    vault = KeyVault(
        "key-vault",
        KeyVaultArgs(
            name=names["key_vault"],
            place=place,
            deployer=deployer,
            principals=settings.principals,
            workspace_principal_id=identity.principal_id if identity else None,
            key_users=users_of_own_key(settings.encryption),
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
    encryption = customer_key(
        "encryption", EncryptionArgs(settings.encryption, place, vault, identity, deployer.subscription_id)
    )
    rights = WorkspaceAccess(
        "workspace-access",
        WorkspaceAccessArgs(
            principal_id=identity.principal_id if identity else None,
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
            tied=Tied(storage.id, vault.id, monitoring.insights_id, registry.id),
            identity=identity,
            subscription_id=deployer.subscription_id,
            rights=[*rights.assignments, *vault.rights, *(encryption.rights if encryption else [])],
            datastore_access=settings.storage.access,
            access=access,
            settings=settings.workspace,
            parts=workspace_parts(settings, encryption, cluster_name),
        ),
    )
    if data:
        data.admit("workspace", workspace.principal_id, deployer.subscription_id)
    parts = add_parts(settings, workspace, identity, place, deployer.subscription_id)
    computes = Computes(
        ComputesArgs(
            cluster_name=cluster_name,
            names=compute_names(settings, names, PROJECT, stack_file(stack)),
            place=place,
            workspace_name=workspace.name,
            deployer=deployer,
            storage_id=storage.id,
            container_registry_id=registry.id,
            settings=settings,
            data_storage_id=data.id if data else None,
        )
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
                **(data.targets if data else {}),
            },
            monitored={"logs": monitoring.logs_id, "insights": monitoring.insights_id},
            scope_name=names["log_analytics"],
        ),
    )
    people = PeopleAccess(
        "access",
        PeopleAccessArgs(
            grants=planned_grants(
                settings.principals, settings.access, settings.workspace_roles, settings.key_vault.access
            ),
            roles=settings.workspace_roles,
            subscription_id=deployer.subscription_id,
            resource_group=names["resource_group"],
            scopes={
                "workspace": workspace.id,
                "storage": storage.id,
                "container-registry": registry.id,
                "key-vault": vault.id,
                "resource-group": group.id,
            },
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
            data_storage_id=data.id if data else None,
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
    shared_registry = SharedRegistry(
        "shared-registry",
        SharedRegistryArgs(settings.shared_registry, workspace.principal_id, deployer.subscription_id),
    )
    Locks(
        "locks",
        {
            "storage": storage.id,
            **({"data-storage": data.id} if data else {}),
            "key-vault": vault.id,
            "container-registry": registry.id,
            "log-analytics": monitoring.logs_id,
        },
        settings.protection,
        everything=[
            storage,
            vault,
            monitoring,
            registry,
            rights,
            workspace,
            *parts,
            *computes.all,
            people,
            diagnostics,
            endpoints,
            *([data] if data else []),
        ],
    )
    export(
        StackOutputs(
            subscription_id=deployer.subscription_id,
            resource_group=group.name,
            workspace_id=workspace.id,
            workspace_name=workspace.name,
            mlflow_tracking_uri=workspace.mlflow_tracking_uri,
            storage_account_name=storage.name,
            training_data_container=storage.training_data.name,
            data_storage_account_name=data.name if data else None,
            data_containers=data.containers if data else [],
            key_vault_uri=vault.uri,
            storage_key_secret=storage_key.name if storage_key is not None else None,
            secrets=secrets,
            compute_name=computes.default.name if computes.default else None,
            model_registry_name=shared_registry.name,
            compute_names=computes.names,
            plan=names,
        )
    )


if __name__ == "__main__":
    try:
        main()
    except InfraError as error:
        raise pulumi.RunError(str(error)) from None
