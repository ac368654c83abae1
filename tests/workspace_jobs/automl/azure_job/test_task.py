from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workspace_jobs.automl.azure_job.task import METRICS, duration, parse
from workspace_jobs.automl.errors import AutoMLError


def task(**changes: Any) -> dict[str, Any]:
    return {"taskType": "Classification", "targetColumnName": "y", **changes}


def test_a_task_as_azure_ai_ml_sends_it() -> None:
    parsed = parse(
        task(
            primaryMetric="AUCWeighted",
            nCrossValidations={"mode": "Custom", "value": 3},
            limitSettings={"maxTrials": 4, "timeout": "PT1H30M", "trialTimeout": "PT20S", "exitScore": 0.9},
            trainingSettings={"blockedTrainingAlgorithms": ["KNN"], "enableStackEnsemble": True},
        )
    )
    assert (parsed.metric, parsed.folds, parsed.max_trials) == ("AUC_weighted", 3, 4)
    assert (parsed.timeout, parsed.trial_timeout, parsed.exit_score) == (5400.0, 20.0, 0.9)
    assert parsed.blocked == {"KNN"}
    assert parsed.notices == ("Not done by local AutoML: the stack ensemble.",)


def test_a_forecast_as_azure_ai_ml_sends_it() -> None:
    settings = {
        "timeColumnName": "month",
        "timeSeriesIdColumnNames": ["shop", "product"],
        "featuresUnknownAtForecastTime": ["weather"],
        "forecastHorizon": {"mode": "Custom", "value": 6},
        "seasonality": {"mode": "Auto"},
        "targetLags": {"mode": "Custom", "values": [1, 12]},
    }
    parsed = parse(task(taskType="Forecasting", forecastingSettings=settings))
    assert (parsed.time, parsed.series, parsed.horizon) == ("month", ("product", "shop"), 6)
    assert parsed.unknown == frozenset({"weather"})
    assert parse(task(taskType="Forecasting")).unknown is None
    assert parsed.metric == "normalized_root_mean_squared_error"
    assert parsed.notices == ("Not done by local AutoML: target lags as told.",)


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (
            task(taskType="Forecasting", forecastingSettings={"forecastHorizon": {"mode": "Custom", "value": 0}}),
            "forecastHorizon must be 1 or more",
        ),
        (task(taskType="TextNER"), "does not support the task 'TextNER'"),
        (task(targetColumnName=None), "no targetColumnName"),
        (task(primaryMetric="accuracy"), "write one of Accuracy, AUCWeighted"),
        (task(limitSettings={"timeout": "10 minutes"}), "not an ISO 8601 duration"),
        (task(limitSettings={"maxTrials": "many"}), "must be a number"),
        (task(nCrossValidations={"mode": "Custom", "value": 1}), "must be 2 or more"),
        (task(trainingSettings={"allowedTrainingAlgorithms": "KNN"}), "must be a list"),
    ],
)
def test_what_is_not_supported_is_refused_by_a_sentence(raw: dict[str, Any], sentence: str) -> None:
    with pytest.raises(AutoMLError, match=sentence):
        parse(raw)


@given(st.integers(0, 400), st.integers(0, 100), st.integers(0, 100), st.integers(1, 100))
def test_a_duration_is_read_as_it_is_written(days: int, hours: int, minutes: int, seconds: int) -> None:
    written = f"P{days}DT{hours}H{minutes}M{seconds}S"
    assert duration(written, "timeout") == ((days * 24 + hours) * 60 + minutes) * 60 + seconds


@pytest.mark.parametrize("kind", METRICS)
def test_every_metric_knows_which_way_is_better(kind: str) -> None:
    for metric in METRICS[kind]:
        parsed = parse(task(taskType=kind, primaryMetric=metric))
        better, worse = (0.1, 0.9) if "Error" in metric else (0.9, 0.1)
        assert parsed.as_score(better) > parsed.as_score(worse)
        assert parsed.as_azure_has_it(parsed.as_score(better)) == better
