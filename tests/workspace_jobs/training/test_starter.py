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


def test_they_run_as_plain_python_with_signature_and_example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    paths = [write_starter(problem, problem) for problem in ("classification", "regression")]
    uri = f"sqlite:///{tmp_path / 'mlflow.db'}"
    # One after the other in a process without this package's own imports: importing takes longer than they do.
    both = (
        "import runpy, sys; paths, sys.argv[1:] = sys.argv[1:], []; "
        "[runpy.run_path(path, run_name='__main__') for path in paths]"
    )
    done = subprocess.run(
        [sys.executable, "-c", both, *map(str, paths)],
        env={**os.environ, "MLFLOW_TRACKING_URI": uri},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    client = MlflowClient(tracking_uri=uri)
    regression, classification = client.search_runs(["0"])
    for run, metric in ((classification, "accuracy"), (regression, "r2")):
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
