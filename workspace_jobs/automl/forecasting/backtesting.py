"""Back-testing: a forecast is judged by what followed each of several origins, learning only from what came before.

Windows expand: each origin knows everything up to it. The origins lie a horizon apart, so that no row is judged twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workspace_jobs.automl.data.schema import Timeline
from workspace_jobs.automl.errors import AutoMLError
from workspace_jobs.automl.forecasting.forecasters import History
from workspace_jobs.automl.run_folder import Split
from workspace_jobs.automl.validation import Asked, Plan

_ORIGINS, _LEAST_STEPS, _SEASONS = 3, 8, 2
_SHARE_OF_SERIES = 5
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Series:
    """Rows as steps and numbers of series, shape (rows, 2), with how time runs in them."""

    rows: Values
    timeline: Timeline
    names: Sequence[str] = ()

    @property
    def steps(self) -> Values:
        """The step of each row."""
        return self.rows[:, 0]

    def name(self, number: int) -> str:
        """What to call a series in a sentence."""
        return f"series {self.names[number]}" if self.names else "the series"

    def starts(self) -> dict[int, float]:
        """The first step of each series."""
        return {
            int(number): float(self.steps[self.rows[:, 1] == number].min()) for number in np.unique(self.rows[:, 1])
        }


def plan(series: Series, asked: Asked, horizon: int | None) -> Plan:
    """The splits. Raises AutoMLError where a series is too short for the horizon."""
    if asked.repeats > 1:
        raise AutoMLError(f"--validation {asked.folds}x{asked.repeats}: origins are not repeated: write their number")
    starts = series.starts()
    latest, last = max(starts.values()), int(series.steps.max())
    length = int(last - latest) + 1
    season = series.timeline.season_length
    if asked.share is not None:
        horizon, folds = horizon or max(1, int(length * asked.share)), 1
    else:
        horizon = horizon or max(1, min(season if season > 1 else length, length // _SHARE_OF_SERIES))
        folds = asked.folds or _fitting(length, horizon, season)
    if length - folds * horizon < _LEAST_STEPS:
        youngest = max(starts, key=lambda number: starts[number])
        raise AutoMLError(
            f"{series.name(youngest)} has {length} steps: too few to judge {_times(folds)} a forecast of {horizon} "
            f"steps after at least {_LEAST_STEPS} to learn from; write a smaller --horizon, or give it more rows"
        )
    splits = [_split(series.steps, last - horizon * back, horizon) for back in range(folds, 0, -1)]
    words = (
        f"Validation: back-testing from {folds} origin{'s' if folds > 1 else ''}, {horizon} steps ahead of each; what "
        "follows an origin is not known there."
    )
    return Plan(tuple(split for split in splits if len(split[1])), words)


def check_follows(series: Series, split: Split, what: str) -> None:
    """Raise AutoMLError where rows of `what`, which are judged, do not follow those that are learned from."""
    for number in np.unique(series.rows[split[1], 1]):
        known, asked = (series.steps[rows[series.rows[rows, 1] == number]] for rows in split)
        if not len(known) or asked.min() <= known.max():
            raise AutoMLError(
                f"{what}: {series.name(int(number))} does not go on there from its rows in the training data; a "
                "forecast is judged by later rows of the same series"
            )


def scales(rows: Values, values: Values, splits: Sequence[Split], season: int) -> tuple[Values, ...]:
    """For each split, what each judged row's error is divided by: the seasonal naive's mean error on learned rows.

    NaN for a series whose naive forecast was never wrong.
    """
    return tuple(_scale(rows, values, split, season) for split in splits)


def of_rows(scales: Sequence[Values], splits: Sequence[Split], count: int) -> Values | None:
    """The scale of each of `count` rows, NaN where no split judges it; None where there are no scales."""
    if not scales:
        return None
    found = np.full(count, np.nan)
    for (_, judge), scale in zip(splits, scales, strict=True):
        found[judge] = scale
    return found


def _fitting(length: int, horizon: int, season: int) -> int:
    """As many origins as leave two seasons to learn from, at least one."""
    wanted = max(_LEAST_STEPS, _SEASONS * season)
    return max(1, min(_ORIGINS, (length - wanted) // horizon))


def _times(folds: int) -> str:
    return "once" if folds == 1 else f"{folds} times"


def _split(steps: Values, origin: int, horizon: int) -> Split:
    return np.flatnonzero(steps <= origin), np.flatnonzero((steps > origin) & (steps <= origin + horizon))


def _scale(rows: Values, values: Values, split: Split, season: int) -> Values:
    learn, judge = split
    found = np.full(len(judge), np.nan)
    for number in np.unique(rows[judge, 1]):
        known = learn[rows[learn, 1] == number]
        error = History.of(rows[known, 0], values[known]).naive_error(season)
        found[rows[judge, 1] == number] = error or np.nan
    return found
