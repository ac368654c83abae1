"""A script's sweep as a sweep job: the same parameters, metrics and code in the workspace's MLflow as here."""

import json
from pathlib import Path

import mlflow
import pytest
from azure.ai.ml import MLClient
from azure.ai.ml.entities import Environment

from localazure.home import SUBSCRIPTION_ID
from tests.conftest import PROJECT, EmbeddedAzure
from tests.localazure.machine_learning.test_azure_ml import GROUP, NO_CONDA, ml_client

__all__ = ["ml_client"]

pytestmark = pytest.mark.xdist_group("azure")

SCRIPT = """
import sys
import mlflow
with mlflow.start_run():
    mlflow.log_metric("loss", (float(sys.argv[2]) - 0.3) ** 2)
"""


def test_a_sweep_of_a_script_runs_in_the_workspace(azure: EmbeddedAzure, ml_client: MLClient, tmp_path: Path) -> None:
    environment: Environment = ml_client.environments.create_or_update(NO_CONDA)
    (tmp_path / "fit.py").write_text(SCRIPT)
    (tmp_path / ".env").write_text("SECRET=1")
    address = {"subscription_id": SUBSCRIPTION_ID, "resource_group": GROUP, "workspace_name": "mlw-tests"}
    policy = {"autolog": "off"}
    (tmp_path / "config.json").write_text(json.dumps({**address, "logging": policy}))
    where = ["--compute", "cpu-cluster", "--environment", f"{environment.name}:{environment.version}"]
    options = [
        "--grid",
        "alpha=0.1,0.35",
        "--metric",
        "loss",
        "--parallel",
        "2",
        "--stream",
        "--json",
        "--tag",
        "team=x",
        "--early-termination",
        "bandit(slack_factor=0.5,delay_evaluation=9)",
    ]
    line = ["env", f"PYTHONPATH={PROJECT}", "python", "-P", "-m", "mlws", "sweep", "fit.py", *where, *options]
    done = azure.run(*line, cwd=tmp_path, timeout=400)
    assert done.returncode == 0, done.stderr
    name = json.loads(done.stdout)["name"]
    job = ml_client.jobs.get(name)
    assert (job.experiment_name, job.tags["team"]) == ("fit", "x")
    assert (job.early_termination.slack_factor, job.early_termination.delay_evaluation) == (0.5, 9)
    best = job.properties["best_child_run_id"]
    assert best == f"{name}_1"
    tracking = mlflow.MlflowClient(ml_client.workspaces.get("mlw-tests").mlflow_tracking_uri)
    run = tracking.get_run(best)
    assert run.data.params["alpha"] == "0.35"
    assert run.data.metrics["loss"] == pytest.approx(0.0025)
    assert run.data.tags["mlflow.parentRunId"] == name
    assert {one.path for one in tracking.list_artifacts(best, "code")} == {"code/fit.py"}
    assert "MLWS_AUTOLOG" in ml_client.jobs.get(best).environment_variables
