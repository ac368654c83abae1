"""A run's finished trials and what they predicted out of fold: no pipeline is fitted."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workspace_jobs.automl.data.dataset import truth_of
from workspace_jobs.automl.decisions.decision import Decision
from workspace_jobs.automl.errors import AutoMLError
from workspace_jobs.automl.forecasting import backtesting
from workspace_jobs.automl.forecasting.timeline import steps_of
from workspace_jobs.automl.metrics import SCALED_ERROR, score_function
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


def answers(folder: RunFolder, predictions: Array) -> Array:
    """What the run's model answers to each row: a class number, as was decided, or a value; NaN where none judged."""
    if predictions.ndim == 1:
        return predictions
    rows, outcome, definition = judged(predictions), folder.outcome(), folder.definition()
    decision = Decision() if outcome is None or outcome.decision is None else outcome.decision
    found = np.full(len(predictions), np.nan)
    found[rows] = decision.unseen_answers(truth(folder)[rows], predictions[rows], seed=definition.seed)
    return found


def score_of_rows(folder: RunFolder) -> Callable[[Array, Array], float]:
    """The run's metric as a function of row numbers and the predictions for them."""
    definition, target = folder.definition(), truth(folder)
    scale = _scale(folder) if definition.metric == SCALED_ERROR else None

    def score(rows: Array, predictions: Array) -> float:
        of_these = None if scale is None else scale[rows]
        return score_function(definition.metric, definition.problem, of_these)(target[rows], predictions)

    return score


def _scale(folder: RunFolder) -> Array | None:
    timeline, splits, train = folder.definition().schema.timeline, folder.splits(), folder.train()
    assert timeline is not None
    rows = steps_of(timeline).fit_transform(train)
    found = backtesting.scales(rows, truth(folder), splits, timeline.season_length)
    return backtesting.of_rows(found, splits, len(train))


def truth(folder: RunFolder) -> Array:
    """The target of every training row as metrics want it: class numbers, or values."""
    definition = folder.definition()
    return truth_of(folder.train()[definition.target], definition.classes)
