"""A store with a sweep in it, written by MLflow's own client."""

import math
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from mlflow import MlflowClient
from mlflow.entities import Metric, Param

from workspace_jobs.tracking import database


@dataclass(frozen=True)
class Sweep:
    """A grid of 4 × 3 runs named `alpha N l1 M`, whose `mse` has a history; `client` is MLflow's."""

    path: Path
    client: MlflowClient

    @property
    def uri(self) -> str:
        return f"sqlite:///{self.path}"


@pytest.fixture(scope="module")
def sweep(tmp_path_factory: pytest.TempPathFactory) -> Sweep:
    """A sweep that tests of a module look at."""
    path = tmp_path_factory.mktemp("sweep") / "mlflow.db"
    database.ensure(path, (path.parent / "artifacts").as_posix())
    client = MlflowClient(f"sqlite:///{path}")
    experiment = client.create_experiment("diabetes", (path.parent / "artifacts" / "1").as_posix())
    for alpha in range(4):
        for ratio in range(3):
            _write(client, experiment, alpha, ratio)
    return Sweep(path, client)


@pytest.fixture
def own_sweep(sweep: Sweep, tmp_path: Path) -> Sweep:
    """The same sweep in a database of the test's own, to be changed."""
    path = tmp_path / "mlflow.db"
    shutil.copyfile(sweep.path, path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "UPDATE runs SET artifact_uri = ? || run_uuid || '/artifacts'", (f"{tmp_path}/artifacts/1/",)
        )
        connection.execute("UPDATE experiments SET artifact_location = ? || experiment_id", (f"{tmp_path}/artifacts/",))
    return Sweep(path, MlflowClient(f"sqlite:///{path}"))


def _write(client: MlflowClient, experiment: str, alpha: int, ratio: int) -> None:
    run_id = client.create_run(
        experiment, start_time=1_767_323_000_000 + alpha * 3 + ratio, run_name=f"alpha {alpha} l1 {ratio}"
    ).info.run_id
    mse = 3000 + 100 * alpha - 10 * ratio
    steps = [Metric("mse", mse + 5.0 * (3 - step), 1_767_323_000_000, step) for step in range(4)]
    params = {"alpha": str(10.0 ** (alpha - 3)), "l1_ratio": str(ratio / 2), "solver": "<b>cd</b>", "notes": "x" * 300}
    client.log_batch(
        run_id,
        metrics=[*steps, Metric("nan", math.nan if ratio == 0 else ratio, 0, 0)],
        params=[Param(key, value) for key, value in params.items()],  # type: ignore[no-untyped-call]
    )
    client.set_terminated(run_id, end_time=1_767_323_010_000)
