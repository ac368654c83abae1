import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml
from mlflow import MlflowClient
from mlflow.entities import Run

from workspace_jobs.jobs.targets import TRAINING

SCRIPT = TRAINING / "elastic_net" / "src" / "train.py"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the script has run for real, with MLflow's store in it."""
    folder = tmp_path_factory.mktemp("elastic-net")
    environment = {
        **os.environ,
        "MLFLOW_TRACKING_URI": f"sqlite:///{folder / 'mlflow.db'}",
        "MLFLOW_EXPERIMENT_NAME": "tries",
    }
    command = [
        sys.executable,
        str(SCRIPT),
        "--alpha",
        "0.1",
        "--l1-ratio",
        "0.5",
        "--model-dir",
        str(folder / "out"),
    ]
    finished = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.startswith("mse=")
    return folder


@pytest.fixture(scope="module")
def run(store: Path) -> Run:
    client = _client(store)
    experiment = client.get_experiment_by_name("tries")
    assert experiment is not None
    (found,) = client.search_runs([experiment.experiment_id])
    return found


def test_parameters_and_metrics_are_logged(run: Run) -> None:
    assert run.info.status == "FINISHED"
    assert run.data.params == {"alpha": "0.1", "l1_ratio": "0.5", "test_size": "0.25", "seed": "42"}
    assert set(run.data.metrics) == {"mse", "rmse", "mae", "r2"}


def test_the_metrics_are_those_of_the_test_rows_with_the_truth_first(run: Run) -> None:
    from sklearn.datasets import load_diabetes  # no types
    from sklearn.linear_model import ElasticNet  # no types
    from sklearn.model_selection import train_test_split  # no types

    x, y = load_diabetes(return_X_y=True, as_frame=True)
    x_train, x_test, y_train, y_test = train_test_split(x, y, test_size=0.25, random_state=42)
    residuals = y_test - ElasticNet(alpha=0.1, l1_ratio=0.5).fit(x_train, y_train).predict(x_test)
    metrics = run.data.metrics
    assert metrics["mse"] == pytest.approx((residuals**2).mean())
    assert metrics["rmse"] == pytest.approx((residuals**2).mean() ** 0.5)
    assert metrics["mae"] == pytest.approx(residuals.abs().mean())
    assert metrics["r2"] == pytest.approx(1 - (residuals**2).mean() / ((y_test - y_test.mean()) ** 2).mean())


def test_the_logged_model_has_a_signature_and_predicts(store: Path, run: Run) -> None:
    import mlflow

    folder = _client(store).download_artifacts(run.info.run_id, "model", str(store))
    model = mlflow.pyfunc.load_model(folder)
    assert model.metadata.signature.inputs.input_names() == [
        "age",
        "sex",
        "bmi",
        "bp",
        *(f"s{n}" for n in range(1, 7)),
    ]
    assert model.predict(model.input_example).shape == (3,)


def test_the_models_requirements_are_those_that_it_was_made_with(store: Path) -> None:
    requirements = (store / "out" / "requirements.txt").read_text().splitlines()
    assert f"scikit-learn=={version('scikit-learn')}" in requirements


def test_mlflow_does_not_ask_which_pip_there_is_and_so_does_not_warn_where_there_is_none(store: Path) -> None:
    assert "pip" in yaml.safe_load((store / "out" / "conda.yaml").read_text())["dependencies"]


def test_the_environment_of_the_job_has_what_the_script_was_tested_with() -> None:
    conda = yaml.safe_load((TRAINING / "conda.yaml").read_text())
    pinned = dict(line.split("==") for line in conda["dependencies"][-1]["pip"])
    assert pinned == {name: version(name) for name in pinned}


def _client(store: Path) -> MlflowClient:
    return MlflowClient(tracking_uri=f"sqlite:///{store / 'mlflow.db'}")
