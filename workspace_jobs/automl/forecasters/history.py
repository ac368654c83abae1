"""What every forecaster does: it keeps each series up to its end, and goes on from there."""

import warnings
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, RegressorMixin

Values = NDArray[np.float64]
_SEASONS = 2  # A season can be told from chance when it was seen twice.


@dataclass(frozen=True)
class History:
    """A series: the step it begins with, and its values, one a step."""

    first: int
    values: Values

    @classmethod
    def of(cls, steps: Values, values: Values) -> "History":
        """What is between two known steps is taken to lie on a line between them."""
        order = np.argsort(steps)
        every = np.arange(int(steps[order[0]]), int(steps[order[-1]]) + 1)
        return cls(int(every[0]), np.interp(every, steps[order], values[order]))

    def season(self, length: int) -> int:
        """`length`, or 1 where this series is too short to have shown such a season."""
        return length if len(self.values) >= _SEASONS * length else 1


class Forecaster(RegressorMixin, BaseEstimator):  # type: ignore[misc]  # untyped
    """What all have in common. A kind of forecaster says what it learns, and what follows a series."""

    def fit(self, rows: Values, target: Values) -> Self:
        """Learn from `rows`, shape (rows, 2), in any order."""
        rows, target = np.asarray(rows, dtype=float), np.asarray(target, dtype=float)
        self.histories_: dict[int, History] = {}
        for number in np.unique(rows[:, 1]):
            of_series = rows[:, 1] == number
            self.histories_[int(number)] = History.of(rows[of_series, 0], target[of_series])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that an optimiser did not converge is seen in the scores
            self._learn()
        return self

    def predict(self, rows: Values) -> Values:
        """A value for each of `rows`, shape (rows, 2)."""
        rows = np.asarray(rows, dtype=float)
        predicted = np.empty(len(rows))
        for number in np.unique(rows[:, 1]):
            of_series, history = rows[:, 1] == number, self.histories_[int(number)]
            places = np.clip(rows[of_series, 0].astype(int) - history.first, 0, None)
            ahead = max(0, int(places.max()) + 1 - len(history.values))
            predicted[of_series] = self._path(int(number), ahead)[places]
        return predicted

    def _learn(self) -> None:
        raise NotImplementedError

    def _path(self, number: int, ahead: int) -> Values:
        """A value for every step of a series, and `ahead` more."""
        raise NotImplementedError
