"""The storage account for data, which the workspace is not tied to and which may outlive it."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from infra.components.network_access import Access
from infra.components.private_endpoints import Target
from infra.components.resource_group import Place
from infra.components.role_assignment import Grant, assign
from infra.components.storage_account import AccountArgs, storage_account
from infra.settings import Settings
from infra.settings.storage import DataStorageSettings, LifecycleRule

ACCOUNTS = "Microsoft.Storage/storageAccounts"


@dataclass(frozen=True)
class DataStoragePlace:
    """The account's name, where it goes, and from where it is reached."""

    name: str
    place: Place
    access: Access


def data_storage(name: str, settings: Settings, where: DataStoragePlace) -> "DataStorage | None":
    """The account, where the stack has one."""
    if settings.data_storage is None:
        return None
    return DataStorage(name, settings.data_storage.like(settings.storage), settings.data_lifecycle_rules, where)


class DataStorage(pulumi.ComponentResource):
    """A storage account with private containers, and directories where the stack wants them."""

    def __init__(
        self,
        name: str,
        settings: DataStorageSettings,
        rules: Mapping[str, LifecycleRule],
        where: DataStoragePlace,
    ) -> None:
        super().__init__("mlws:infra:DataStorage", name)
        made = storage_account(
            name,
            AccountArgs(
                name=where.name,
                place=where.place,
                settings=settings,
                containers={f"{name}-{container}": container for container in settings.containers},
                lifecycle_rules=rules,
                access=where.access,
                hierarchical_namespace=settings.hierarchical_namespace,
            ),
            parent=self,
        )
        self.id = made.resource.id
        self.name = made.resource.name
        self.containers = [container.name for container in made.containers.values()]
        services = ("blob", "dfs") if settings.hierarchical_namespace else ("blob",)
        self.targets = {f"data{service}": Target(service, self.id) for service in services}
        self._label = name
        self.register_outputs({"name": self.name})

    def admit(self, reader: str, principal_id: pulumi.Output[str], subscription_id: str) -> None:
        """Let an identity that jobs or studio read the data as in."""
        grant = Grant("Storage Blob Data Contributor", self.id, "Reads data, and writes what jobs make of it.")
        assign(f"{self._label}-{reader}", grant, principal_id, subscription_id, parent=self)
