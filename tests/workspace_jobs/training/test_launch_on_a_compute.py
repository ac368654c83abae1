"""What is uploaded runs where mlws is not installed: the folder alone, as an Azure ML compute has it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from mlflow import MlflowClient

from workspace_jobs.training.job import Asked, launch_spec
from workspace_jobs.training.remote import LAUNCH, write_code

pytestmark = pytest.mark.xdist_group("train-here")

SCRIPT = """
import sys
import pandas as pd
import mlflow
from steps import scale
mlflow.log_metric("rows", scale * len(pd.read_csv(sys.argv[4])))
assert sys.argv[1:3] == ["--alpha", "0.5"], sys.argv
"""


def test_the_uploaded_folder_launches_itself_into_the_platforms_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, uploaded = tmp_path / "project", tmp_path / "uploaded"
    project.mkdir()
    (project / "train.py").write_text(SCRIPT)
    (project / "steps.py").write_text("scale = 10\n")
    (tmp_path / "rows.csv").write_text("a\n1\n2\n")
    monkeypatch.chdir(project)
    write_code(launch_spec(Asked("train.py", ["alpha=0.5"], data=["table=rows.csv"])), uploaded)
    uri = f"sqlite:///{tmp_path / 'mlflow.db'}"
    client = MlflowClient(tracking_uri=uri)
    run_id = client.create_run(client.create_experiment("platform's")).info.run_id
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    variables = {"MLFLOW_TRACKING_URI": uri, "MLFLOW_RUN_ID": run_id, "MLWS_AUTOLOG": "off"}
    line = [sys.executable, *LAUNCH.split()[1:], "--data", f"table={tmp_path / 'rows.csv'}"]
    done = subprocess.run(
        line, cwd=uploaded, env={**kept, **variables}, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    run = client.get_run(run_id)
    assert run.info.status == "FINISHED"
    assert run.data.metrics["rows"] == 20
    assert run.data.params["alpha"] == "0.5"
    assert run.data.tags["mlflow.source.type"] == "JOB"
    files = {one.path for one in client.list_artifacts(run_id, "code")}
    assert files == {"code/train.py", "code/steps.py"}
