"""The processes of one embedded Azure, on record with their start times, so that `stop` ends exactly those.

A process id alone may have been given to somebody else since: a record matches only with the time it was created.
"""

import fcntl
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

import psutil

from localazure.home import Home, write_atomically

_CLOCK_TOLERANCE_SECONDS = 0.1
STOP_SECONDS = 25.0


@dataclass(frozen=True)
class ProcessRecord:
    """A process that was started here; `created` in seconds since the epoch."""

    name: str
    pid: int
    created: float

    def process(self) -> psutil.Process | None:
        """The live process, or None when it has ended (whoever has its id now)."""
        try:
            process = psutil.Process(self.pid)
            alive = process.status() != psutil.STATUS_ZOMBIE
            same = abs(process.create_time() - self.created) < _CLOCK_TOLERANCE_SECONDS
        except psutil.NoSuchProcess:
            return None
        return process if alive and same else None


@contextmanager
def sole_control(home: Home) -> Iterator[None]:
    """Start and stop wait for each other: two at once would each end what the other began."""
    with home.lock.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def recorded(home: Home) -> list[ProcessRecord]:
    """Every process on record, alive or not."""
    try:
        return [ProcessRecord(**one) for one in json.loads(home.processes.read_text())]
    except (FileNotFoundError, ValueError, TypeError):
        return []


def record(home: Home, name: str, pid: int) -> None:
    """Put a process on record, in the place of the one that had its name before."""
    created = psutil.Process(pid).create_time()
    others = [one for one in recorded(home) if one.name != name]
    write_atomically(home.processes, json.dumps([asdict(one) for one in [*others, ProcessRecord(name, pid, created)]]))


def end(records: Iterable[ProcessRecord], seconds: float = STOP_SECONDS) -> None:
    """End processes and everything they started: asked first, killed after `seconds`."""
    living = [process for one in records if (process := one.process()) is not None]
    family = [child for process in living for child in _descendants(process)]
    for process in living:
        _signal(process, "terminate")
    _, stubborn = psutil.wait_procs(living, timeout=seconds)
    for process in [*stubborn, *family]:
        _signal(process, "kill")
    psutil.wait_procs([*stubborn, *family], timeout=seconds)


def owner_of_port(port: int) -> str:
    """Who listens on a port, in words for an error message."""
    for connection in psutil.net_connections("tcp"):
        if connection.status == psutil.CONN_LISTEN and connection.laddr and connection.laddr.port == port:
            if connection.pid is None:
                return "a process of another user"
            return f"process {connection.pid} ({psutil.Process(connection.pid).name()})"
    return "another process"


def _descendants(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def _signal(process: psutil.Process, how: str) -> None:
    try:
        process.terminate() if how == "terminate" else process.kill()
    except psutil.NoSuchProcess:
        return
