"""MLflow's interface on a store, as a process of its own that ends with this one."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import FrameType

from workspace_jobs.errors import JobsError, ServiceError
from workspace_jobs.runs.stores import RunStore
from workspace_jobs.tracking.location import sqlite_path

LOOPBACK = "127.0.0.1"
_EVERY = ("0.0.0.0", "::")  # noqa: S104 - compared, not bound
_READY_SECONDS = 120
_POLL_SECONDS = 0.1
_END_SECONDS = 10


@dataclass(frozen=True)
class Served:
    """An address that answers, and the process behind it; none where somebody else's server answers."""

    address: str
    process: subprocess.Popen[bytes] | None

    def wait(self) -> None:
        """Return when the process has ended, or on Ctrl-C. Raises ServiceError where it ended by itself."""
        if self.process is None:
            return
        try:
            status = self.process.wait()
        except KeyboardInterrupt:
            return
        raise ServiceError(f"the server at {self.address} ended with status {status}: start it again")


@contextmanager
def serving(
    store: RunStore, port: int | None = None, host: str = LOOPBACK, artifacts: Path | None = None
) -> Iterator[Served]:
    """Serve the sqlite `store` on a free port, or on `port`, while the block runs; a server's store serves itself.

    Raises JobsError for a port that is taken and a store that has no such interface.
    """
    path = sqlite_path(store.uri)
    if path is None:
        if not store.uri.startswith(("http://", "https://")):
            raise JobsError(
                f"{store.uri} has an interface of its own: look at its runs in the studio, or in Databricks"
            )
        yield Served(store.uri, None)
        return
    port = _free_port(host) if port is None else _untaken(host, port)
    with tempfile.TemporaryFile() as log, _ended_by_sigterm():
        module = [sys.executable, "-m", "workspace_jobs.tracking.server"]
        arguments = [store.uri, str(port), str(artifacts or artifacts_of(store.uri)), host]
        environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
        process = subprocess.Popen(
            [*module, *arguments],
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        )
        try:
            _await_ready(process, host, port, log.fileno())
            yield Served(f"http://{_named(host)}:{port}", process)
        finally:
            _end(process)


def artifacts_of(uri: str) -> Path:
    """The folder where a server of this store keeps files: `mlruns`, beside the database."""
    path = sqlite_path(uri)
    return (Path.cwd() if path is None else path.parent) / "mlruns"


def _free_port(host: str) -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port


def _untaken(host: str, port: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise JobsError(f"--port {port} of {host} cannot be had ({error.strerror}): write another") from error
    return port


def _named(host: str) -> str:
    """What to call the server: every address of this machine is none to write down."""
    return socket.gethostname() if host in _EVERY else host


def _await_ready(process: subprocess.Popen[bytes], host: str, port: int, log: int) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while not _healthy(LOOPBACK if host in _EVERY else host, port):
        if process.poll() is not None or time.monotonic() > deadline:
            said = os.pread(log, 100_000, 0).decode(errors="replace").strip().splitlines()
            raise ServiceError(f"MLflow's server did not start: {said[-1] if said else 'it said nothing'}")
        time.sleep(_POLL_SECONDS)


def _healthy(host: str, port: int) -> bool:
    connection = HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


@contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """Whoever terminates this process means the server, too."""

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
