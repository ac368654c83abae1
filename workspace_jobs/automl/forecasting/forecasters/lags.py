"""A regressor of tables as a forecaster: what was before is its columns."""

import numpy as np
from numpy.typing import NDArray

from workspace_jobs.automl.forecasting.forecasters.history import Forecaster, History

Values = NDArray[np.float64]


class LagForecaster(Forecaster):
    """LightGBM over the values before: those of the last `lags` steps, and those of one and two seasons ago.

    One model for all series: values are seen relative to the mean of their last window, so that a trend goes on. What
    lies more than a step ahead is forecast from forecasts. What is known of a step in advance is a column as it is.
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
        features, means = self._features(number, history, places)
        return features, (history.values[places] - means) / self.scales_[number]

    def _features(self, number: int, path: History, places: NDArray[np.intp]) -> tuple[Values, Values]:
        """What is known of each place, by what lies before it and in advance; and the means of the windows.

        Shapes (places, lags + 1 + columns) and (places,).
        """
        before = path.values[places[:, None] - np.arange(1, self.window_ + 1)]
        means = before.mean(axis=1)
        relative = (before[:, self.lags_ - 1] - means[:, None]) / self.scales_[number]
        in_season = (places + path.first) % self.season_length
        return np.column_stack([relative, in_season, path.known[places]]), means

    def _path(self, number: int, later: Values) -> Values:
        history, window = self.histories_[number], self.window_
        # As if the series had stood still before it began, and with room for what comes.
        path = np.concatenate([np.full(window, history.values[0]), history.values, np.zeros(len(later))])
        before = np.full((window, later.shape[1]), np.nan)
        whole = History(history.first - window, path, np.concatenate([before, history.known, later]))
        end = window + len(history.values)
        fitted = self._next(number, whole, np.arange(window, end))
        for place in range(end, len(path)):
            path[place] = self._next(number, whole, np.array([place]))[0]
        return np.concatenate([fitted, path[end:]])

    def _next(self, number: int, path: History, places: NDArray[np.intp]) -> Values:
        features, means = self._features(number, path, places)
        return np.asarray(np.asarray(self.model_.predict(features)) * self.scales_[number] + means)
