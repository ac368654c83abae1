"""The queue of jobs, inside the server: starts supervisors, watches them, and loses no job when it is killed.

All that it knows is in the job folders. Memory holds only what can be read again from there.
"""

import asyncio
import contextlib
import dataclasses
import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from localazure.local_environment import with_this_package
from localazure.runner.errors import RunnerError
from localazure.runner.folder import JobFolder
from localazure.runner.processes import is_alive, kill_tree, terminate
from localazure.runner.spec import JobSpec
from localazure.runner.state import JobState, JobStatus, write_state
from localazure.runner.supervision import ALREADY_SUPERVISED, request_stop, stop_request

# How often the states are read. A job's end is seen at most this much later.
WATCH_SECONDS = 0.2
# A supervisor gives its job 5 s to end; past this it is itself killed.
STOP_SECONDS = 15.0

_LOGGER = logging.getLogger(__name__)


class JobQueue:
    """Runs at most `slots` jobs at a time, in the order they were submitted.

    A sweep takes no slot, for it only waits for its trials, which do.

    `root` is the home of the embedded Azure: jobs live in `root/jobs`, environments in `root/environments`.
    `on_change(name, state)` is called in the event loop each time a job's state is seen to differ, and once
    for each job that `start` finds.
    """

    def __init__(self, root: Path, slots: int, on_change: Callable[[str, JobState], None]) -> None:
        self._jobs = root / "jobs"
        self._slots = slots
        self._on_change = on_change
        self._folders: dict[str, JobFolder] = {}
        self._seen: dict[str, JobState] = {}
        self._started: dict[str, subprocess.Popen[bytes]] = {}
        # Whether a job takes a slot, once it was looked up in its spec.
        self._slotted: dict[str, bool] = {}
        self._watcher: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Take up every job that the folders hold, and start watching."""
        self._jobs.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in sorted(self._jobs.iterdir()):
            folder = JobFolder(path)
            if not path.name.startswith(".") and folder.state_file.exists():
                self._folders[path.name] = folder
        self._tick()
        self._watcher = asyncio.create_task(self._watch(), name="job queue")

    def submit(self, spec: JobSpec) -> JobState:
        """Queue a job; it is on disk when this returns.

        Raises RunnerError when there is a job of that name.
        """
        state = JobState(submitted=time.time())
        try:
            self._folders[spec.name] = JobFolder.create(self._jobs, spec, state)
        except FileExistsError:
            raise RunnerError(f"A job named {spec.name!r} exists already; submit it under another name.") from None
        self._report(spec.name, state)
        return state

    def cancel(self, name: str) -> None:
        """Ask for the end of a job; the request outlives the server. A job that has ended stays as it is.

        Raises RunnerError when there is no such job.
        """
        folder = self._folders.get(name)
        if folder is None:
            raise RunnerError(f"There is no job named {name!r}.")
        self._stop(folder, JobStatus.CANCELED, None)
        self._tick()

    async def stop(self) -> None:
        """End the supervisors of this home and stop watching. Queued jobs stay queued for the next start."""
        if self._watcher is not None:
            self._watcher.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watcher
        active = [folder for name, folder in self._folders.items() if self._is_active(name)]
        for folder in active:
            self._stop(folder, JobStatus.FAILED, "The embedded Azure was stopped while the job ran; submit it again.")
        deadline = time.monotonic() + STOP_SECONDS
        while any(self._is_active(folder.path.name) for folder in active) and time.monotonic() < deadline:
            await asyncio.sleep(WATCH_SECONDS)
            self._look()
        for folder in active:
            kill_tree(folder.state().supervisor)
        self._look()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            try:
                self._tick()
            except Exception:
                # One damaged folder must not leave the other jobs unwatched.
                _LOGGER.exception("The job queue could not look after its jobs")

    def _tick(self) -> None:
        self._look()
        self._start_queued()

    def _look(self) -> None:
        """Read the states of jobs that have not ended, and end those whose supervisor is gone."""
        for name, folder in list(self._folders.items()):
            seen = self._seen.get(name)
            if seen is not None and seen.status.is_final:
                continue
            state = folder.state()
            if not state.status.is_final:
                state = self._judge(name, folder, state)
            if state != seen:
                self._report(name, state)

    def _judge(self, name: str, folder: JobFolder, state: JobState) -> JobState:
        """The state of a job that has not ended by its own account, once its processes are looked at."""
        started = self._started.get(name)
        if started is not None and started.poll() is None:
            return state
        if is_alive(state.supervisor):
            return state
        # The supervisor may have ended well since the state was read.
        state = folder.state()
        if state.status.is_final:
            return state
        if state.status is JobStatus.QUEUED:
            return self._judge_queued(folder, state, started)
        kill_tree(state.command)
        return _end(folder, state, *(stop_request(folder) or (JobStatus.FAILED, _LOST)))

    def _judge_queued(self, folder: JobFolder, state: JobState, started: "subprocess.Popen[bytes] | None") -> JobState:
        if started is not None and started.returncode != ALREADY_SUPERVISED:
            why = f"The job's supervisor could not start; {folder.supervisor_log} says why."
            return _end(folder, state, JobStatus.FAILED, why)
        request = stop_request(folder)
        if request is not None:
            return _end(folder, state, *request)
        return state

    def _start_queued(self) -> None:
        active = sum(1 for name in self._folders if self._is_active(name) and self._takes_slot(name))
        queued = [name for name, state in self._seen.items() if self._waits(name, state)]
        queued.sort(key=lambda name: self._seen[name].submitted)
        with_slot = [name for name in queued if self._takes_slot(name)][: max(0, self._slots - active)]
        for name in queued:
            if name in with_slot or not self._takes_slot(name):
                self._started[name] = _start_supervisor(self._folders[name])

    def _takes_slot(self, name: str) -> bool:
        if name not in self._slotted:
            self._slotted[name] = self._folders[name].spec().kind != "sweep"
        return self._slotted[name]

    def _waits(self, name: str, state: JobState) -> bool:
        return state.status is JobStatus.QUEUED and not self._is_active(name)

    def _is_active(self, name: str) -> bool:
        started = self._started.get(name)
        if started is not None and started.poll() is None:
            return True
        seen = self._seen.get(name)
        return seen is not None and not seen.status.is_final and seen.status is not JobStatus.QUEUED

    def _stop(self, folder: JobFolder, status: JobStatus, error: str | None) -> None:
        state = folder.state()
        if state.status.is_final:
            return
        request_stop(folder, status, error)
        # Only a hint to look at the file now: a supervisor that isn't up yet finds it by itself.
        terminate(state.supervisor)

    def _report(self, name: str, state: JobState) -> None:
        self._seen[name] = state
        self._on_change(name, state)


_LOST = "The job's supervisor ended without saying how the job went; it was killed or the machine restarted."


def _end(folder: JobFolder, state: JobState, status: JobStatus, error: str | None) -> JobState:
    ended = dataclasses.replace(state, status=status, error=error, ended=time.time())
    write_state(folder.state_file, ended)
    return ended


def _start_supervisor(folder: JobFolder) -> "subprocess.Popen[bytes]":
    with folder.supervisor_log.open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "localazure.runner.job_process", str(folder.path)],
            cwd=folder.path,
            env=with_this_package(os.environ),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
