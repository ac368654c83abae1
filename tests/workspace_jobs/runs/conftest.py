"""A store with a sweep in it, written by MLflow's own client."""

import math
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
    return _made(tmp_path_factory.mktemp("sweep"))


@pytest.fixture
def own_sweep(tmp_path: Path) -> Sweep:
    """A sweep of a test's own, to be changed."""
    return _made(tmp_path)


def _made(folder: Path) -> Sweep:
    path = folder / "mlflow.db"
    database.ensure(path, (folder / "artifacts").as_posix())
    client = MlflowClient(f"sqlite:///{path}")
    experiment = client.create_experiment("diabetes", (folder / "artifacts" / "1").as_posix())
    for alpha in range(4):
        for ratio in range(3):
            _write(client, experiment, alpha, ratio)
    return Sweep(path, client)


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
