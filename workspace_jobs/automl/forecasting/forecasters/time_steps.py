"""Counts the steps of time: dates and numbers as whole numbers, and series as theirs."""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin

Values = NDArray[np.float64]


class TimeSteps(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # untyped
    """Rows of time and series as numbers: steps since 1970 (or `origin`, where times are numbers), and which series.

    Parameters:
        time, series: column names; no `series` where the table is a single one.
        frequency: of pandas' periods (`M`, `D`, `15min`, ...); empty where times are numbers.
        step, origin: of times that are numbers.
    """

    def __init__(
        self, time: str, series: Sequence[str] = (), frequency: str = "", step: float = 1.0, origin: float = 0.0
    ) -> None:
        self.time = time
        self.series = series
        self.frequency = frequency
        self.step = step
        self.origin = origin

    def fit(self, rows: pd.DataFrame, _: object = None) -> Self:
        """Learn which series there are."""
        self.labels_ = self._labels(rows).unique().sort_values() if self.series else pd.Index([])
        return self

    def transform(self, rows: pd.DataFrame) -> Values:
        """Shape (rows, 2). Raises ValueError for a time that is none, and a series that was not learned from."""
        numbers = self.labels_.get_indexer(self._labels(rows)) if self.series else np.zeros(len(rows))
        if (numbers < 0).any():
            unknown = _named(self._labels(rows).tolist()[int((numbers < 0).argmax())])
            raise ValueError(f"series {unknown} was not learned from: it can't be forecast")
        return np.column_stack([self._steps(rows[self.time]), numbers]).astype(float)

    def names(self) -> list[str]:
        """What each series is called, by its number."""
        return [_named(label) for label in self.labels_]

    def _labels(self, rows: pd.DataFrame) -> pd.MultiIndex:
        return pd.MultiIndex.from_frame(rows[list(self.series)])

    def _steps(self, times: pd.Series) -> Values:
        if not self.frequency:
            return np.asarray(np.rint((times.to_numpy(float) - self.origin) / self.step))
        parsed = pd.to_datetime(times, utc=True).dt.tz_localize(None)
        if parsed.isna().any():
            raise ValueError(f"a row has no {self.time}: it can't be forecast")
        periods = pd.PeriodIndex(parsed.dt.to_period(self.frequency))
        assert periods.freq is not None
        return np.asarray(periods.asi8 // periods.freq.n, dtype=float)


def _named(label: Any) -> str:  # noqa: ANN401 - as pandas has them
    return ", ".join(map(str, label))
