"""Fits the members of the ensemble to all rows, in the processes of the trials, the most important first."""

import pickle
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from workspace_jobs.automl.errors import NoModelError
from workspace_jobs.automl.resources import Share
from workspace_jobs.automl.run_folder import Member
from workspace_jobs.automl.search.messages import Done, Failed, Refit
from workspace_jobs.automl.search.search import Executor
from workspace_jobs.automl.trial import Trial

_TICK_SECONDS = 0.2


def refit(  # noqa: PLR0913, PLR0917 - each is a part of its own
    executor: Executor,
    members: Sequence[Member],
    trials: Sequence[Trial],
    share: Share,
    seconds_left: Callable[[], float],
    folder: Path,
) -> list[tuple[Member, Any]]:
    """The members with their fitted pipelines; those that time did not allow are left out, and the shares made 1 again.

    Raises NoModelError when none could be fitted.
    """
    candidates = {trial.number: trial.candidate for trial in trials}
    waiting, running, failures = [member.number for member in members], set[int](), list[str]()
    done: dict[int, Any] = {}
    while running or (waiting and (seconds_left() > 0 or not done)):
        while waiting and len(running) < share.workers:
            number = waiting.pop(0)
            path = folder / f"refit-{number}.pkl"
            executor.submit(Refit(number, candidates[number], share.threads, path, share.memory_bytes))
            running.add(number)
        match executor.next_event(_TICK_SECONDS):
            case Done(number):
                running.remove(number)
                done[number] = _taken(folder / f"refit-{number}.pkl")
            case Failed(number, reason):
                running.remove(number)
                failures.append(reason)
        if done and seconds_left() <= 0:
            for number in running:
                executor.kill(number)
    if not done:
        raise NoModelError(f"the best candidates could not be fitted to all rows: {'; '.join(failures)}")
    kept = [member for member in members if member.number in done]
    total = sum(member.weight for member in kept)
    return [(Member(member.number, member.weight / total), done[member.number]) for member in kept]


def _taken(file: Path) -> Any:  # noqa: ANN401 - a pipeline
    with file.open("rb") as stream:
        pipeline = pickle.load(stream)  # noqa: S301 - written by a trial of this run
    file.unlink()
    return pipeline
