"""Forecasters: scikit-learn regressors over rows of (step of time, number of the series, what is known in advance).

All that a saved forecast is made of is here, and imports nothing else of mlws: classes are pickled with the model,
so that it loads where `mlws` is not installed. What was learned is each series up to its end; `predict` goes on from
there, and says for a row of the past what it would have said a step before.
"""

from workspace_jobs.automl.forecasting.forecasters.history import Forecaster, History
from workspace_jobs.automl.forecasting.forecasters.intervals import IntervalForecaster, Spread
from workspace_jobs.automl.forecasting.forecasters.lags import LagForecaster
from workspace_jobs.automl.forecasting.forecasters.statistical import Arima, ExponentialSmoothing, SeasonalNaive
from workspace_jobs.automl.forecasting.forecasters.time_steps import TimeSteps

__all__ = [
    "Arima",
    "ExponentialSmoothing",
    "Forecaster",
    "History",
    "IntervalForecaster",
    "LagForecaster",
    "SeasonalNaive",
    "Spread",
    "TimeSteps",
]
