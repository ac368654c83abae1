"""MLflow's tracking server with the buffered store behind it: MLflow's own application and interface, on loopback.

Plain uvicorn in one process: `mlflow server` also starts a job runner and its consumers, which tracking does not use.
"""

import os
from pathlib import Path
from typing import Any

from workspace_jobs.tracking import database
from workspace_jobs.tracking.errors import TrackingError
from workspace_jobs.tracking.location import sqlite_path

LOOPBACK = "127.0.0.1"


def serve(uri: str, port: int, artifacts: Path) -> None:
    """Serve the database at the sqlite `uri` on `port` until terminated, with artifacts below the folder `artifacts`.

    Raises TrackingError for another kind of URI.
    """
    path = sqlite_path(uri)
    if path is None:
        raise TrackingError(f"{uri} can't be served: name a database file, sqlite:///PATH")
    database.ensure(path, _PROXIED.rstrip("/"))
    _configure(uri, port, artifacts)

    import uvicorn
    from mlflow.server.fastapi_app import app
    from mlflow.server.handlers import _tracking_store_registry

    _tracking_store_registry.register("sqlite", _served_store)
    uvicorn.run(app, host=LOOPBACK, port=port, log_level="warning", access_log=False)


_PROXIED = "mlflow-artifacts:/"


def _configure(uri: str, port: int, artifacts: Path) -> None:
    """What `mlflow server` would put into the environment of its workers (mlflow/server/__init__.py, 3.15.0)."""
    os.environ.update(
        _MLFLOW_SERVER_FILE_STORE=uri,
        _MLFLOW_SERVER_ARTIFACT_ROOT=_PROXIED,
        _MLFLOW_SERVER_ARTIFACT_DESTINATION=artifacts.absolute().as_uri(),
        _MLFLOW_SERVER_SERVE_ARTIFACTS="true",
        MLFLOW_SERVER_ENABLE_JOB_EXECUTION="false",
        MLFLOW_SERVER_ALLOWED_HOSTS=f"{LOOPBACK}:{port},localhost:{port}",
        MLFLOW_DISABLE_TELEMETRY="true",
    )


def _served_store(store_uri: str, artifact_uri: str) -> Any:  # noqa: ANN401 - MLflow's stores have no types
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

    from workspace_jobs.tracking.sqlite_store import SqliteStore

    class ServedStore(SqliteStore):
        """Taken by the server for what it wraps, which some of its handlers ask."""

        __class__ = SqlAlchemyStore  # type: ignore[assignment]

    path = sqlite_path(store_uri)
    assert path is not None
    return ServedStore(path, lambda: SqlAlchemyStore(store_uri, artifact_uri))


if __name__ == "__main__":
    import sys

    serve(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
