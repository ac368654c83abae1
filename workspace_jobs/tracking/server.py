"""MLflow's tracking server with the buffered store behind it: MLflow's own application and interface, on loopback.

Plain uvicorn in one process: `mlflow server` also starts a job runner and its consumers, which tracking does not use.
"""

import os
import socket
from contextlib import suppress
from pathlib import Path
from typing import Any

from workspace_jobs.tracking import database, delivery
from workspace_jobs.tracking.errors import TrackingError
from workspace_jobs.tracking.location import sqlite_path

LOOPBACK = "127.0.0.1"


def serve(uri: str, port: int, artifacts: Path, host: str = LOOPBACK) -> None:
    """Serve the database at the sqlite `uri` on `port` until terminated, with artifacts below the folder `artifacts`.

    On another `host` than loopback, requests are taken that were sent to it or to this machine's names. Raises
    TrackingError for another kind of URI.
    """
    path = sqlite_path(uri)
    if path is None:
        raise TrackingError(f"{uri} can't be served: name a database file, sqlite:///PATH")
    database.ensure(path, _PROXIED.rstrip("/"))
    _configure(uri, port, artifacts, host)

    import uvicorn
    from mlflow.server import app as api
    from mlflow.server.fastapi_app import app
    from mlflow.server.handlers import _tracking_store_registry

    from workspace_jobs.tracking.served_store import receive

    _tracking_store_registry.register("sqlite", _served_store)
    api.add_url_rule(delivery.PATH, view_func=receive, methods=["POST"])
    uvicorn.run(app, host=host, port=port, log_level="warning", access_log=False)


_PROXIED = "mlflow-artifacts:/"


def _configure(uri: str, port: int, artifacts: Path, host: str) -> None:
    """What `mlflow server` would put into the environment of its workers (mlflow/server/__init__.py, 3.15.0)."""
    hosts = [f"{name}:{port}" for name in _names(host)]
    os.environ.update(
        _MLFLOW_SERVER_FILE_STORE=uri,
        _MLFLOW_SERVER_ARTIFACT_ROOT=_PROXIED,
        _MLFLOW_SERVER_ARTIFACT_DESTINATION=artifacts.absolute().as_uri(),
        _MLFLOW_SERVER_SERVE_ARTIFACTS="true",
        MLFLOW_SERVER_ENABLE_JOB_EXECUTION="false",
        MLFLOW_SERVER_ALLOWED_HOSTS=",".join(hosts),
        MLFLOW_SERVER_CORS_ALLOWED_ORIGINS=",".join(f"http://{name}" for name in hosts),
        MLFLOW_DISABLE_TELEMETRY="true",
    )


def _names(host: str) -> list[str]:
    """What colleagues may call this machine: a request to another name is some page's attempt to get in."""
    own = [LOOPBACK, "localhost"]
    if host in own:
        return own
    with suppress(OSError):
        name, aliases, addresses = socket.gethostbyname_ex(socket.gethostname())
        own += [name, *aliases, *addresses]
    return list(dict.fromkeys([*own, host, socket.gethostname(), socket.getfqdn()]))


def _served_store(store_uri: str, artifact_uri: str) -> Any:  # noqa: ANN401 - MLflow's stores have no types
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

    from workspace_jobs.tracking.served_store import ServedStore

    path = sqlite_path(store_uri)
    assert path is not None
    return ServedStore(path, lambda: SqlAlchemyStore(store_uri, artifact_uri))


if __name__ == "__main__":
    import sys

    serve(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), *sys.argv[4:])
