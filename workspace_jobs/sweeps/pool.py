"""The worker processes of a sweep: started, fed ahead of need, and replaced when one dies or hangs."""

import contextlib
import multiprocessing
import signal
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from workspace_jobs.errors import JobsError
from workspace_jobs.sweeps import worker
from workspace_jobs.sweeps.messages import FAILED, Assignment, Ending, Ready, Report, Result, Task

# A worker that has a second trial waiting never waits for the coordinator.
_AHEAD = 2
_END_SECONDS = 5.0
_LONGEST_OUTPUT = 20_000


@dataclass
class _Worker:
    process: BaseProcess
    connection: Connection
    assignment: Assignment
    ready: bool = False
    tasks: deque[Task] = field(default_factory=deque)
    # When the first of the tasks began, of time.monotonic() and of time.time() in milliseconds.
    since: float = 0.0
    began: int = 0
    log_size: int = 0

    def began_now(self) -> None:
        self.since, self.began = time.monotonic(), int(time.time() * 1000)


@dataclass(frozen=True)
class Lost:
    """A trial whose process died, or was ended for taking too long."""

    result: Result


class WorkerPool:
    """`size` warm processes that all do `assignment`."""

    def __init__(self, assignment: Assignment, size: int, scratch: Path, trial_timeout: float | None) -> None:
        self._assignment = assignment
        self._scratch = scratch
        self._trial_timeout = trial_timeout
        self._started = 0
        self._workers = [self._start() for _ in range(size)]
        self._again: deque[Task] = deque()

    @property
    def busy(self) -> bool:
        """Whether any trial is under way."""
        return bool(self._again) or any(one.tasks for one in self._workers)

    def wait_until_ready(self) -> None:
        """Return when every worker has loaded the code. Raises JobsError where one could not."""
        while waiting := [one for one in self._workers if not one.ready]:
            for connection in wait([one.connection for one in waiting]):
                self._read_ready(next(one for one in waiting if one.connection is connection))

    def free(self, *, ahead: bool) -> int:
        """How many trials the workers can take now, each a second one with `ahead`."""
        depth = _AHEAD if ahead else 1
        return sum(depth - len(one.tasks) for one in self._workers) - len(self._again)

    def give(self, task: Task) -> None:
        """Hand a trial to the worker that has the least to do."""
        worker = min(self._workers, key=lambda one: len(one.tasks))
        if not worker.tasks:
            worker.began_now()
        worker.tasks.append(task)
        # One that died in this moment is noticed when it is read.
        with contextlib.suppress(OSError):
            worker.connection.send(task)

    def answer(self, report: Report, why: str) -> None:
        """Tell the trial that has reported why it is to end, or with nothing to go on."""
        worker = next(one for one in self._workers if one.tasks and one.tasks[0].number == report.number)
        with contextlib.suppress(OSError):
            worker.connection.send(why)

    def results(self, patience: float) -> Iterator[Result | Lost | Report]:
        """What has come in within `patience` seconds, deaths and timeouts included. A report waits for its answer."""
        while self._again:
            self.give(self._again.popleft())
        arrived = wait([one.connection for one in self._workers], self._patience(patience))
        for one in [one for one in self._workers if one.connection in arrived]:
            yield from self._read(one)
        for one in list(self._workers):
            if one.tasks and self._trial_timeout is not None and self._is_over(one, self._trial_timeout):
                yield self._replace(one, f"timed out after {self._trial_timeout:g} s")

    def abandon(self, why: str) -> Iterator[Lost]:
        """End every trial that is under way, and forget those that have not begun."""
        self._again.clear()
        for one in self._workers:
            if one.tasks:
                _end(one)
                yield _lost(one, why)
                one.tasks.clear()

    def close(self) -> None:
        """End the workers; what they still do is lost."""
        for one in self._workers:
            with contextlib.suppress(OSError):
                one.connection.send(None)
        until = time.monotonic() + _END_SECONDS
        for one in self._workers:
            if not one.tasks:
                one.process.join(max(0.0, until - time.monotonic()))
            _end(one)

    def _start(self) -> _Worker:
        self._started += 1
        assignment = replace(self._assignment, log=str(self._scratch / f"worker-{self._started}.log"))
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=worker.main, args=(theirs, assignment), daemon=True)
        process.start()
        theirs.close()
        return _Worker(process, ours, assignment)

    def _read(self, one: _Worker) -> Iterator[Result | Lost | Report]:
        if not one.ready:
            self._read_ready(one)
            one.began_now()
            return
        try:
            message: Result | Report = one.connection.recv()
        except (EOFError, OSError):
            one.process.join(_END_SECONDS)
            yield self._replace(one, _ending(one.process.exitcode or 0))
            return
        if isinstance(message, Result):
            one.tasks.popleft()
            one.log_size = message.log_size
            one.began_now()
        yield message

    def _read_ready(self, one: _Worker) -> None:
        try:
            message: Ready = one.connection.recv()
        except (EOFError, OSError):
            message = Ready(f"{one.assignment.file} ends the process that loads it")
        if message.error:
            raise JobsError(message.error)
        one.ready = True

    def _replace(self, one: _Worker, error: str) -> Lost:
        """Start another worker in its place; the trial it was at is lost, those after it are not."""
        _end(one)
        self._again.extend(list(one.tasks)[1:])
        self._workers[self._workers.index(one)] = self._start()
        return _lost(one, error)

    def _is_over(self, one: _Worker, limit: float) -> bool:
        return one.ready and time.monotonic() > one.since + limit

    def _patience(self, patience: float) -> float:
        if self._trial_timeout is None:
            return patience
        ends = [one.since + self._trial_timeout - time.monotonic() for one in self._workers if one.tasks and one.ready]
        return max(0.0, min([patience, *ends]))


def _end(one: _Worker) -> None:
    one.process.kill()
    one.process.join()
    one.connection.close()


def _lost(one: _Worker, error: str) -> Lost:
    task, ended = one.tasks[0], int(time.time() * 1000)
    ending = Ending(FAILED, error)
    return Lost(Result(task.number, task.parameters, one.began or ended, ended, ending, output=_log_since(one)))


def _ending(code: int) -> str:
    how = f"by signal {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"
    return f"the process ended {how}"


def _log_since(one: _Worker) -> str:
    """What a worker printed after its last result."""
    path = Path(one.assignment.log)
    if not path.exists():
        return ""
    with path.open("rb") as file:
        file.seek(one.log_size)
        return file.read()[-_LONGEST_OUTPUT:].decode(errors="replace")
