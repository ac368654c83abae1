"""What a workspace hangs on: its group, its identity, and where it keeps data, secrets, images and metrics."""

from dataclasses import dataclass

import pulumi

from infra.components.container_registry import ContainerRegistry, ContainerRegistryArgs
from infra.components.data_storage import ACCOUNTS, DataStorage, DataStoragePlace, data_storage
from infra.components.encryption import Encryption, EncryptionArgs, customer_key, users_of_own_key
from infra.components.key_vault import KeyVault, KeyVaultArgs
from infra.components.monitoring import Monitoring, MonitoringArgs
from infra.components.network_access import Access
from infra.components.resource_group import Place, ResourceGroup, ResourceGroupArgs
from infra.components.storage import Storage, StorageArgs
from infra.components.workspace_identity import WorkspaceIdentity, workspace_identity
from infra.guards.soft_delete import vault_is_deleted
from infra.settings.secrets import STORAGE_KEY_SECRET
from infra.stacks.stack import Stack


@dataclass(frozen=True)
class Foundation:
    """The components, `data` and `encryption` where the stack has them, and the names of the secrets in the vault."""

    group: ResourceGroup
    access: Access
    identity: WorkspaceIdentity | None
    storage: Storage
    data: DataStorage | None
    vault: KeyVault
    monitoring: Monitoring
    registry: ContainerRegistry
    encryption: Encryption | None
    storage_key_secret: pulumi.Output[str] | None
    secrets: list[str]

    @property
    def place(self) -> Place:
        """The region, and the resource group that everything goes into."""
        return self.group.place


def create_foundation(stack: Stack) -> Foundation:
    """Create all of it; nothing here waits for the workspace."""
    settings, names = stack.settings, stack.names
    group = ResourceGroup("resource-group", ResourceGroupArgs(names["resource_group"], names.tokens.region))
    place, access = group.place, Access.of(settings.network)
    identity = workspace_identity("identity", settings, names, place)
    storage = Storage(
        "storage", StorageArgs(names["storage_account"], place, settings.storage, settings.lifecycle_rules, access)
    )
    vault = _vault(stack, place, access, identity)
    storage_key = vault.keep(STORAGE_KEY_SECRET, storage.key) if storage.key is not None else None
    return Foundation(
        group=group,
        access=access,
        identity=identity,
        storage=storage,
        data=data_storage("data-storage", settings, DataStoragePlace(stack.namer(ACCOUNTS, "data"), place, access)),
        vault=vault,
        monitoring=Monitoring(
            "monitoring",
            MonitoringArgs(names["log_analytics"], names["application_insights"], place, settings.monitoring, access),
        ),
        registry=ContainerRegistry(
            "registry", ContainerRegistryArgs(names["container_registry"], place, settings.container_registry, access)
        ),
        encryption=customer_key(
            "encryption",
            EncryptionArgs(settings.encryption, place, vault, identity, stack.deployer.subscription_id),
        ),
        storage_key_secret=storage_key.name if storage_key is not None else None,
        secrets=vault.keep_all(settings.secrets),
    )


def _vault(stack: Stack, place: Place, access: Access, identity: WorkspaceIdentity | None) -> KeyVault:
    return KeyVault(
        "key-vault",
        KeyVaultArgs(
            name=stack.names["key_vault"],
            place=place,
            deployer=stack.deployer,
            principals=stack.settings.principals,
            workspace_principal_id=identity.principal_id if identity else None,
            key_users=users_of_own_key(stack.settings.encryption),
            settings=stack.settings.key_vault,
            is_deleted=vault_is_deleted,
            access=access,
        ),
    )
