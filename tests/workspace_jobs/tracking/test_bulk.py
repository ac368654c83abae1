"""Whole sweeps in one transaction, and databases from the template: valid for MLflow, and the same as its own."""

import math
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mlflow.entities import Metric, Param, RunStatus, RunTag
from sklearn.datasets import load_diabetes
from sklearn.linear_model import ElasticNet
from sklearn.metrics import mean_squared_error, r2_score
from sklearn.model_selection import train_test_split

from tests.workspace_jobs.tracking.conftest import plain_store
from tests.workspace_jobs.tracking.content import content
from tests.workspace_jobs.tracking.test_surviving import rows
from workspace_jobs.tracking import database, sqlite_writer
from workspace_jobs.tracking.bulk import FinishedRun, write_runs
from workspace_jobs.tracking.errors import TrackingError
from workspace_jobs.training.elastic_net_path.fits import Split, fit_grid


def test_a_database_from_the_template_is_one_that_mlflow_makes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    database.ensure(Path("ours.db"))
    plain_store(tmp_path / "plain.db")
    assert content(tmp_path / "ours.db") == content(tmp_path / "plain.db")
    assert _schema(tmp_path / "ours.db") == _schema(tmp_path / "plain.db")
    before = (tmp_path / "ours.db").read_bytes()
    database.ensure(Path("ours.db"))
    assert (tmp_path / "ours.db").read_bytes() == before


def _schema(path: Path) -> list[tuple[str, list[str]]]:
    """The statements that made the tables and indices; the order of a table's constraints is by chance."""
    found = rows(path, "SELECT name, coalesce(sql, '') FROM sqlite_master ORDER BY name")
    return [(name, sorted(re.split(r",\s*|\s+|[()]", sql))) for name, sql in found]


def test_runs_in_bulk_are_those_that_mlflow_would_have_written(tmp_path: Path) -> None:
    ours, plain = tmp_path / "ours.db", tmp_path / "plain.db"
    values = [0.5, math.nan, math.inf, -1e308]
    sweep = [FinishedRun({"a": n}, {"m": value}, 5, 9, f"run {n}", {"t": "ü"}) for n, value in enumerate(values)]
    for path in (ours, plain):
        database.ensure(path, str(tmp_path / "mlruns"))
    ids = write_runs(ours, "Default", sweep)
    source = {
        tag: value
        for tag, value in plain_store(ours).get_run(ids[0]).data.tags.items()
        if tag not in ("t", "mlflow.runName")
    }
    assert sorted(source) == ["mlflow.source.name", "mlflow.source.type", "mlflow.user"]
    store = plain_store(plain)
    for run in sweep:
        tags = [RunTag(key, value) for key, value in {**source, **run.tags}.items()]
        run_id = store.create_run("0", source["mlflow.user"], 5, tags, run.name).info.run_id
        store.log_batch(run_id, [Metric("m", run.metrics["m"], 9, 0)], [Param("a", str(run.parameters["a"]))], [])
        store.update_run_info(run_id, RunStatus.FINISHED, 9, None)
    assert content(ours) == content(plain)


def test_more_rows_than_a_statement_takes_are_all_written(tmp_path: Path) -> None:
    path, count = tmp_path / "mlflow.db", sqlite_writer._ROWS_AT_ONCE * 2 + 1
    write_runs(path, "many", [FinishedRun({"a": n}, {"m": n}, 5, 9) for n in range(count)])
    query = "SELECT count(*), sum(CAST(value AS INTEGER)) FROM {}"
    for table in ("params", "metrics", "latest_metrics"):
        assert rows(path, query.format(table)) == [(count, sum(range(count)))]
    assert rows(path, "SELECT count(*) FROM runs WHERE status = 'FINISHED' AND end_time = 9") == [(count,)]


def test_mlflow_goes_on_with_a_run_made_in_bulk(tmp_path: Path) -> None:
    (run_id,) = write_runs(tmp_path / "mlflow.db", "new", [FinishedRun({"a": 1}, {"m": 2.0}, 5, 9)])
    store = plain_store(tmp_path / "mlflow.db")
    store.update_run_info(run_id, RunStatus.RUNNING, None, None)
    store.log_metric(run_id, Metric("m", 3.0, 10, 1))
    experiment = store.get_experiment_by_name("new")
    (found,) = store.search_runs([experiment.experiment_id], "params.a = '1' and metrics.m = 3", 1)
    assert found.info.run_id == run_id
    assert found.info.artifact_uri == f"{experiment.artifact_location}/{run_id}/artifacts"


def test_all_runs_of_a_sweep_are_written_or_none(tmp_path: Path) -> None:
    path = tmp_path / "mlflow.db"
    broken: Any = object()
    sweep = [FinishedRun({"a": 1}, {}, 5, 9), FinishedRun({"a": 1}, {}, 5, 9, tags={"t": broken})]
    with pytest.raises(sqlite3.Error):
        write_runs(path, "new", sweep)
    assert rows(path, "SELECT (SELECT count(*) FROM runs), (SELECT count(*) FROM experiments)") == [(0, 1)]


def test_what_can_not_be_written_is_told(tmp_path: Path) -> None:
    path = tmp_path / "mlflow.db"
    with pytest.raises(TrackingError, match="write one of FINISHED, FAILED, KILLED"):
        write_runs(path, "new", [FinishedRun({}, {}, 5, 9, status="DONE")])
    write_runs(path, "new", [])
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE experiments SET lifecycle_stage = 'deleted' WHERE name = 'new'")
    with pytest.raises(TrackingError, match="is deleted"):
        write_runs(path, "new", [])
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = 'old'")
    with pytest.raises(TrackingError, match="mlflow db upgrade"):
        write_runs(path, "new", [])


def test_the_path_finds_what_single_fits_find() -> None:
    split = Split(*train_test_split(*load_diabetes(return_X_y=True), random_state=42))
    alphas, l1_ratios = np.logspace(-3, 1, 6).tolist(), [0.0, 0.5, 1.0]
    found = list(fit_grid(split, alphas, l1_ratios))
    assert [(fit.alpha, fit.l1_ratio) for fit in found] == [(alpha, ratio) for alpha in alphas for ratio in l1_ratios]
    for fit in found:
        net = ElasticNet(alpha=fit.alpha, l1_ratio=fit.l1_ratio, tol=1e-8, max_iter=100_000)
        predicted = net.fit(split.train_features, split.train_target).predict(split.test_features)
        assert fit.mse == pytest.approx(mean_squared_error(split.test_target, predicted), abs=1e-3, rel=1e-6)
        assert fit.r2 == pytest.approx(r2_score(split.test_target, predicted), abs=1e-6)


def test_the_sweep_is_a_job_that_needs_no_mlflow(tmp_path: Path) -> None:
    code = (
        "import sys; from workspace_jobs.training.elastic_net_path.__main__ import main; main(); "
        "assert 'mlflow' not in sys.modules"
    )
    command = [
        sys.executable,
        "-W",
        "error::ImportWarning",
        "-c",
        code,
        "--tracking-uri",
        f"sqlite:///{tmp_path}/mlflow.db",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("330 runs in ")
    assert rows(tmp_path / "mlflow.db", "SELECT count(*) FROM runs") == [(330,)]
