"""Runs a sweep on this machine: asks the sampler, feeds the workers, records what comes back."""

import os
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from workspace_jobs.errors import JobFailedError, JobsError
from workspace_jobs.sweeps.definition import SweepDefinition
from workspace_jobs.sweeps.early_termination import Judge
from workspace_jobs.sweeps.messages import Assignment, Report, Result, Task
from workspace_jobs.sweeps.pool import Lost, WorkerPool
from workspace_jobs.sweeps.recorder import Recorder
from workspace_jobs.sweeps.samplers import Sampler, sampler_of
from workspace_jobs.sweeps.space import Parameters, read_value
from workspace_jobs.sweeps.standing import Best, Standing
from workspace_jobs.training.launch.spec import parameter_name

_PATIENCE_SECONDS = 0.5


@dataclass(frozen=True)
class SweepOutcome:
    """How a sweep ended: `status` is MLflow's; `seconds` what its trials took, without the start of the workers."""

    run_id: str
    status: str
    reason: str
    trials: int
    finished: int
    failed: int
    ended_early: int
    metric: str
    best: Best | None
    seconds: float


class Watcher(Protocol):
    """Shows how a sweep goes on."""

    def update(self, standing: Standing) -> None:
        """Called after each trial."""


def run_sweep(
    definition: SweepDefinition, recorder: Recorder, environment: Mapping[str, str], watcher: Watcher
) -> SweepOutcome:
    """Try what is left to try, and end the parent run.

    Raises JobsError where the code cannot be loaded, and JobFailedError where no trial measured the metric.
    """
    sampler = sampler_of(definition.sampler, definition.space, definition.seed, definition.goal)
    with _workers(definition, recorder, environment) as pool:
        standing = Standing(definition)
        sweep = _Sweep(definition, recorder, sampler, pool, standing, watcher)
        try:
            sweep.take_up()
            pool.wait_until_ready()
            standing.started = started = time.monotonic()
            reason = sweep.run()
        except KeyboardInterrupt:
            recorder.end("KILLED", {}, "")
            raise
        except JobsError:
            recorder.end("FAILED", {}, "")
            raise
        seconds = time.monotonic() - started
    return _ended(standing, recorder, reason, seconds)


def _ended(standing: Standing, recorder: Recorder, reason: str, seconds: float) -> SweepOutcome:
    best = standing.best
    status = "FINISHED" if standing.finished else "FAILED"
    measured = {standing.metric: best.value} if best else {}
    recorder.end(status, measured, best.run_id if best else "")
    if not standing.finished:
        failed = (
            f"all {standing.failed} trials" if standing.failed == standing.done else "all that were not ended early"
        )
        raise JobFailedError(f"{failed} failed: see the artifacts logs/output.txt of their runs")
    if standing.definition.metric and standing.metric not in standing.seen_metrics:
        logged = ", ".join(sorted(standing.seen_metrics)) or "nothing"
        raise JobFailedError(f"no trial measured `{standing.metric}`: they logged {logged}")
    return SweepOutcome(
        run_id=recorder.parent,
        status=status,
        reason=reason,
        trials=standing.done,
        finished=standing.finished,
        failed=standing.failed,
        ended_early=standing.ended_early,
        metric=standing.metric,
        best=best,
        seconds=seconds,
    )


@contextmanager
def _workers(definition: SweepDefinition, recorder: Recorder, environment: Mapping[str, str]) -> Iterator[WorkerPool]:
    assignment = Assignment(
        file=definition.file,
        function=definition.function,
        folder=definition.folder,
        arguments=definition.arguments,
        names=(*definition.fixed, *definition.space),
        metric=definition.metric,
        environment={**environment, "MLFLOW_EXPERIMENT_ID": recorder.experiment_id},
        parent=recorder.parent,
        threads=max(1, (os.cpu_count() or 1) // definition.parallel),
        log="",
        is_judged=definition.early_termination is not None,
    )
    with tempfile.TemporaryDirectory(prefix="mlws-sweep-") as scratch:
        size = min(definition.parallel, definition.max_trials)
        pool = WorkerPool(assignment, size, Path(scratch), definition.trial_timeout)
        try:
            yield pool
        finally:
            pool.close()


@dataclass
class _Sweep:
    definition: SweepDefinition
    recorder: Recorder
    sampler: Sampler
    pool: WorkerPool
    standing: Standing
    watcher: Watcher

    def __post_init__(self) -> None:
        policy, given = self.definition.early_termination, self.definition
        self.judge = Judge(policy, given.metric, given.goal) if policy else None

    def take_up(self) -> None:
        """Count what an interrupted sweep had done; its trials are not repeated."""
        self._done: set[int] = set()
        space = self.definition.space
        for past in self.recorder.past_trials(space):
            self._done.add(past.number)
            logged = {name: past.params.get(parameter_name(name)) for name in space}
            parameters = {name: read_value(space[name], text) for name, text in logged.items() if text is not None}
            value = self.standing.take(past.number, past.run_id, parameters, past.metrics, past.status)
            if len(parameters) == len(space):
                self.sampler.tell(past.number, parameters, value)
            if self.judge:
                for measured in self.recorder.history(past.run_id, self.definition.metric):
                    self.judge.hear(past.number, measured)

    def run(self) -> str:
        """Try until there is nothing left, or a reason to stop, which is returned."""
        numbers = iter(number for number in range(self.definition.max_trials) if number not in self._done)
        while not self.standing.is_out_of_time():
            settled = self.standing.has_settled()
            if not settled:
                self._feed(numbers)
            if not self.pool.busy:
                return f"{self.standing.since_best} trials without improvement" if settled else "every trial was run"
            for arrived in self.pool.results(_PATIENCE_SECONDS):
                if isinstance(arrived, Report):
                    self._answer(arrived)
                else:
                    self._take(arrived)
        reason = f"{self.definition.timeout:g} s are over"
        for lost in self.pool.abandon(reason):
            self._take(lost)
        return reason

    def _feed(self, numbers: Iterator[int]) -> None:
        # A trial that reports looks for the answer where a trial ahead would lie.
        for _ in range(self.pool.free(ahead=not self.sampler.learns and self.judge is None)):
            with suppress(StopIteration):
                number = next(numbers)
                self.pool.give(Task(number, {**self.definition.fixed, **self.sampler.ask(number)}))

    def _answer(self, report: Report) -> None:
        assert self.judge is not None
        self.judge.hear(report.number, report.value)
        self.pool.answer(report, self.judge.verdict(report.number))

    def _take(self, arrived: Result | Lost) -> None:
        result = arrived.result if isinstance(arrived, Lost) else arrived
        run_id = self.recorder.record_lost(result) if isinstance(arrived, Lost) else self.recorder.record(result)
        varied: Parameters = {name: result.parameters[name] for name in self.definition.space}
        value = self.standing.take(result.number, run_id, varied, result.metrics, result.ending.status)
        if self.judge and value is not None and not self.judge.has_heard(result.number):
            self.judge.hear(result.number, value)
        self.sampler.tell(result.number, varied, value)
        self.watcher.update(self.standing)
