"""The loop of the search: starts trials while there is time, ends those that would overrun, and keeps what comes."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from workspace_jobs.automl.candidates.candidate import Candidate
from workspace_jobs.automl.errors import NoModelError
from workspace_jobs.automl.search.budget import Budget
from workspace_jobs.automl.search.messages import Done, Evaluate, Evaluation, Event, Failed, FoldDone, Job, Started
from workspace_jobs.automl.search.proposals import Proposals
from workspace_jobs.automl.search.racing import rival
from workspace_jobs.automl.trial import Status, Trial

_TICK_SECONDS = 0.2
# Later folds may be quicker than the first ones were.
_DOUBT = 1.3


class Executor(Protocol):
    """Where trials run: processes of this machine, or of a cluster."""

    def submit(self, job: Job) -> None:
        """Start a job now."""

    def kill(self, number: int) -> None:
        """End a job; an event says when it has."""

    def next_event(self, seconds: float) -> Event | None:
        """The next thing that happens, None if nothing does for so many seconds."""


class Listener(Protocol):
    """Who wants to know how it goes."""

    def started(self, number: int, candidate: Candidate) -> None:
        """A trial began."""

    def ended(self, trial: Trial) -> None:
        """A trial ended, well or not."""

    def tick(self, seconds_left: float) -> None:
        """Time passed."""

    def stop_requested(self) -> bool:
        """Whether the search should end with what it has."""

    def warn(self, sentence: str) -> None:
        """Something went wrong that does not end the run."""


@dataclass(frozen=True)
class Limits:
    """What is judged, when to stop, and what a trial may use. Times are in seconds; `workers` trials run at a time."""

    metric: str
    folds: int
    budget: Budget
    workers: int
    threads: int = 1
    max_trials: int | None = None
    trial_seconds: float | None = None
    exit_score: float | None = None
    memory_bytes: int | None = None


@dataclass
class _Running:
    candidate: Candidate
    began: float
    wall: float
    has_begun: bool = False
    first_fold: float = 0.0
    timed_out: bool = False


class Search:
    """One search. `run` returns why it ended; the trials are told to `listener`, and kept in `trials`.

    `trials` may hold those of an earlier run, numbered from 0, which are not tried again.
    """

    def __init__(
        self,
        proposals: Proposals,
        executor: Executor,
        limits: Limits,
        listener: Listener,
        earlier: Sequence[Trial] = (),
    ) -> None:
        self._proposals = proposals
        self._executor = executor
        self._listener = listener
        self._limits = limits
        self._metric = limits.metric
        self._folds = limits.folds
        self.trials: list[Trial] = list(earlier)
        for trial in earlier:
            proposals.tell(trial)
        self._running: dict[int, _Running] = {}
        self._next = len(self.trials)

    def run(self) -> str:
        """Search until something ends it, and say what, to follow on "Ended because ". No trial is left running."""
        reason: str | None = None
        while reason is None:
            self._end_overdue()
            reason = self._over() or self._start()
            if reason is None:
                self._receive(_TICK_SECONDS)
                self._listener.tick(self._limits.budget.left())
        self._end_all()
        if not self._finished():
            told = "; ".join(f"{trial.name}: {trial.error}" for trial in self.trials)
            raise NoModelError(f"no trial succeeded: {told or reason}")
        return reason

    def _over(self) -> str | None:
        if self._listener.stop_requested():
            return "it was interrupted"
        if self._seconds_left() <= 0:
            return "the time was over"
        goal = self._limits.exit_score
        if goal is not None and any(trial.score(self._metric) >= goal for trial in self._finished()):
            return "the exit score was reached"
        return None

    def _start(self) -> str | None:
        """Start as many trials as there are free workers; when nothing runs and nothing is left, say so."""
        exhausted = None
        while len(self._running) < self._limits.workers and exhausted is None:
            if self._limits.max_trials is not None and self._next >= self._limits.max_trials:
                exhausted = f"{self._limits.max_trials} trials were made"
                break
            candidate = self._proposals.propose(self._next)
            if candidate == "wait":
                break
            if candidate == "exhausted":
                exhausted = "every candidate was tried"
                break
            self._submit(candidate)
        return None if self._running else exhausted

    def _submit(self, candidate: Candidate) -> None:
        number, self._next = self._next, self._next + 1
        self._running[number] = _Running(candidate, time.monotonic(), time.time())
        pace = rival(self._proposals.known_to(number), self._metric)
        self._executor.submit(Evaluate(number, candidate, self._limits.threads, self._limits.memory_bytes, pace))
        self._listener.started(number, candidate)

    def _receive(self, seconds: float) -> None:
        event = self._executor.next_event(seconds)
        while event is not None:
            self._handle(event)
            event = self._executor.next_event(0)

    def _handle(self, event: Event) -> None:
        match event:
            case Started(number) if number in self._running:
                running = self._running[number]
                running.began, running.wall, running.has_begun = time.monotonic(), time.time(), True
            case FoldDone(number, folds) if number in self._running:
                self._judge_progress(number, folds)
            case Done(number, Evaluation() as found) if number in self._running:
                self._keep(number, "finished" if found.pruned is None else "pruned", found.pruned, found)
            case Failed(number, reason) if number in self._running:
                if self._running[number].timed_out:
                    self._keep(number, "timeout", "it took longer than there was time for", None)
                else:
                    self._keep(number, "failed", reason, None)

    def _judge_progress(self, number: int, folds: int) -> None:
        """End a trial that can't be done in time, as soon as its folds show it: not the first, which starts slowly."""
        running = self._running[number]
        now = time.monotonic()
        if folds == 1:
            running.first_fold = now
            return
        to_come = (now - running.first_fold) / (folds - 1) * (self._folds - folds)
        if to_come > _DOUBT * (self._allowed(running) - (now - running.began)):
            self._time_out(number)

    def _end_overdue(self) -> None:
        for number, running in self._running.items():
            if time.monotonic() - running.began > self._allowed(running):
                self._time_out(number)

    def _allowed(self, running: _Running) -> float:
        """Seconds that a trial may take from its beginning; what it waits before is not its own."""
        spent = time.monotonic() - running.began
        own = self._limits.trial_seconds if running.has_begun else None
        return min(spent + self._seconds_left(), float("inf") if own is None else own)

    def _seconds_left(self) -> float:
        return self._limits.budget.left_for_trials(self._finished(), self._metric, self._folds, self._limits.workers)

    def _finished(self) -> list[Trial]:
        return [trial for trial in self.trials if trial.status == "finished"]

    def _time_out(self, number: int) -> None:
        if not self._running[number].timed_out:
            self._running[number].timed_out = True
            self._executor.kill(number)

    def _end_all(self) -> None:
        for number in self._running:
            self._time_out(number)
        while self._running:
            self._receive(_TICK_SECONDS)

    def _keep(self, number: int, status: Status, error: str | None, found: Evaluation | None) -> None:
        running = self._running.pop(number)
        candidate = running.candidate
        measured = found or Evaluation()
        trial = Trial(
            number=number,
            name=candidate.name,
            algorithm=candidate.algorithm,
            estimator=candidate.estimator,
            parameters=candidate.parameters,
            scaling=candidate.scaling,
            encoding=candidate.encoding,
            calibration=candidate.calibration,
            status=status,
            error=error,
            scores=measured.scores,
            train_score=measured.train_score,
            fit_seconds=measured.fit_seconds,
            predict_seconds=measured.predict_seconds,
            size_bytes=measured.size_bytes,
            started=running.wall,
            ended=running.wall + time.monotonic() - running.began,
        )
        self.trials.append(trial)
        self._proposals.tell(trial)
        self._listener.ended(trial)
