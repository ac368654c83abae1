"""Processes in sessions of their own: started, told apart from their namesakes, and ended as a tree."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

import psutil

from localazure.runner.errors import JobStoppedError
from localazure.runner.state import ProcessRef

# What Azure ML's hosts also do: ask, wait, force.
GRACE_SECONDS = 5.0
_POLL_SECONDS = 0.05
_PR_SET_CHILD_SUBREAPER = 36
# Two readings of a process's start time may differ by the clock's rounding.
_CREATED_TOLERANCE = 1.0


def spawn(
    command: Sequence[str], *, cwd: Path, environment: Mapping[str, str], output: BinaryIO
) -> subprocess.Popen[bytes]:
    """Start `command` in a session of its own, printing to `output`, with nothing on its standard input."""
    return subprocess.Popen(
        command,
        cwd=cwd,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def wait(process: subprocess.Popen[bytes], stopped: Callable[[], bool], deadline: float = float("inf")) -> int | None:
    """The exit code of `process`, or None when it is not over at `deadline` (of `time.monotonic`).

    Raises JobStoppedError as soon as `stopped` is true. Ends nothing.
    """
    while (code := process.poll()) is None:
        if stopped():
            raise JobStoppedError
        if time.monotonic() >= deadline:
            return None
        time.sleep(_POLL_SECONDS)
    return code


def reference(pid: int) -> ProcessRef:
    """What tells the process `pid` from a later one of the same id. Raises psutil.NoSuchProcess."""
    return ProcessRef(pid, psutil.Process(pid).create_time())


def is_alive(process: ProcessRef | None) -> bool:
    """Whether that very process runs. One that ended, but that nobody has waited for, does not."""
    return _find(process) is not None


def terminate(process: ProcessRef | None) -> None:
    """Ask that very process to end, if it is there."""
    found = _find(process)
    if found is not None:
        with contextlib.suppress(psutil.NoSuchProcess):
            found.terminate()


def adopt_orphans() -> None:
    """Make this process the parent of grandchildren that lose theirs, so that none escapes (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_descendants(grace: float = GRACE_SECONDS) -> None:
    """End everything below this process: SIGTERM, `grace` seconds, SIGKILL, until nothing is left."""
    _signal_all(psutil.Process().children(recursive=True), lambda process: process.terminate())
    _, left = psutil.wait_procs(psutil.Process().children(recursive=True), timeout=grace)
    while left:
        _signal_all(left, lambda process: process.kill())
        psutil.wait_procs(left, timeout=1.0)
        # What appeared while the others were killed.
        left = psutil.Process().children(recursive=True)


def kill_tree(process: ProcessRef | None) -> None:
    """Kill that very process, all below it, and its process group, at once."""
    if process is None:
        return
    found = _find(process)
    tree = [found, *found.children(recursive=True)] if found is not None else []
    if found is not None or _group_is_left(process):
        # Where the leader is gone but its group has members, the id can't have been given to another process.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    _signal_all(tree, lambda member: member.kill())
    psutil.wait_procs(tree, timeout=1.0)


def _find(process: ProcessRef | None) -> psutil.Process | None:
    if process is None:
        return None
    try:
        found = psutil.Process(process.pid)
        same = abs(found.create_time() - process.created) < _CREATED_TOLERANCE
        return found if same and found.status() != psutil.STATUS_ZOMBIE else None
    except psutil.NoSuchProcess:
        return None


def _group_is_left(process: ProcessRef) -> bool:
    if psutil.pid_exists(process.pid):
        return False
    try:
        os.killpg(process.pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _signal_all(processes: Sequence[psutil.Process], send: Callable[[psutil.Process], None]) -> None:
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            send(process)
