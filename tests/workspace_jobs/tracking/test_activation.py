"""The buffered stores are put before MLflow's own, and taken away again."""

import sqlite3
from contextlib import closing
from pathlib import Path

from mlflow import MlflowClient
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

from workspace_jobs.tracking.activation import disable, enable
from workspace_jobs.tracking.sqlite_store import SqliteStore


def test_what_is_pending_is_written_when_mlflows_own_stores_are_back(tmp_path: Path) -> None:
    uri = f"sqlite:///{tmp_path / 'mlflow.db'}"
    enable()
    client = MlflowClient(uri)
    assert type(client._tracking_client.store) is SqliteStore
    run = client.create_run("0")
    client.log_param(run.info.run_id, "alpha", 1)

    disable()

    with closing(sqlite3.connect(tmp_path / "mlflow.db")) as database:
        assert database.execute("SELECT key, value FROM params").fetchall() == [("alpha", "1")]
    assert type(MlflowClient(uri)._tracking_client.store) is SqlAlchemyStore
    client.set_terminated(run.info.run_id)
    assert MlflowClient(uri).get_run(run.info.run_id).info.status == "FINISHED"
