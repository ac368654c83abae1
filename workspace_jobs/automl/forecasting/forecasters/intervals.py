"""Intervals of a forecast, by how wrong it was in back-testing: no distribution is assumed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.isotonic import IsotonicRegression

from workspace_jobs.automl.forecasting.forecasters.time_steps import TimeSteps

Values = NDArray[np.float64]
_LEAST = 1e-12


@dataclass(frozen=True)
class Spread:
    """How wide errors are: `growth`, shape (horizon,), is their mean by steps ahead, which never falls.

    `errors` are absolute errors relative to it, in order. All are in units of their series' scale.
    """

    growth: Values
    errors: Values

    @classmethod
    def of(cls, ahead: Values, errors: Values) -> "Spread":
        """Of absolute errors, and how many steps ahead each was; arrays of shape (rows,), one or more."""
        horizon = np.arange(1, int(ahead.max()) + 1)
        growth = IsotonicRegression(out_of_bounds="clip").fit(ahead, errors).predict(horizon)
        growth = np.maximum(growth, _LEAST)
        return cls(growth, np.sort(errors / growth[ahead.astype(int) - 1]))

    def half_width(self, ahead: Values, confidence_level: float) -> Values:
        """Of an interval `ahead` steps on; beyond the horizon it grows as a random walk's does."""
        count, horizon = len(self.errors), len(self.growth)
        # One more than there are: the next error is as likely to be anywhere among them.
        place = min(count, int(np.ceil((count + 1) * confidence_level))) - 1
        within = self.growth[np.clip(ahead, 1, horizon).astype(int) - 1]
        return np.asarray(self.errors[place] * within * np.sqrt(np.maximum(ahead / horizon, 1)))


class IntervalForecaster(RegressorMixin, BaseEstimator):  # type: ignore[misc]  # untyped
    """A fitted forecaster, with intervals around what it predicts.

    Parameters:
        estimator: what predicts.
        steps: fitted, counts the steps of rows.
        spread: of errors in back-testing.
        ends, scales: the last step of each series, and the unit of its errors, by its number.
    """

    def __init__(
        self,
        estimator: BaseEstimator,
        steps: TimeSteps,
        spread: Spread,
        ends: Mapping[int, float],
        scales: Mapping[int, float],
    ) -> None:
        self.estimator = estimator
        self.steps = steps
        self.spread = spread
        self.ends = ends
        self.scales = scales

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def predict(self, rows: Any) -> Values:  # noqa: ANN401 - as the estimator takes them
        """A value for each row."""
        return np.asarray(self.estimator.predict(rows), dtype=float)

    def predict_interval(self, rows: Any, confidence_level: float = 0.9) -> Values:  # noqa: ANN401
        """The lower and the upper end of an interval around each row's value, shape (rows, 2).

        A time of the past has the interval of a step ahead. Raises ValueError for a level that is not between 0 and 1.
        """
        if not 0 < confidence_level < 1:
            raise ValueError(f"confidence_level must be between 0 and 1, not {confidence_level}")
        places = self.steps.transform(rows)
        ahead = places[:, 0] - np.array([self.ends[int(number)] for number in places[:, 1]])
        unit = np.array([self.scales[int(number)] for number in places[:, 1]])
        width = unit * self.spread.half_width(np.maximum(ahead, 1), confidence_level)
        values = self.predict(rows)
        return np.column_stack([values - width, values + width])
