"""Puts the buffered stores before MLflow's own, in this process."""

import atexit
import os
from collections.abc import Callable
from typing import Any

from workspace_jobs.tracking import database
from workspace_jobs.tracking.location import sqlite_path

_SERVERS = ("http", "https", "postgresql", "azureml", "databricks")
_enabled = False
Builder = Callable[..., Any]


def enable() -> None:
    """From now on, MLflow's stores for sqlite, PostgreSQL, http(s), azureml and databricks URIs are buffered.

    Scripts and URIs stay as they are. Call it before the first logging call; again does nothing.
    """
    global _enabled  # noqa: PLW0603 - a process has one MLflow
    if _enabled:
        return
    from mlflow.tracking._tracking_service.utils import _tracking_store_registry as registry

    registry.register("sqlite", _buffered_sqlite(registry.get_store_builder("sqlite:///")))
    for scheme in _SERVERS:
        registry.register(scheme, _buffered_server(registry.get_store_builder(f"{scheme}://")))
    # What can't be delivered is kept and tried again: no reason to wait four minutes, as MLflow does.
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "3")
    # A store that was made before is MLflow's own.
    registry._get_store_with_resolved_uri.cache_clear()  # noqa: SLF001
    _end_runs_before_flushing()
    _enabled = True


def _buffered_sqlite(plain: Builder) -> Builder:
    def build(store_uri: str, artifact_uri: str | None = None) -> object:
        from mlflow.environment_variables import MLFLOW_ENABLE_WORKSPACES

        from workspace_jobs.tracking.sqlite_store import SqliteStore

        path = sqlite_path(store_uri)
        if path is None or MLFLOW_ENABLE_WORKSPACES.get():
            return plain(store_uri=store_uri, artifact_uri=artifact_uri)
        database.ensure(path, artifact_uri)
        if database.schema_version(path) != database.schema_version(database.template()):
            # MLflow says how to upgrade it.
            return plain(store_uri=store_uri, artifact_uri=artifact_uri)
        return SqliteStore(path, lambda: plain(store_uri=store_uri, artifact_uri=artifact_uri))

    return build


def _buffered_server(plain: Builder) -> Builder:
    def build(store_uri: str, artifact_uri: str | None = None) -> object:
        from workspace_jobs.tracking.server_store import ServerStore

        return ServerStore(store_uri, lambda: plain(store_uri=store_uri, artifact_uri=artifact_uri))

    return build


def _end_runs_before_flushing() -> None:
    """Have a run that is still active at exit ended while there is a thread to write that."""
    from mlflow.tracking.fluent import _safe_end_run

    atexit.unregister(_safe_end_run)
    atexit.register(_safe_end_run)
