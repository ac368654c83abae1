"""Forecasters: scikit-learn regressors over rows of (step of time, number of the series).

All that a saved forecast is made of is here, and imports nothing of this package: classes are pickled with the model,
so that it loads where `mlws` is not installed. What was learned is each series up to its end; `predict` goes on from
there, and says for a row of the past what it would have said a step before.
"""

import warnings
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, RegressorMixin, TransformerMixin

Values = NDArray[np.float64]
_SEASONS = 2  # A season can be told from chance when it was seen twice.


class TimeSteps(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # untyped
    """Rows of time and series as numbers: steps since 1970 (or `origin`, where times are numbers), and which series.

    Parameters:
        time, series: column names; no `series` where the table is a single one.
        frequency: of pandas' periods (`M`, `D`, `15min`, ...); empty where times are numbers.
        step, origin: of times that are numbers.
    """

    def __init__(
        self, time: str, series: str | None = None, frequency: str = "", step: float = 1.0, origin: float = 0.0
    ) -> None:
        self.time = time
        self.series = series
        self.frequency = frequency
        self.step = step
        self.origin = origin

    def fit(self, rows: pd.DataFrame, _: object = None) -> Self:
        """Learn which series there are."""
        self.labels_ = pd.Index([]) if self.series is None else pd.Index(rows[self.series].unique()).sort_values()
        return self

    def transform(self, rows: pd.DataFrame) -> Values:
        """Shape (rows, 2). Raises ValueError for a time that is none, and a series that was not learned from."""
        numbers = np.zeros(len(rows)) if self.series is None else self.labels_.get_indexer(pd.Index(rows[self.series]))
        if (numbers < 0).any():
            unknown = rows[self.series].iloc[int((numbers < 0).argmax())]
            raise ValueError(f"series {unknown} was not learned from: it can't be forecast")
        return np.column_stack([self._steps(rows[self.time]), numbers]).astype(float)

    def _steps(self, times: pd.Series) -> Values:
        if not self.frequency:
            return np.asarray(np.rint((times.to_numpy(float) - self.origin) / self.step))
        parsed = pd.to_datetime(times, utc=True).dt.tz_localize(None)
        if parsed.isna().any():
            raise ValueError(f"a row has no {self.time}: it can't be forecast")
        periods = pd.PeriodIndex(parsed.dt.to_period(self.frequency))
        assert periods.freq is not None
        return np.asarray(periods.asi8 // periods.freq.n, dtype=float)


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


class SeasonalNaive(Forecaster):
    """The value of a season ago; of a step ago where there is no season."""

    def __init__(self, season_length: int = 1) -> None:
        self.season_length = season_length

    def _learn(self) -> None:
        """The series are all there is to know."""

    def _path(self, number: int, ahead: int) -> Values:
        history = self.histories_[number]
        season, values = history.season(self.season_length), history.values
        later = np.resize(values[-season:], ahead)
        return np.concatenate([np.full(season, values[0]), values[:-season], later])


class ExponentialSmoothing(Forecaster):
    """Holt and Winters: level, trend and season, each a weighted mean that forgets (statsmodels).

    Parameters:
        trend, seasonal: `add`, `mul` (for values above 0) or `none`.
        damped_trend: whether the trend fades.
    """

    def __init__(
        self,
        trend: str = "add",
        seasonal: str = "add",
        season_length: int = 1,
        *,
        damped_trend: bool = False,
    ) -> None:
        self.trend = trend
        self.seasonal = seasonal
        self.season_length = season_length
        self.damped_trend = damped_trend

    def _learn(self) -> None:
        from statsmodels.tsa.holtwinters import ExponentialSmoothing as HoltWinters

        self.results_: dict[int, Any] = {}
        for number, history in self.histories_.items():
            season = history.season(self.season_length)
            is_seasonal = season > 1 and self.seasonal != "none"
            model = HoltWinters(
                history.values,
                trend=None if self.trend == "none" else self.trend,
                damped_trend=self.damped_trend and self.trend != "none",
                seasonal=self.seasonal if is_seasonal else None,
                seasonal_periods=season if is_seasonal else None,
            )
            self.results_[number] = model.fit(use_brute=False)

    def _path(self, number: int, ahead: int) -> Values:
        result = self.results_[number]
        return np.concatenate([result.fittedvalues, result.forecast(ahead) if ahead else []])


class Arima(Forecaster):
    """ARIMA of what is left when the season is taken out by STL (statsmodels).

    Parameters:
        p, d, q: how many values before, differences, and errors before.
        drift: whether a differenced series goes on rising (or falling) as it did.
    """

    def __init__(self, p: int = 1, d: int = 1, q: int = 1, season_length: int = 1, *, drift: bool = False) -> None:
        self.p = p
        self.d = d
        self.q = q
        self.season_length = season_length
        self.drift = drift

    def _learn(self) -> None:
        from statsmodels.tsa.seasonal import STL

        self.parts_: dict[int, tuple[Values, Values, Values]] = {}
        for number, history in self.histories_.items():
            season, values = history.season(self.season_length), history.values
            seasonal = STL(values, period=season).fit().seasonal if season > 1 else np.zeros(len(values))
            self.parts_[number] = (
                values - seasonal,
                seasonal,
                self._model(values - seasonal).fit(cov_type="none").params,
            )

    def _path(self, number: int, ahead: int) -> Values:
        adjusted, seasonal, params = self.parts_[number]
        season = self.histories_[number].season(self.season_length)
        result = self._model(adjusted).filter(params)
        later = np.resize(seasonal[-season:], ahead)
        path = np.concatenate([result.fittedvalues, result.forecast(ahead) if ahead else []])
        return np.asarray(path + np.concatenate([seasonal, later]))

    def _model(self, values: Values) -> Any:  # noqa: ANN401 - statsmodels has no types
        from statsmodels.tsa.arima.model import ARIMA

        # Without a trend of ours, statsmodels takes a mean where nothing is differenced.
        return ARIMA(values, order=(self.p, self.d, self.q), trend="t" if self.drift and self.d == 1 else None)


class LagForecaster(Forecaster):
    """LightGBM over the values before: those of the last `lags` steps, and those of one and two seasons ago.

    One model for all series: values are seen relative to the mean of their last window, so that a trend goes on. What
    lies more than a step ahead is forecast from forecasts.
    """

    def __init__(  # noqa: PLR0913 - LightGBM's names
        self,
        season_length: int = 1,
        *,
        lags: int = 6,
        n_estimators: int = 150,
        learning_rate: float = 0.05,
        num_leaves: int = 8,
        min_child_samples: int = 5,
        n_jobs: int = 1,
        random_state: int = 0,
    ) -> None:
        self.season_length = season_length
        self.lags = lags
        self.n_estimators = n_estimators
        self.learning_rate = learning_rate
        self.num_leaves = num_leaves
        self.min_child_samples = min_child_samples
        self.n_jobs = n_jobs
        self.random_state = random_state

    def _learn(self) -> None:
        from lightgbm import LGBMRegressor

        longest = max(self.histories_.values(), key=lambda history: len(history.values))
        season = longest.season(self.season_length)
        seasonal = {season - 1, season, season + 1, 2 * season} if season > 1 else set()
        most = max(1, len(longest.values) // 2)
        self.lags_ = np.array(sorted(lag for lag in {*range(1, self.lags + 1), *seasonal} if 0 < lag <= most))
        self.window_ = int(self.lags_.max())
        self.scales_ = {number: float(history.values.std()) or 1.0 for number, history in self.histories_.items()}
        seen = [self._seen(number) for number in self.histories_]
        self.model_ = LGBMRegressor(
            n_estimators=self.n_estimators,
            learning_rate=self.learning_rate,
            num_leaves=self.num_leaves,
            min_child_samples=self.min_child_samples,
            n_jobs=self.n_jobs,
            random_state=self.random_state,
            deterministic=True,
            force_col_wise=True,
            verbose=-1,
        ).fit(np.vstack([features for features, _ in seen]), np.concatenate([target for _, target in seen]))

    def _seen(self, number: int) -> tuple[Values, Values]:
        """Features and target of each step of a series that has a whole window before it."""
        history = self.histories_[number]
        places = np.arange(self.window_, len(history.values))
        features, means = self._features(number, history.values, places, history.first)
        return features, (history.values[places] - means) / self.scales_[number]

    def _features(self, number: int, values: Values, places: NDArray[np.intp], first: int) -> tuple[Values, Values]:
        """What is known of each place by what lies before it, shape (places, lags + 1); and the means of the windows.

        `first` is the step of the first of `values`."""
        before = values[places[:, None] - np.arange(1, self.window_ + 1)]
        means = before.mean(axis=1)
        relative = (before[:, self.lags_ - 1] - means[:, None]) / self.scales_[number]
        return np.column_stack([relative, (places + first) % self.season_length]), means

    def _path(self, number: int, ahead: int) -> Values:
        known, window = self.histories_[number].values, self.window_
        # As if the series had stood still before it began, and with room for what comes.
        path = np.concatenate([np.full(window, known[0]), known, np.zeros(ahead)])
        end = window + len(known)
        fitted = self._next(number, path, np.arange(window, end))
        for place in range(end, end + ahead):
            path[place] = self._next(number, path, np.array([place]))[0]
        return np.concatenate([fitted, path[end:]])

    def _next(self, number: int, path: Values, places: NDArray[np.intp]) -> Values:
        features, means = self._features(number, path, places, self.histories_[number].first - self.window_)
        return np.asarray(np.asarray(self.model_.predict(features)) * self.scales_[number] + means)
