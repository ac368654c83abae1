"""A run's finished trials and what they predicted out of fold: no pipeline is fitted."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workspace_jobs.automl.dataset import truth_of
from workspace_jobs.automl.errors import AutoMLError
from workspace_jobs.automl.run_folder import Member, RunFolder
from workspace_jobs.automl.search.ensemble import combined
from workspace_jobs.automl.trial import Trial, ranked

Array = NDArray[Any]


def finished_trials(folder: RunFolder) -> list[Trial]:
    """The trials that have a score, the best first. Raises AutoMLError where there is none."""
    finished = [trial for trial in folder.trials() if trial.status == "finished"]
    if not finished:
        raise AutoMLError(f"{folder.path} has no finished trial: there is nothing to report")
    return ranked(finished, folder.definition().metric)


def trial_of(folder: RunFolder, number: int) -> Trial:
    """Finished trial `number`. Raises AutoMLError, which names those that there are, where there is no such."""
    finished = {trial.number: trial for trial in finished_trials(folder)}
    if number not in finished:
        known = ", ".join(map(str, list(finished)[:10]))
        raise AutoMLError(f"{folder.path} has no finished trial {number}: write one of {known}")
    return finished[number]


def members(folder: RunFolder) -> tuple[Member, ...]:
    """What the run's model consists of; while the run has not ended, the best trial alone."""
    outcome = folder.outcome()
    return outcome.members if outcome is not None else (Member(finished_trials(folder)[0].number, 1.0),)


def predictions_of(folder: RunFolder, parts: Sequence[Member]) -> Array:
    """The weighted mean of the members' out-of-fold predictions; rows that no fold judged are NaN."""
    return combined(parts, {part.number: folder.predictions(part.number) for part in parts})


def judged(predictions: Array) -> Array:
    """The row numbers that have a prediction."""
    known = ~np.isnan(predictions)
    return np.flatnonzero(known if known.ndim == 1 else known.all(axis=1))


def truth(folder: RunFolder) -> Array:
    """The target of every training row as metrics want it: class numbers, or values."""
    definition = folder.definition()
    return truth_of(folder.train()[definition.target], definition.classes)
