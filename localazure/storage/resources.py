"""Storage accounts and blob containers, as ARM resources."""

import base64
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import ClassVar

from localazure.arm.errors import ArmError
from localazure.arm.ids import ResourcePath
from localazure.arm.models import ResourceManager
from localazure.arm.resource_type import Action, ResourceType, assign_identity
from localazure.arm.store import Json, Resource
from localazure.home import TENANT_ID
from localazure.storage.blobs import BlobService

_KEY_BYTES = 64
SERVICES = ("blob", "dfs", "file", "queue", "table", "web")


class StorageAccount(ResourceType):
    """https://learn.microsoft.com/rest/api/storagerp/storage-accounts"""

    type: ClassVar[str] = "Microsoft.Storage/storageAccounts"
    created_status: ClassVar[int] = 200
    required: ClassVar[tuple[str, ...]] = ("location", "sku.name", "kind")
    global_name: ClassVar[str | None] = "StorageAccountAlreadyTaken"
    kept: ClassVar[tuple[str, ...]] = ("creationTime", "provisioningState")

    def __init__(self, blobs: BlobService) -> None:
        self._blobs = blobs

    def enrich(self, arm: ResourceManager, resource: Resource, existing: Resource | None) -> None:
        """Endpoints follow from the name; keys are made once and never shown by GET."""
        properties = resource.properties
        properties.setdefault("creationTime", datetime.now(UTC).isoformat())
        properties["primaryLocation"] = resource.body["location"]
        properties["statusOfPrimary"] = "available"
        properties["primaryEndpoints"] = {
            service: f"https://{resource.name}.{service}.core.windows.net/" for service in SERVICES
        }
        sku = resource.body["sku"]
        sku["tier"] = str(sku["name"]).split("_", 1)[0]
        assign_identity(resource, existing, TENANT_ID)
        resource.private.setdefault("keys", [_new_key(), _new_key()])

    async def provision(self, arm: ResourceManager, resource: Resource, existing: Resource | None) -> None:
        """Let Azurite serve the account."""
        if existing is None:
            self._blobs.serve_accounts({**account_keys(arm), resource.name: resource.private["keys"][0]})

    async def after_delete(self, arm: ResourceManager, resource: Resource) -> None:
        """Blobs go with their account."""
        await self._blobs.delete_all(resource.name, resource.private["keys"][0])
        self._blobs.serve_accounts(account_keys(arm))

    @property
    def actions(self) -> Mapping[str, Action]:
        """`listKeys`."""
        return {"listkeys": _list_keys}


class BlobContainer(ResourceType):
    """https://learn.microsoft.com/rest/api/storagerp/blob-containers"""

    type: ClassVar[str] = "Microsoft.Storage/storageAccounts/blobServices/containers"

    def __init__(self, blobs: BlobService) -> None:
        self._blobs = blobs

    def enrich(self, arm: ResourceManager, resource: Resource, existing: Resource | None) -> None:
        """Private unless asked otherwise."""
        resource.properties.setdefault("publicAccess", "None")
        resource.properties.pop("provisioningState", None)

    async def provision(self, arm: ResourceManager, resource: Resource, existing: Resource | None) -> None:
        """Make the container in Azurite."""
        account, key = _account_of(arm, resource)
        await self._blobs.create_container(account, key, resource.name)

    async def after_delete(self, arm: ResourceManager, resource: Resource) -> None:
        """Delete it there, unless its whole account has gone."""
        try:
            account, key = _account_of(arm, resource)
        except ArmError:
            return
        await self._blobs.delete_container(account, key, resource.name)


def account_keys(arm: ResourceManager) -> dict[str, str]:
    """The first key of every storage account."""
    return {one.name: one.private["keys"][0] for one in arm.store.of_type(StorageAccount.type)}


def _account_of(arm: ResourceManager, container: Resource) -> tuple[str, str]:
    account = arm.get(ResourcePath.of(container.id.lower().split("/blobservices/")[0]))
    return account.name, account.private["keys"][0]


async def _list_keys(_: ResourceManager, resource: Resource, __: Json) -> Json:
    return {
        "keys": [
            {"keyName": f"key{number}", "value": value, "permissions": "FULL"}
            for number, value in enumerate(resource.private["keys"], start=1)
        ]
    }


def _new_key() -> str:
    return base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()
