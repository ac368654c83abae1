"""The server process: `python -m localazure.server HOME`. Puts the services together and runs until terminated."""

import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import ClientSession, web

from localazure.arm.export import ResourceGroupType
from localazure.arm.models import ResourceManager
from localazure.arm.resource_type import ResourceType
from localazure.arm.routes import arm_application
from localazure.arm.store import ResourceStore
from localazure.authorization.resources import RoleAssignment, RoleDefinition
from localazure.children import Child, children_of, is_listening
from localazure.container_registry.resources import ContainerRegistry
from localazure.front_door.certificates import CertificateAuthority
from localazure.front_door.proxy import FrontDoor
from localazure.home import LOOPBACK, SUBSCRIPTION_ID, Home, Settings
from localazure.identity.principals import Principals
from localazure.identity.resources import UserAssignedIdentity
from localazure.identity.routes import login_application, managed_identity_routes
from localazure.identity.tokens import TOKEN_KEY, TokenAuthority
from localazure.key_vault.keys import VaultKey
from localazure.key_vault.resources import DeletedVault, Vault
from localazure.key_vault.routes import key_vault_application
from localazure.key_vault.secrets import VaultSecret
from localazure.machine_learning.assets import asset_types
from localazure.machine_learning.computes import Compute
from localazure.machine_learning.datastores import Datastore
from localazure.machine_learning.job_spec import JobTranslator
from localazure.machine_learning.jobs import Job, JobLedger
from localazure.machine_learning.outbound_rules import OutboundRule
from localazure.machine_learning.registries import Registry
from localazure.machine_learning.routes import machine_learning_application
from localazure.machine_learning.studio import studio_routes
from localazure.machine_learning.unsupported import unsupported_types
from localazure.machine_learning.workspaces import Workspace
from localazure.monitor.private_link import PrivateLinkScope, ScopedResource
from localazure.monitor.resources import ApplicationInsights, LogAnalyticsWorkspace
from localazure.network.private_dns import PrivateDnsZone, PrivateDnsZoneGroup, VirtualNetworkLink
from localazure.network.private_endpoints import NetworkInterface, PrivateEndpoint
from localazure.network.virtual_networks import NetworkSecurityGroup, Subnet, VirtualNetwork
from localazure.processes import record
from localazure.runner.queue import JobQueue
from localazure.storage.blobs import BlobService
from localazure.storage.resources import BlobContainer, StorageAccount, account_keys

JOB_SLOTS = 2
"""Jobs that run at the same time; the others wait their turn."""


@dataclass(frozen=True)
class Azure:
    """One embedded Azure, put together but not yet listening."""

    home: Home
    settings: Settings
    arm: ResourceManager
    queue: JobQueue
    principals: Principals
    authority: TokenAuthority
    certificates: CertificateAuthority

    @classmethod
    def at(cls, home: Home) -> "Azure":
        """Put the services of a home together."""
        settings = Settings.load(home)
        store = ResourceStore(home.database, _sealing_key(home))
        arm = ResourceManager(store, {})
        principals = Principals(home, settings)
        queue = JobQueue(home.path, JOB_SLOTS, JobLedger(arm).report)
        blobs = BlobService(home, settings)
        translator = JobTranslator(home, settings, principals)
        arm.types.update({kind.type.lower(): kind for kind in _types(blobs, translator, queue)})
        blobs.serve_accounts(account_keys(arm))
        authority = TokenAuthority(home.secret(TOKEN_KEY))
        return cls(home, settings, arm, queue, principals, authority, CertificateAuthority(home))

    async def run(self) -> None:
        """Listen until terminated; then end the children and the running jobs."""
        stopping = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stopping.set)
        async with self._children() as children, self._listening(children):
            await self.queue.start()
            await stopping.wait()
            await self.queue.stop()
        self.arm.store.close()

    @asynccontextmanager
    async def _children(self) -> AsyncIterator[list[Child]]:
        children = children_of(self.home, self.settings, self.certificates, self.principals)
        running = [asyncio.create_task(child.run(), name=child.name) for child in children]
        try:
            yield children
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    @asynccontextmanager
    async def _listening(self, children: list[Child]) -> AsyncIterator[None]:
        ports = self.settings.ports
        applications = {
            "arm": arm_application(self.arm, self.authority),
            "key_vault": key_vault_application(self.arm, self.authority),
            "login": login_application(),
            "machine_learning": machine_learning_application(self.arm, self.authority, ports.mlflow),
            "local": self._local_application(children),
        }
        async with contextlib.AsyncExitStack() as stack:
            services = {}
            for name, application in applications.items():
                runner = web.AppRunner(application, access_log=None)
                await runner.setup()
                stack.push_async_callback(runner.cleanup)
                assert runner.server is not None
                services[name] = runner.server
            door = FrontDoor(self.certificates, services, ports.blob)
            listener = await door.listen(ports.front_door)
            stack.callback(listener.close)
            yield

    def _local_application(self, children: list[Child]) -> web.Application:
        """Plain http on the front door's port: managed identity tokens, and how things stand."""

        async def status(_: web.Request) -> web.Response:
            ports = self.settings.ports
            return web.json_response(
                {
                    "embeddedAzure": SUBSCRIPTION_ID,
                    "home": str(self.home.path),
                    "ready": {
                        "azurite": await is_listening(ports.blob),
                        "mlflow": await _is_healthy(ports.mlflow),
                    },
                    "restarts": {child.name: child.restarts for child in children},
                }
            )

        application = web.Application()
        application.router.add_get("/status", status)
        application.add_routes(managed_identity_routes(self.principals, self.authority))
        application.add_routes(studio_routes(self.settings.ports.mlflow))
        return application


def main() -> None:
    """Run the embedded Azure of the home that is named on the command line."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("azure").setLevel(logging.WARNING)
    home = Home(Path(sys.argv[1]))
    record(home, "server", os.getpid())
    asyncio.run(Azure.at(home).run())


def _types(blobs: BlobService, translator: JobTranslator, queue: JobQueue) -> list[ResourceType]:
    return [
        ApplicationInsights(),
        BlobContainer(blobs),
        Compute(),
        ContainerRegistry(),
        Datastore(),
        DeletedVault(),
        Job(translator, queue),
        LogAnalyticsWorkspace(),
        NetworkInterface(),
        NetworkSecurityGroup(),
        PrivateDnsZone(),
        PrivateDnsZoneGroup(),
        PrivateEndpoint(),
        PrivateLinkScope(),
        OutboundRule(),
        Registry(),
        ResourceGroupType(),
        RoleAssignment(),
        RoleDefinition(),
        ScopedResource(),
        StorageAccount(blobs),
        Subnet(),
        UserAssignedIdentity(),
        Vault(),
        VaultKey(),
        VaultSecret(),
        VirtualNetwork(),
        VirtualNetworkLink(),
        Workspace(blobs),
        *asset_types(blobs),
        *unsupported_types(),
    ]


def _sealing_key(home: Home) -> bytes:
    return (home.secret("sealing-key") + "=").encode()


async def _is_healthy(port: int) -> bool:
    if not await is_listening(port):
        return False
    async with ClientSession(trust_env=False) as client:
        try:
            async with client.get(f"http://{LOOPBACK}:{port}/health") as answer:
                return answer.ok
        except OSError:
            return False


if __name__ == "__main__":
    main()
