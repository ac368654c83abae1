"""Starter scripts run as they are, tracked and untracked, and nothing is overwritten."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from mlflow import MlflowClient

from workspace_jobs.errors import JobsError
from workspace_jobs.training.cli import train
from workspace_jobs.training.starter import write_starter


@pytest.mark.parametrize(("problem", "metric"), [("classification", "accuracy"), ("regression", "r2")])
def test_it_runs_as_plain_python_with_signature_and_example(
    problem: str, metric: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = write_starter("first", problem)
    uri = f"sqlite:///{tmp_path / 'mlflow.db'}"
    done = subprocess.run(
        [sys.executable, str(path)],
        env={**os.environ, "MLFLOW_TRACKING_URI": uri},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    client = MlflowClient(tracking_uri=uri)
    (run,) = client.search_runs(["0"])
    assert run.data.metrics[metric] > 0.3
    model = Path(client.download_artifacts(run.info.run_id, "model"), "MLmodel").read_text()
    assert "signature:" in model
    assert "saved_input_example_info:" in model


def test_nothing_is_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text("precious")
    with pytest.raises(JobsError, match="exists already"):
        write_starter("mine", "regression")
    assert (tmp_path / "mine.py").read_text() == "precious"
    result = CliRunner().invoke(train, ["new", "other", "--json"])
    assert result.output == '{\n  "path": "other.py",\n  "problem": "classification"\n}\n'
