"""`mlws automl run` as a user calls it: a table and a target in, a ranking, a folder and MLflow runs out."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import mlflow.pyfunc
import pytest
from click.testing import CliRunner
from mlflow import MlflowClient

from mlws import cli
from tests.workspace_jobs.automl.samples import ENDLESS, LINEAR, TREE, credit, define, store
from workspace_jobs.automl.candidates.definitions import read
from workspace_jobs.errors import JobsError

pytestmark = pytest.mark.timeout(300)


def test_a_run_is_told_and_kept_in_its_folder_and_in_mlflow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    uri = f"sqlite:///{tmp_path}/mlflow.db"
    file, test = store(tmp_path, credit()), store(tmp_path, credit(40), "test.csv")
    arguments = ["automl", "run", str(file), "--target", "good", "--candidates", str(define(tmp_path, LINEAR, TREE))]
    arguments += [
        "--validation",
        "3",
        "--weight-column",
        "importance",
        "--timeout",
        "250",
        "--test",
        str(test),
        "--json",
    ]
    arguments += ["--out", str(tmp_path / "run"), "--tracking-uri", uri, "--register-as", "credit"]
    done = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    assert done.exit_code == 0
    told = json.loads(done.stdout)
    assert "Problem: binary, because good has two values" in done.stderr
    assert "best so far" in done.stderr
    assert {trial["name"] for trial in told["trials"]} == {"linear", "tree"}
    assert told["test_scores"]["roc_auc"] > 0.5
    assert told["reason"] == "every candidate was tried"
    assert {Path(told["report"]), tmp_path / "run" / "model-card.md"} < set((tmp_path / "run").iterdir())

    client = MlflowClient(tracking_uri=uri)
    parent = client.get_run(told["run_id"])
    children = client.search_runs([parent.info.experiment_id], f"tags.`mlflow.parentRunId` = '{told['run_id']}'")
    assert {child.data.params["algorithm"] for child in children} == {"LogisticRegression", "DecisionTree"}
    by_number = {f"{trial['number']}-{trial['name']}": trial for trial in told["trials"]}
    for child in children:
        trial = by_number[str(child.info.run_name)]
        folds = client.get_metric_history(child.info.run_id, "roc_auc_fold")
        assert [metric.value for metric in folds] == trial["scores"]["roc_auc"]
        assert child.info.status == "FINISHED"
    assert parent.info.status == "FINISHED"
    assert parent.data.metrics["roc_auc"] == pytest.approx(told["score"])
    assert parent.data.tags["automl_best_child_run_id"] in {child.info.run_id for child in children}

    kept = {file.path for file in client.list_artifacts(told["run_id"])}
    assert {"report.html", "model-card.md", "model-card.html", "model"} <= kept
    for child in children:
        number = str(child.info.run_name).partition("-")[0]
        drawn = {
            f"{name}.png" for name in ("roc_curve", "precision_recall_curve", "confusion_matrix", "learning_curve")
        }
        files = {file.path for file in client.list_artifacts(child.info.run_id)}
        assert files == {*drawn, "calibration_curve.png", "pipeline.html", f"trial-{number}.ipynb"}

    version = client.get_model_version("credit", "1")
    assert version.run_id == told["run_id"]
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    model = mlflow.pyfunc.load_model("models:/credit/1")
    assert set(model.predict(credit(20).drop(columns=["good", "importance"]))) <= {"yes", "no"}


def test_candidates_only_writes_what_a_run_reads_and_trains_nothing(tmp_path: Path) -> None:
    done = CliRunner().invoke(
        cli,
        ["automl", "run", "wine", "--target", "target", "--candidates-only", "--out", str(tmp_path), "--json"],
        catch_exceptions=False,
    )
    told = json.loads(done.stdout)
    file = tmp_path / "candidates.yaml"
    assert told["file"] == str(file)
    assert [candidate.name for candidate in read(file, "multiclass")] == [one["name"] for one in told["candidates"]]
    assert file.read_text().startswith("# Candidates of an AutoML run")
    assert set(tmp_path.iterdir()) == {file, Path(told["notebook"])}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--resume"], "--resume needs --out"),
        (["--register-as", "x", "--no-tracking"], "exclude each other"),
        (["--experiment", "x", "--no-tracking"], "--no-tracking logs nothing"),
        (["--compute", "cpu-cluster", "--candidates-only"], "--candidates-only trains nothing"),
        (["--timeout", "0"], "0"),
        (["--validation", "1", "--candidates-only"], "write a number of folds"),
        (["--metric", "r2", "--candidates-only"], "does not fit a multiclass problem"),
        (["--exclude", "target", "--candidates-only"], "that is the target"),
        (["--candidates", "{folder}/none.yaml"], "does not exist"),
    ],
)
def test_a_wrong_call_is_told_in_a_sentence_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    given = [argument.format(folder=tmp_path) for argument in arguments]
    done = CliRunner().invoke(cli, ["automl", "run", "wine", "--target", "target", *given])
    assert done.exit_code != 0
    assert sentence in f"{done.exception if isinstance(done.exception, JobsError) else done.output}"
    assert not list(tmp_path.iterdir())


def test_ctrl_c_ends_with_the_best_so_far(tmp_path: Path) -> None:
    file = store(tmp_path, credit())
    arguments = [sys.executable, "-m", "mlws", "automl", "run", str(file), "--target", "good", "--parallel", "1"]
    arguments += [
        "--candidates",
        str(define(tmp_path, LINEAR, ENDLESS)),
        "--validation",
        "3",
        "--no-tracking",
        "--no-report",
    ]
    process = subprocess.Popen(
        [*arguments, "--out", str(tmp_path / "run"), "--timeout", "250"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        cwd=tmp_path,
    )
    try:
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith("Trial   0"):
                break
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=200)
    finally:
        process.kill()
    assert process.returncode == 0
    assert "it was interrupted" in out
    assert "linear" in out
    assert (tmp_path / "run" / "model" / "MLmodel").is_file()
