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
    """A series: the step it begins with, its values, one a step, and what was known of each step in advance.

    `known` has shape (steps, columns), and NaN for a step that no row was of.
    """

    first: int
    values: Values
    known: Values

    @classmethod
    def of(cls, steps: Values, values: Values, known: Values | None = None) -> "History":
        """What is between two known steps is taken to lie on a line between them."""
        order = np.argsort(steps)
        every = np.arange(int(steps[order[0]]), int(steps[order[-1]]) + 1)
        given = np.empty((len(steps), 0)) if known is None else known
        placed = np.full((len(every), given.shape[1]), np.nan)
        placed[steps.astype(int) - every[0]] = given
        return cls(int(every[0]), np.interp(every, steps[order], values[order]), placed)

    def naive_error(self, season_length: int) -> float:
        """The mean absolute error of the value a season ago."""
        length = self.season(season_length)
        return float(np.abs(self.values[length:] - self.values[:-length]).mean())

    def season(self, length: int) -> int:
        """`length`, or 1 where this series is too short to have shown such a season."""
        return length if len(self.values) >= _SEASONS * length else 1


class Forecaster(RegressorMixin, BaseEstimator):  # type: ignore[misc]  # untyped
    """What all have in common. A kind of forecaster says what it learns, and what follows a series."""

    def fit(self, rows: Values, target: Values) -> Self:
        """Learn from `rows`, shape (rows, 2 and what is known in advance), in any order."""
        rows, target = np.asarray(rows, dtype=float), np.asarray(target, dtype=float)
        self.histories_: dict[int, History] = {}
        for number in np.unique(rows[:, 1]):
            of_series = rows[:, 1] == number
            self.histories_[int(number)] = History.of(rows[of_series, 0], target[of_series], rows[of_series, 2:])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that an optimiser did not converge is seen in the scores
            self._learn()
        return self

    def predict(self, rows: Values) -> Values:
        """A value for each of `rows`, which are as those of `fit`."""
        rows = np.asarray(rows, dtype=float)
        predicted = np.empty(len(rows))
        for number in np.unique(rows[:, 1]):
            of_series, history = rows[:, 1] == number, self.histories_[int(number)]
            places = np.clip(rows[of_series, 0].astype(int) - history.first, 0, None)
            ahead = max(0, int(places.max()) + 1 - len(history.values))
            later, is_later = np.full((ahead, rows.shape[1] - 2), np.nan), places >= len(history.values)
            later[places[is_later] - len(history.values)] = rows[of_series, 2:][is_later]
            predicted[of_series] = self._path(int(number), later)[places]
        return predicted

    def _learn(self) -> None:
        raise NotImplementedError

    def _path(self, number: int, later: Values) -> Values:
        """A value for every step of a series, and for those after it; `later` is what is known of each of these."""
        raise NotImplementedError
