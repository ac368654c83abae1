"""The process of an AutoML job, as the runner starts it, on small tables."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import mlflow.pyfunc
import numpy as np
import pandas as pd
import pytest
from mlflow import MlflowClient

from localazure.runner import command
from localazure.runner.errors import RunnerError
from workspace_jobs.automl.azure_job.__main__ import _options, main
from workspace_jobs.automl.azure_job.task import parse

pytestmark = pytest.mark.timeout(300)
ROOT = Path(__file__).parents[4]
FAST = {"allowedTrainingAlgorithms": ["LogisticRegression", "DecisionTree", "ElasticNet"]}
# A busy machine has time for every candidate.
PATIENT = {"timeout": "PT4M"}
CLASSIFY = {
    "taskType": "Classification",
    "targetColumnName": "good",
    "primaryMetric": "AUCWeighted",
    "nCrossValidations": {"mode": "Custom", "value": 3},
    "trainingSettings": FAST,
    "limitSettings": PATIENT,
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
            "name": [f"customer{number}" for number in range(rows)],
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
        [sys.executable, "-P", "-m", "workspace_jobs.automl.azure_job", str(task_file), str(data), str(out)],
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
    assert "Columns left out: name (it differs in nearly every row" in done.stdout
    assert "On the test data: AUC_weighted" in done.stdout

    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    children = client.search_runs([parent.info.experiment_id], f"tags.`mlflow.parentRunId` = '{parent.info.run_id}'")
    assert {child.data.params["algorithm"] for child in children} == {"LogisticRegression", "DecisionTree"}
    assert {child.info.status for child in children} == {"FINISHED"}
    best = client.get_run(summary["best_child_run_id"])
    assert best.data.metrics["AUC_weighted"] == max(child.data.metrics["AUC_weighted"] for child in children)
    told = client.get_run(parent.info.run_id).data
    assert told.tags["automl_best_child_run_id"] == summary["best_child_run_id"]
    assert told.tags["mlws.engine"] == "local AutoML"
    assert told.metrics["AUC_weighted"] == pytest.approx(summary["best_score"])
    assert "test_AUC_weighted" in told.metrics

    model = mlflow.pyfunc.load_model(str(tmp_path / "out" / "mlflow-model"))
    assert model.metadata.metadata == {"engine": "local AutoML"}
    assert set(model.predict(credit(20).drop(columns=["good", "importance"]))) <= {"yes", "no"}


def test_a_regression_is_judged_by_its_error(tmp_path: Path) -> None:
    table = credit().assign(price=lambda frame: frame["amount"].fillna(0) * 2)
    data = store(tmp_path, training_data=table)
    task = {"taskType": "Regression", "targetColumnName": "price", "trainingSettings": FAST}
    task["limitSettings"] = PATIENT
    done = run_automl(task, data, tmp_path / "out")
    assert done.returncode == 0, done.stdout + done.stderr
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert summary["primary_metric"] == "normalized_root_mean_squared_error"
    assert summary["best_score"] < 0.1
    assert "10-fold cross-validation" in done.stdout


def test_a_forecast_goes_on_where_the_table_ends(tmp_path: Path) -> None:
    months = pd.date_range("2010-01-01", periods=60, freq="MS")
    sold = 100 + 10 * np.sin(np.arange(60) * np.pi / 6) + np.arange(60) % 7
    table = pd.DataFrame({"month": months, "sold": sold, "price": np.arange(60) % 4, "weather": np.arange(60) % 5})
    settings = {"timeColumnName": "month", "forecastHorizon": {"mode": "Custom", "value": 6}}
    settings["featuresUnknownAtForecastTime"] = ["weather"]
    task = {"taskType": "Forecasting", "targetColumnName": "sold", "forecastingSettings": settings}
    allowed = {"allowedTrainingAlgorithms": ["SeasonalNaive", "LightGBM"]}
    data = store(tmp_path, training_data=table)
    done = run_automl({**task, "trainingSettings": allowed}, data, tmp_path / "out")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "back-testing from 3 origins, 6 steps ahead of each" in done.stdout
    assert "Known in advance: price." in done.stdout
    assert json.loads((tmp_path / "out" / "summary.json").read_text())["trials"] == 3
    model = mlflow.pyfunc.load_model(str(tmp_path / "out" / "mlflow-model"))
    assert 80 < model.predict(pd.DataFrame({"month": ["2015-03-01"], "price": [2]}))[0] < 130


def test_what_can_not_be_done_ends_with_a_sentence_and_no_model(tmp_path: Path) -> None:
    data = store(tmp_path, training_data=credit(20))
    (data / "task.json").write_text(json.dumps({**CLASSIFY, "taskType": "TextNER"}))
    assert main(data / "task.json", data, tmp_path / "out") == 2
    assert "does not support the task 'TextNER'" in (tmp_path / "out" / "error.txt").read_text()
    assert not (tmp_path / "out" / "mlflow-model").exists()


def test_a_positive_label_of_more_than_two_classes_is_no_reason_to_fail(tmp_path: Path) -> None:
    task, more = parse(CLASSIFY | {"positiveLabel": "no"}), credit().assign(good=["a", "b", "no"] * 50)
    asked = [_options(task, tmp_path, tmp_path / "out", frame).positive for frame in (credit(), more)]
    assert asked == ["no", None]


def test_data_that_does_not_fit_the_task_is_said(tmp_path: Path) -> None:
    data = store(tmp_path, training_data=credit(30))
    task = {**CLASSIFY, "taskType": "Regression", "primaryMetric": "R2Score"}
    (data / "task.json").write_text(json.dumps(task))
    assert main(data / "task.json", data, tmp_path / "out") == 2
    assert "target 'good' is not numeric" in (tmp_path / "out" / "error.txt").read_text()


def test_the_embedded_azure_finds_the_engine_that_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through metadata like an installed package's, made of the entry in pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    entry = project["entry-points"]["mlws.automl"]["engine"]
    metadata = tmp_path / "another-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: another\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(f"[mlws.automl]\nengine = {entry}\n")
    monkeypatch.syspath_prepend(tmp_path)
    line = command.automl_line(Path("task.json"), Path("data"), Path("out"))
    assert list(line) == [sys.executable, "-P", "-m", "workspace_jobs.automl.azure_job", "task.json", "data", "out"]


def test_without_an_engine_an_automl_job_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "_AUTOML_ENGINES", "mlws.automl.none")
    with pytest.raises(RunnerError, match="pip install"):
        command.automl_line(Path("task.json"), Path("data"), Path("out"))
