"""How wide the intervals of a forecast are, by its back-testing, and how often they hold what came."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator

from workspace_jobs.automl.data.schema import Timeline
from workspace_jobs.automl.forecasting import backtesting
from workspace_jobs.automl.forecasting.forecasters import IntervalForecaster, Spread
from workspace_jobs.automl.forecasting.timeline import histories_by_number, steps_of
from workspace_jobs.automl.run_folder import Split

CONFIDENCE_LEVEL = 0.9
Values = NDArray[np.float64]


@dataclass(frozen=True)
class BackTest:
    """For each origin and each row that it judges: steps ahead, absolute scaled error, and the scale.

    An error is NaN where the seasonal naive was never wrong.
    """

    ahead: tuple[Values, ...]
    errors: tuple[Values, ...]
    scales: tuple[Values, ...]

    @classmethod
    def of(
        cls, rows: Values, truth: Values, predictions: Values, splits: Sequence[Split], season_length: int
    ) -> "BackTest":
        """Of rows as steps and numbers of series, shape (rows, 2), and out-of-fold predictions, shape (rows,)."""
        scales = backtesting.scales(rows, truth, splits, season_length)
        errors = [np.abs(truth - predictions)[judge] / scale for (_, judge), scale in zip(splits, scales, strict=True)]
        return cls(tuple(_ahead(rows, split) for split in splits), tuple(errors), scales)

    def spread(self, *, without: int | None = None) -> Spread | None:
        """Of the errors of all origins, or all but one; None where there is none."""
        kept = [number for number in range(len(self.errors)) if number != without]
        if not kept:
            return None
        ahead, errors = (np.concatenate([part[number] for number in kept]) for part in (self.ahead, self.errors))
        known = np.isfinite(errors)
        return Spread.of(ahead[known], errors[known]) if known.any() else None

    def unseen_half_widths(self) -> tuple[Values, ...]:
        """Of each origin's intervals by the errors of the others; NaN where there are no others."""
        found = []
        for number, (ahead, scale) in enumerate(zip(self.ahead, self.scales, strict=True)):
            spread = self.spread(without=number)
            width = np.full(len(ahead), np.nan) if spread is None else spread.half_width(ahead, CONFIDENCE_LEVEL)
            found.append(width * scale)
        return tuple(found)

    def coverage(self) -> float | None:
        """The share of rows that lie in intervals made by the errors of other origins; None for a single origin."""
        widths = np.concatenate(self.unseen_half_widths())
        errors = np.concatenate(self.errors) * np.concatenate(self.scales)
        known = np.isfinite(widths) & np.isfinite(errors)
        return float((errors[known] <= widths[known]).mean()) if known.any() else None


def with_intervals(
    model: BaseEstimator, found: BackTest, frame: pd.DataFrame, target: Values, timeline: Timeline
) -> BaseEstimator:
    """The fitted `model` with intervals; as it is where back-testing has no error to go by."""
    spread = found.spread()
    if spread is None:
        return model
    steps = steps_of(timeline).fit(frame)
    histories = histories_by_number(steps.transform(frame), target)
    ends = {number: float(history.first + len(history.values) - 1) for number, history in histories.items()}
    scales = {number: history.naive_error(timeline.season_length) for number, history in histories.items()}
    return IntervalForecaster(model, steps, spread, ends, scales)


def _ahead(rows: Values, split: Split) -> Values:
    """How many steps each judged row lies behind the last that was known of its series."""
    learn, judge = split
    found = np.empty(len(judge))
    for number in np.unique(rows[judge, 1]):
        of_series = rows[judge, 1] == number
        found[of_series] = rows[judge, 0][of_series] - rows[learn, 0][rows[learn, 1] == number].max()
    return found
