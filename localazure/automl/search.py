"""The search: trials one after the other until the candidates, the time, or the need for more is at an end."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from localazure.automl.candidates import Candidate
from localazure.automl.dataset import Dataset
from localazure.automl.errors import AutoMLError
from localazure.automl.task import Task
from localazure.automl.trials import Trial, run_trial


@dataclass(frozen=True)
class Result:
    """The trials in the order they ran, the best of them, and why there were no more."""

    trials: tuple[Trial, ...]
    best: Trial
    reason: str


def search(
    task: Task, candidates: Sequence[Candidate], data: Dataset, on_trial: Callable[[Trial, bool], None]
) -> Result:
    """Try the candidates in order; `on_trial(trial, is_best)` is called after each.

    Raises AutoMLError when no trial succeeds, or when the time is over before one does.
    """
    deadline = None if task.timeout is None else time.monotonic() + task.timeout
    trials: list[Trial] = []
    best: Trial | None = None
    reason = "every candidate was tried"
    for candidate in candidates:
        left = None if deadline is None else deadline - time.monotonic()
        if left is not None and left <= 0:
            reason = "the time was over"
            break
        trial = run_trial(task, candidate, data, _shorter(left, task.trial_timeout))
        trials.append(trial)
        if trial.error is None and task.is_better(trial.metrics[task.metric], _score(task, best)):
            best = trial
        on_trial(trial, trial is best)
        if trial is best and task.is_good_enough(trial.metrics[task.metric]):
            reason = "the exit score was reached"
            break
    if best is None:
        told = "; ".join(f"{trial.candidate.algorithm}: {trial.error}" for trial in trials)
        raise AutoMLError(f"No trial succeeded ({told or 'the time was over before the first'}).")
    return Result(tuple(trials), best, reason)


def _shorter(one: float | None, other: float | None) -> float | None:
    limits = [limit for limit in (one, other) if limit is not None]
    return min(limits, default=None)


def _score(task: Task, trial: Trial | None) -> float | None:
    return None if trial is None else trial.metrics[task.metric]
