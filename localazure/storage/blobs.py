"""The blobs behind the storage accounts: which accounts Azurite serves, and the containers that ARM makes.

Azurite reads the accounts file whenever it changes (see azurite_preload.js), so an account made by `pulumi up` can be
used at once.
"""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from localazure.home import LOOPBACK, Home, Settings, write_atomically

if TYPE_CHECKING:
    from azure.storage.blob import BlobServiceClient


@dataclass(frozen=True)
class BlobService:
    """Azurite's accounts and containers, seen from the resource manager."""

    home: Home
    settings: Settings

    def serve_accounts(self, keys: dict[str, str]) -> None:
        """Exactly these storage accounts (name -> base64 key) exist from now on."""
        write_atomically(accounts_file(self.home), json.dumps(keys))

    async def create_container(self, account: str, key: str, container: str) -> None:
        """Make a container unless it is there."""
        from azure.core.exceptions import ResourceExistsError

        def create(client: "BlobServiceClient") -> None:
            try:
                client.create_container(container)
            except ResourceExistsError:
                return

        await self._with_client(account, key, create)

    async def delete_container(self, account: str, key: str, container: str) -> None:
        """Delete a container and its blobs; none is fine."""
        from azure.core.exceptions import ResourceNotFoundError

        def delete(client: "BlobServiceClient") -> None:
            try:
                client.delete_container(container)
            except ResourceNotFoundError:
                return

        await self._with_client(account, key, delete)

    async def delete_all(self, account: str, key: str) -> None:
        """Delete every container of an account."""

        def empty(client: "BlobServiceClient") -> None:
            for container in client.list_containers():
                client.delete_container(container.name)

        await self._with_client(account, key, empty)

    async def _with_client(self, account: str, key: str, work: "Callable[[BlobServiceClient], None]") -> None:
        def run() -> None:
            from azure.storage.blob import BlobServiceClient

            with BlobServiceClient(
                f"https://{LOOPBACK}:{self.settings.ports.blob}/{account}",
                credential=key,
                connection_verify=str(self.home.ca_certificate),
                use_env_settings=False,
                retry_total=8,
            ) as client:
                work(client)

        await asyncio.to_thread(run)


def accounts_file(home: Home) -> Path:
    """Where Azurite's preload finds the accounts."""
    return home.azurite / "accounts.json"
