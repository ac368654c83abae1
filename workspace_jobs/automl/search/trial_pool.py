"""The processes of the trials, seen from the search: work in, events out, and an end to any of it at any time."""

import os
import pickle
import socket
import subprocess
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from workspace_jobs.automl.errors import NoModelError
from workspace_jobs.automl.search.messages import Event, Job, Kill, Load, Request

if TYPE_CHECKING:
    from workspace_jobs.automl.resources import Share
    from workspace_jobs.automl.search.material import Material

_ROOT = Path(__file__).resolve().parents[3]
_SERVER = "workspace_jobs.automl.search.trial_server"
_PATIENCE_SECONDS = 10


class TrialPool:
    """A trial server of one's own. It starts to import its libraries at once; use it with `with`."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", _SERVER, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env={**os.environ, "PYTHONPATH": path},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._control: Connection[Request, Event] = Connection(ours.detach())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def share(self, cells: int, parallel: int | None, memory: int | None) -> "Share":
        """How trials share this machine; see `resources`."""
        from workspace_jobs.automl.resources import share

        return share(cells, parallel, memory)

    def load(self, material: "Material", file: Path) -> None:
        """Hand over what trials work on, by way of `file`, which is overwritten."""
        with file.open("wb") as stream:
            pickle.dump(material, stream, protocol=pickle.HIGHEST_PROTOCOL)
        self._send(Load(file))

    def submit(self, job: Job) -> None:
        """Start `job` now."""
        self._send(job)

    def kill(self, number: int) -> None:
        """End a job; an event says when it has."""
        self._send(Kill(number))

    def next_event(self, seconds: float) -> Event | None:
        """The next thing that happens, None if nothing does for so many seconds."""
        try:
            return self._control.recv() if self._control.poll(max(0.0, seconds)) else None
        except (EOFError, ConnectionError) as error:
            raise NoModelError("the process that runs the trials has ended: its last words are above") from error

    def close(self) -> None:
        """End every trial, and the server."""
        self._control.close()
        try:
            self._process.wait(_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _send(self, request: Request) -> None:
        try:
            self._control.send(request)
        except ConnectionError as error:
            raise NoModelError("the process that runs the trials has ended: its last words are above") from error
