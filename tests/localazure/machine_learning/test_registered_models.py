"""`mlws runs` and `mlws models` on a workspace's own tracking and registry, through the official clients."""

import json
import uuid
from pathlib import Path

import mlflow
import numpy as np
import pytest
from azure.ai.ml import MLClient
from azure.identity import DefaultAzureCredential
from click.testing import CliRunner
from mlflow import MlflowClient
from mlflow.models import infer_signature
from sklearn.linear_model import LinearRegression

from localazure.home import SUBSCRIPTION_ID
from tests.conftest import EmbeddedAzure
from tests.localazure.arm_client import ArmClient
from tests.localazure.machine_learning.test_azure_ml import GROUP, make_workspace
from workspace_jobs.models.cli import models
from workspace_jobs.runs.cli import runs

pytestmark = pytest.mark.xdist_group("azure")


@pytest.fixture
def config(azure: EmbeddedAzure, tmp_path: Path) -> tuple[Path, str, str]:
    """A workspace's config.json, its tracking address, and where its runs keep files."""
    name = make_workspace(ArmClient(), azure.settings.user_object_id)
    file = tmp_path / "config.json"
    file.write_text(
        json.dumps({"subscription_id": SUBSCRIPTION_ID, "resource_group": GROUP, "workspace_name": name}), "utf-8"
    )
    client = MLClient(DefaultAzureCredential(), SUBSCRIPTION_ID, GROUP, name)
    store = client.datastores.get("workspaceartifactstore")
    artifacts = f"wasbs://{store.container_name}@{store.account_name}.blob.core.windows.net"
    return file, client.workspaces.get(name).mlflow_tracking_uri, artifacts


def test_a_run_of_a_workspace_is_found_registered_and_written_as_code(
    config: tuple[Path, str, str], tmp_path: Path
) -> None:
    file, uri, artifacts = config
    client = MlflowClient(uri)
    name = f"flat-{uuid.uuid4().hex[:6]}"
    run = client.create_run(client.create_experiment(name), run_name="only")
    run_id = run.info.run_id
    assert run.info.artifact_uri == f"{artifacts}/ExperimentRun/dcid.{run_id}"
    assert run.data.tags == {"mlflow.runName": "only"}
    client.log_metric(run_id, "mse", 0.5)
    model = LinearRegression().fit(np.eye(3), [1.0, 2.0, 3.0])
    mlflow.sklearn.save_model(
        model,
        tmp_path / "model",
        signature=infer_signature(np.eye(3), model.predict(np.eye(3))),
        serialization_format="cloudpickle",
        pip_requirements=["mlflow", "scikit-learn"],
    )
    client.log_artifacts(run_id, str(tmp_path / "model"), "model")
    client.set_terminated(run_id)

    best = CliRunner().invoke(runs, ["best", "mse", "--experiment", name, "--config", str(file), "--json"])
    assert json.loads(best.stdout)["id"] == run_id, best.output
    call = ["register", run_id, "--config", str(file), "--json"]
    made = json.loads(CliRunner().invoke(models, call).stdout)
    again = json.loads(CliRunner().invoke(models, call).stdout)
    assert (made["name"], made["version"], made["new"], again["new"]) == (name, "1", True, False)
    code = tmp_path / "code"
    written = CliRunner().invoke(models, ["code", f"{name}@1", "--to", str(code), "--config", str(file)])
    assert written.exit_code == 0, written.output
    assert "TENSOR_SHAPE = (-1, 3)" in (code / "predict.py").read_text()
    assert (code / "model" / "MLmodel").read_text() == (tmp_path / "model" / "MLmodel").read_text()
