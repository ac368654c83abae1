"""Forecasters that are fitted to each series alone."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from workspace_jobs.automl.forecasting.forecasters.history import Forecaster

Values = NDArray[np.float64]
# Of a series shorter than that, nothing is estimated: its last value goes on.
_LEAST_STEPS = 8


class SeasonalNaive(Forecaster):
    """The value of a season ago; of a step ago where there is no season."""

    def __init__(self, season_length: int = 1) -> None:
        self.season_length = season_length

    def _learn(self) -> None:
        """The series are all there is to know."""

    def _path(self, number: int, later: Values) -> Values:
        history = self.histories_[number]
        return _naive(history.values, history.season(self.season_length), len(later))


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
            if len(history.values) < _LEAST_STEPS:
                continue
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

    def _path(self, number: int, later: Values) -> Values:
        if number not in self.results_:
            return _naive(self.histories_[number].values, 1, len(later))
        return _with_forecast(self.results_[number], len(later))


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
            if len(history.values) < _LEAST_STEPS:
                continue
            season, values = history.season(self.season_length), history.values
            seasonal = STL(values, period=season).fit().seasonal if season > 1 else np.zeros(len(values))
            self.parts_[number] = (
                values - seasonal,
                seasonal,
                self._model(values - seasonal).fit(cov_type="none").params,
            )

    def _path(self, number: int, later: Values) -> Values:
        if number not in self.parts_:
            return _naive(self.histories_[number].values, 1, len(later))
        adjusted, seasonal, params = self.parts_[number]
        season = self.histories_[number].season(self.season_length)
        result = self._model(adjusted).filter(params)
        goes_on = np.resize(seasonal[-season:], len(later))
        return np.asarray(_with_forecast(result, len(later)) + np.concatenate([seasonal, goes_on]))

    def _model(self, values: Values) -> Any:  # noqa: ANN401 - statsmodels has no types
        from statsmodels.tsa.arima.model import ARIMA

        # Without a trend of ours, statsmodels takes a mean where nothing is differenced.
        return ARIMA(values, order=(self.p, self.d, self.q), trend="t" if self.drift and self.d == 1 else None)


def _naive(values: Values, season: int, ahead: int) -> Values:
    """The value of a season ago, for every step and for those ahead."""
    return np.concatenate([np.full(season, values[0]), values[:-season], np.resize(values[-season:], ahead)])


def _with_forecast(result: Any, ahead: int) -> Values:  # noqa: ANN401 - statsmodels has no types
    return np.concatenate([result.fittedvalues, result.forecast(ahead) if ahead else []])
