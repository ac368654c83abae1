from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localazure.automl.candidates import choose
from localazure.automl.errors import AutoMLError
from localazure.automl.task import METRICS, duration, parse


def task(**changes: Any) -> dict[str, Any]:
    return {"taskType": "Classification", "targetColumnName": "y", **changes}


def test_a_task_as_azure_ai_ml_sends_it() -> None:
    parsed = parse(
        task(
            primaryMetric="AUCWeighted",
            nCrossValidations={"mode": "Custom", "value": 3},
            limitSettings={"maxTrials": 4, "timeout": "PT1H30M", "trialTimeout": "PT20S", "exitScore": 0.9},
            trainingSettings={"blockedTrainingAlgorithms": ["KNN"], "enableVoteEnsemble": True},
        )
    )
    assert (parsed.metric, parsed.folds, parsed.max_trials) == ("AUC_weighted", 3, 4)
    assert (parsed.timeout, parsed.trial_timeout, parsed.exit_score) == (5400.0, 20.0, 0.9)
    assert parsed.blocked == {"KNN"}
    assert parsed.notices == ("Not done by local AutoML: the vote ensemble.",)


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (task(taskType="Forecasting"), "does not support the task 'Forecasting'"),
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
        parsed = parse(task(taskType=kind, primaryMetric=metric, limitSettings={"exitScore": 0.5}))
        better, worse = (0.1, 0.9) if "Error" in metric else (0.9, 0.1)
        assert parsed.is_better(better, worse)
        assert not parsed.is_better(worse, better)
        assert not parsed.is_better(float("nan"), None)
        assert parsed.is_good_enough(better)
        assert parsed.is_good_enough(0.5)
        assert not parsed.is_good_enough(worse)


def test_allowed_and_blocked_algorithms_are_kept_to_and_missing_ones_are_said() -> None:
    settings = {"allowedTrainingAlgorithms": ["KNN", "LightGBM", "SVM"], "blockedTrainingAlgorithms": ["SVM"]}
    choice = choose(parse(task(trainingSettings=settings)), rows=100)
    assert [candidate.algorithm for candidate in choice.candidates] == ["KNN"]
    assert choice.notices == ("LightGBM is not available here and is left out.",)
    with pytest.raises(AutoMLError, match="No training algorithm is left"):
        choose(parse(task(trainingSettings={"allowedTrainingAlgorithms": ["LightGBM"]})), rows=100)


def test_what_is_too_slow_for_so_many_rows_is_left_out_and_said() -> None:
    choice = choose(parse(task()), rows=1_000_000)
    assert "SVM" not in {candidate.algorithm for candidate in choice.candidates}
    assert any("SVM is left out: it is too slow" in notice for notice in choice.notices)
