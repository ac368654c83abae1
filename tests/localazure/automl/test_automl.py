"""The process of an AutoML job, as the runner starts it, on small tables."""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import mlflow.pyfunc
import numpy as np
import pandas as pd
import pytest
from mlflow import MlflowClient

from localazure.automl.candidates import Candidate
from localazure.automl.dataset import load
from localazure.automl.errors import AutoMLError
from localazure.automl.search import search
from localazure.automl.task import parse
from localazure.automl.trials import Trial

pytestmark = pytest.mark.timeout(120)
ROOT = Path(__file__).parents[3]
FAST = {"allowedTrainingAlgorithms": ["LogisticRegression", "DecisionTree", "ElasticNet"]}
CLASSIFY = {
    "taskType": "Classification",
    "targetColumnName": "good",
    "primaryMetric": "AUCWeighted",
    "nCrossValidations": {"mode": "Custom", "value": 3},
    "trainingSettings": FAST,
}


def credit(rows: int = 150) -> pd.DataFrame:
    """Numbers with gaps, categories with gaps, a name, a date, weights, and a target that depends on two of them."""
    generator = np.random.default_rng(0)
    amount = generator.normal(1000, 300, rows)
    job = np.array(["clerk", "driver", None])[generator.integers(0, 3, rows)]
    return pd.DataFrame(
        {
            "amount": np.where(generator.random(rows) < 0.1, np.nan, amount),
            "job": job,
            "owner": generator.random(rows) < 0.5,
            "name": [f"customer {number}" for number in range(rows)],
            "importance": generator.choice([1.0, 2.0], rows),
            "good": np.where(amount + 400 * (job == "clerk") > 1100, "yes", "no"),
        }
    )


def store(folder: Path, **tables: pd.DataFrame) -> Path:
    for name, table in tables.items():
        (folder / name).mkdir(parents=True)
        table.to_csv(folder / name / "table.csv", index=False)
    return folder


def run_automl(task: dict[str, Any], data: Path, out: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    task_file = data / "task.json"
    task_file.write_text(json.dumps(task))
    return subprocess.run(
        [sys.executable, "-P", "-m", "localazure.automl", str(task_file), str(data), str(out)],
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "HOME": str(data), **environment},
        cwd=data,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_classification_leaves_a_model_a_summary_and_a_nested_run_a_trial(tmp_path: Path) -> None:
    uri = f"sqlite:///{tmp_path}/mlflow.db"
    client = MlflowClient(tracking_uri=uri)
    parent = client.create_run(client.create_experiment("exp", artifact_location=str(tmp_path / "artifacts")))
    data = store(tmp_path / "data", training_data=credit(), test_data=credit(40))
    task = {**CLASSIFY, "weightColumnName": "importance"}
    variables = {"MLFLOW_TRACKING_URI": uri, "MLFLOW_RUN_ID": parent.info.run_id}
    done = run_automl(task, data, tmp_path / "out", **variables)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "This is local AutoML" in done.stdout
    assert "Columns left out, because they are dates or differ in most rows: name." in done.stdout
    assert "On the test data: AUC_weighted" in done.stdout

    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    children = client.search_runs([parent.info.experiment_id], f"tags.`mlflow.parentRunId` = '{parent.info.run_id}'")
    assert {child.data.params["algorithm"] for child in children} == {"LogisticRegression", "DecisionTree"}
    assert {child.info.status for child in children} == {"FINISHED"}
    best = client.get_run(summary["best_child_run_id"])
    assert best.data.metrics["AUC_weighted"] == max(child.data.metrics["AUC_weighted"] for child in children)
    told = client.get_run(parent.info.run_id).data
    assert told.tags["automl_best_child_run_id"] == summary["best_child_run_id"]
    assert told.tags["localazure.engine"] == "local AutoML"
    assert told.metrics["AUC_weighted"] == pytest.approx(summary["best_score"])
    assert "test_AUC_weighted" in told.metrics

    model = mlflow.pyfunc.load_model(str(tmp_path / "out" / "mlflow-model"))
    assert model.metadata.metadata == {"engine": "local AutoML"}
    assert set(model.predict(credit(20).drop(columns=["good", "importance"]))) <= {"yes", "no"}


def test_a_regression_is_judged_by_its_error(tmp_path: Path) -> None:
    table = credit().assign(price=lambda frame: frame["amount"].fillna(0) * 2)
    data = store(tmp_path, training_data=table)
    task = {"taskType": "Regression", "targetColumnName": "price", "trainingSettings": FAST}
    done = run_automl(task, data, tmp_path / "out")
    assert done.returncode == 0, done.stdout + done.stderr
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert summary["primary_metric"] == "normalized_root_mean_squared_error"
    assert summary["best_score"] < 0.1
    assert "10-fold cross-validation" in done.stdout


def test_what_can_not_be_done_ends_with_a_sentence_and_no_model(tmp_path: Path) -> None:
    data = store(tmp_path, training_data=credit(20))
    done = run_automl({**CLASSIFY, "taskType": "Forecasting"}, data, tmp_path / "out")
    assert done.returncode == 2
    assert "does not support the task 'Forecasting'" in (tmp_path / "out" / "error.txt").read_text()
    assert not (tmp_path / "out" / "mlflow-model").exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"targetColumnName": "god"}, "has no column 'god'; write 'good'"),
        ({"weightColumnName": "importnce"}, "write 'importance'"),
        ({"taskType": "Regression", "primaryMetric": "R2Score"}, "'good' is not numeric"),
        ({"nCrossValidations": {"mode": "Custom", "value": 500}}, "needs 500 rows; the training data has 30"),
    ],
)
def test_data_that_does_not_fit_the_task_is_said(tmp_path: Path, changes: dict[str, Any], sentence: str) -> None:
    data = store(tmp_path, training_data=credit(30))
    with pytest.raises(AutoMLError, match=sentence):
        load(parse({**CLASSIFY, **changes}), data)


def test_validation_data_is_what_trials_are_judged_by(tmp_path: Path) -> None:
    data = load(parse(CLASSIFY), store(tmp_path, training_data=credit(50), validation_data=credit(20)))
    ((learn, judge),) = data.splits
    assert (len(learn), len(judge), len(data.train.target)) == (50, 20, 70)
    assert set(learn).isdisjoint(judge)


GOOD = Candidate("Good", "sklearn.linear_model.LogisticRegression", {"max_iter": 1000}, scaled=True)
BAD = Candidate("Bad", "sklearn.dummy.DummyClassifier")
BROKEN = Candidate("Broken", "sklearn.linear_model.LogisticRegression", {"C": -1.0})
# Deaf to anything but a kill: its fit is one long call into C.
ENDLESS = Candidate("Endless", "sklearn.linear_model.SGDClassifier", {"max_iter": 2_000_000_000, "tol": None})


def searched(folder: Path, candidates: list[Candidate], **limits: object) -> tuple[list[Trial], str, float]:
    task = parse({**CLASSIFY, "limitSettings": limits})
    data = load(task, store(folder, training_data=credit(60)))
    began = time.monotonic()
    result = search(task, candidates, data, lambda _trial, _best: None)
    return list(result.trials), result.best.candidate.algorithm, time.monotonic() - began


def test_the_best_trial_wins_and_a_broken_one_is_only_a_trial_with_an_error(tmp_path: Path) -> None:
    trials, best, _ = searched(tmp_path, [BAD, BROKEN, GOOD])
    assert best == "Good"
    assert trials[1].error is not None
    assert "InvalidParameterError" in trials[1].error


def test_an_exit_score_ends_the_search(tmp_path: Path) -> None:
    trials, best, _ = searched(tmp_path, [GOOD, BAD], exitScore=0.6)
    assert (len(trials), best) == (1, "Good")


def test_a_trial_that_exceeds_its_time_is_killed(tmp_path: Path) -> None:
    trials, best, _ = searched(tmp_path, [ENDLESS, GOOD], trialTimeout="PT4S")
    assert trials[0].error == "it took longer than 4 s"
    assert best == "Good"


def test_the_search_ends_with_its_time(tmp_path: Path) -> None:
    trials, best, seconds = searched(tmp_path, [GOOD, ENDLESS, BAD], timeout="PT8S")
    assert best == "Good"
    assert len(trials) == 2
    assert seconds < 10


def test_a_search_without_a_success_says_why(tmp_path: Path) -> None:
    with pytest.raises(AutoMLError, match=r"No trial succeeded \(Broken: InvalidParameterError"):
        searched(tmp_path, [BROKEN])
