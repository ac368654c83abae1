"""Trials on a Ray cluster: an actor for each that may run at a time, wherever Ray finds room for it.

The rows are put into Ray's object store once. A node that is lost costs the trials that ran on it; their place is
taken by a new actor as soon as there is room for one.
"""

import os
import socket
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType, TracebackType
from typing import TYPE_CHECKING, Any, Self

from workspace_jobs.automl.errors import AutoMLError, NoModelError
from workspace_jobs.automl.executors.trial_host import Report, TrialHost
from workspace_jobs.automl.resources import MANY_CELLS, Share
from workspace_jobs.automl.search.messages import Done, Event, Failed, Job, Refit

if TYPE_CHECKING:
    from workspace_jobs.automl.search.material import Material

# How long an actor waits for news before it says that there are none.
_POLL_SECONDS = 1.0
_PATIENCE_SECONDS = 5.0
# An actor that can't even begin fails for a reason that the next one meets, too.
_MOST_FALSE_STARTS = 3


@dataclass
class _Host:
    """An actor, its answer that is awaited, and the job that it has."""

    actor: Any
    answer: Any
    is_ready: bool = False
    job: Job | None = None
    killed: bool = False


class RayPool:
    """The cluster at `address`; None for RAY_ADDRESS, else a cluster that is started here and ends with the pool."""

    def __init__(self, address: str | None = None) -> None:
        self._ray = _ray()
        self._address = address
        self._is_ours = False
        self._share: Share | None = None
        self._hosts: list[_Host] = []
        self._waiting: deque[Job] = deque()
        self._events: deque[Event] = deque()
        self._material: Any = None
        self._predictions = Path()
        self._false_starts = 0

    def __enter__(self) -> Self:
        if not self._ray.is_initialized():
            self._connect()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def share(self, cells: int, parallel: int | None, memory: int | None) -> Share:
        """How trials share the cluster: a core each, or a node each for a table that keeps all of its cores busy."""
        nodes = [node["Resources"] for node in self._ray.nodes() if node["Alive"] and node["Resources"].get("CPU")]
        if not nodes:
            raise AutoMLError("the Ray cluster has no node with a CPU: start one with `ray start --address ADDRESS`")
        cores = [int(node["CPU"]) for node in nodes]
        threads = min(cores) if cells > MANY_CELLS else 1
        places = sum(each // threads for each in cores)
        workers = min(parallel or places, places)
        of_nodes = (node.get("memory", 0) * threads // int(node["CPU"]) for node in nodes)
        self._share = Share(workers, threads, max(1, int(memory // workers if memory else min(of_nodes))))
        return self._share

    def load(self, material: "Material", file: Path) -> None:
        """Hand over what trials work on."""
        assert self._share is not None
        # The search takes it away when it has ended.
        file.touch()
        self._predictions = material.predictions
        self._material = self._ray.put(material)
        self._hosts = [self._new_host() for _ in range(self._share.workers)]

    def submit(self, job: Job) -> None:
        """Start a job as soon as an actor is free."""
        self._waiting.append(job)
        self._assign()

    def kill(self, number: int) -> None:
        """End a job; an event says when it has."""
        for job in self._waiting:
            if job.number == number:
                self._waiting.remove(job)
                self._events.append(Failed(number, "it was ended before it began", killed=True))
                return
        for host in self._hosts:
            if host.job is not None and host.job.number == number:
                host.killed = True
                host.actor.kill.remote(number)

    def next_event(self, seconds: float) -> Event | None:
        """The next thing that happens, None if nothing does for so many seconds."""
        until = time.monotonic() + seconds
        while not self._events:
            answers = {host.answer: host for host in self._hosts}
            left = max(0.0, until - time.monotonic())
            ready, _ = self._ray.wait(list(answers), num_returns=1, timeout=left)
            for answer in ready:
                self._take(answers[answer])
            self._assign()
            if not ready and time.monotonic() >= until:
                return None
        return self._events.popleft()

    def close(self) -> None:
        """End every trial, and the cluster if it is ours."""
        closing = [host.actor.close.remote() for host in self._hosts if host.is_ready]
        with suppress(self._ray.exceptions.RayError):
            self._ray.wait(closing, num_returns=len(closing), timeout=_PATIENCE_SECONDS) if closing else None
        for host in self._hosts:
            with suppress(self._ray.exceptions.RayError):
                self._ray.kill(host.actor)
        self._hosts = []
        if self._is_ours:
            self._ray.shutdown()

    def _connect(self) -> None:
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        address = self._address or os.environ.get("RAY_ADDRESS")
        try:
            _check_answers(address)
            self._ray.init(address=address, log_to_driver=False, logging_level="ERROR")
        except (OSError, ValueError, RuntimeError) as error:
            told = str(error).partition("\n")[0].rstrip(".")
            raise AutoMLError(
                f"--ray-address {address}: no Ray cluster answers there ({told}): write HOST:PORT of its head, "
                "or leave it out for a cluster of this machine"
            ) from error
        self._is_ours = True

    def _new_host(self) -> _Host:
        assert self._share is not None
        asked = {"num_cpus": self._share.threads, "memory": self._share.memory_bytes}
        # Two threads: one waits for news, the other does what it is told.
        actor = self._ray.remote(TrialHost).options(**asked, max_concurrency=2).remote(self._material)
        return _Host(actor, actor.reports.remote(0))

    def _assign(self) -> None:
        for host in self._hosts:
            if self._waiting and host.is_ready and host.job is None:
                host.job, host.killed = self._waiting.popleft(), False
                host.actor.submit.remote(host.job)

    def _take(self, host: _Host) -> None:
        """Take an actor's answer, and ask again; of one that is lost, let another take the place."""
        try:
            reports: list[Report] = self._ray.get(host.answer)
        except self._ray.exceptions.RayError as error:
            self._replace(host, error)
            return
        host.is_ready, self._false_starts = True, 0
        for report in reports:
            self._keep(host, report)
        host.answer = host.actor.reports.remote(_POLL_SECONDS)

    def _keep(self, host: _Host, report: Report) -> None:
        event = report.event
        if isinstance(event, Done | Failed):
            job, host.job = host.job, None
            if report.content is not None:
                file = job.path if isinstance(job, Refit) else self._predictions / f"{event.number}.npy"
                file.write_bytes(report.content)
        self._events.append(event)

    def _replace(self, host: _Host, error: Exception) -> None:
        self._hosts.remove(host)
        # It may be its trial server alone that has ended.
        self._ray.kill(host.actor)
        self._false_starts += not host.is_ready
        if self._false_starts >= _MOST_FALSE_STARTS:
            told = str(error).strip().rpartition("\n")[2]
            raise NoModelError(f"no trial can run on the Ray cluster: {told}") from error
        if host.job is not None:
            self._events.append(Failed(host.job.number, "the node that it ran on was lost", killed=host.killed))
        self._hosts.append(self._new_host())


def _check_answers(address: str | None) -> None:
    """Raise OSError at once where nobody listens; Ray would try for a minute."""
    host, _, port = (address or "").rpartition(":")
    if port.isdecimal() and "/" not in host:
        socket.create_connection((host, int(port)), _PATIENCE_SECONDS).close()


def _ray() -> ModuleType:
    try:
        import ray
    except ImportError as error:
        raise AutoMLError(
            "--executor ray needs Ray: pip install 'mlws[ray]', or leave it out to run on this machine"
        ) from error
    return ray
