"""The two real emulators, as child processes of the server: started, put on record, and started again if they die."""

import asyncio
import contextlib
import logging
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from localazure.front_door.certificates import CertificateAuthority
from localazure.home import LOOPBACK, Home, Settings
from localazure.identity.principals import Principals
from localazure.identity.tokens import Principal
from localazure.local_environment import client_environment, machine_environment, with_this_package
from localazure.processes import record
from localazure.storage.azurite import azurite_command, azurite_environment

_RESTART_SECONDS = (0.2, 1.0, 5.0, 15.0)
_STOP_SECONDS = 10.0
_LOGGER = logging.getLogger(__name__)


@dataclass
class Child:
    """One emulator. `run` returns only when it is cancelled; the process then has ended."""

    home: Home
    name: str
    command: list[str]
    environment: Mapping[str, str]
    restarts: int = field(default=0, init=False)

    async def run(self) -> None:
        """Keep the process running; the longer it keeps dying, the longer the pause."""
        while True:
            process = await self._start()
            try:
                status = await process.wait()
            except asyncio.CancelledError:
                await _end(process)
                raise
            pause = _RESTART_SECONDS[min(self.restarts, len(_RESTART_SECONDS) - 1)]
            _LOGGER.warning("%s ended with status %s; starting it again in %s s", self.name, status, pause)
            self.restarts += 1
            await asyncio.sleep(pause)

    async def _start(self) -> asyncio.subprocess.Process:
        with (self.home.logs / f"{self.name}.log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *self.command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=dict(self.environment),
                cwd=self.home.path,
                start_new_session=True,
            )
        record(self.home, self.name, process.pid)
        return process


def children_of(
    home: Home, settings: Settings, certificates: CertificateAuthority, principals: Principals
) -> list[Child]:
    """Azurite for blobs, MLflow for tracking."""
    machine = machine_environment(settings)
    reader = principals.header_of(Principal("00000000-0000-0000-0000-00000000f10e", "", "mlflow server"))
    return [
        Child(
            home,
            "azurite",
            azurite_command(home, settings, *certificates.write_blob_certificate(home.azurite)),
            {**machine, **azurite_environment(home)},
        ),
        Child(
            home,
            "mlflow",
            [sys.executable, "-m", "localazure.mlflow_server", str(settings.ports.mlflow), str(home.mlflow)],
            with_this_package({**machine, **client_environment(home, settings, reader)}),
        ),
    ]


async def is_listening(port: int) -> bool:
    """Whether something accepts connections on a port."""
    try:
        _, writer = await asyncio.open_connection(LOOPBACK, port)
    except OSError:
        return False
    writer.close()
    return True


async def _end(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), _STOP_SECONDS)
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
