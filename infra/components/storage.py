"""The storage account of the workspace."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from infra.components.network_access import Access
from infra.components.resource_group import Place
from infra.components.storage_account import AccountArgs, first_key, storage_account
from infra.settings.storage import LifecycleRule, StorageSettings


@dataclass(frozen=True)
class StorageArgs:
    """The account's name, where it goes, its settings, what happens to old blobs, and from where it is reached."""

    name: str
    place: Place
    settings: StorageSettings
    lifecycle_rules: Mapping[str, LifecycleRule]
    access: Access


class Storage(pulumi.ComponentResource):
    """A storage account with private blob containers; `key` is None where it refuses keys."""

    def __init__(self, name: str, args: StorageArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlws:infra:Storage", name, None, opts)
        training_data = f"{name}-training-data"
        containers = {training_data: args.settings.training_data_container}
        containers |= {f"{name}-{container}": container for container in args.settings.containers}
        account_args = AccountArgs(args.name, args.place, args.settings, containers, args.lifecycle_rules, args.access)
        made = storage_account(name, account_args, parent=self)
        self.id = made.resource.id
        self.name = made.resource.name
        self.training_data = made.containers[training_data]
        self.key = first_key(account_args, made.resource) if args.settings.access == "key" else None
        self.register_outputs({"name": self.name})
