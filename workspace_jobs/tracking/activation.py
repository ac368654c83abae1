"""Puts the buffered stores before MLflow's own, in this process."""

import atexit
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from workspace_jobs.tracking import database
from workspace_jobs.tracking.buffer import close_all, flush_all
from workspace_jobs.tracking.location import sqlite_path

_SERVERS = ("http", "https", "postgresql", "azureml", "databricks")
_enabled = False
_plain: dict[str, Callable[..., Any]] = {}
# One store a database, in whatever way its address is written: each finds what was logged through the other.
_databases: dict[Path, Any] = {}


def enable() -> None:
    """From now on, MLflow's stores for sqlite, PostgreSQL, http(s), azureml and databricks URIs are buffered.

    Scripts and URIs stay as they are. Call it before the first logging call; again does nothing.
    """
    global _enabled  # noqa: PLW0603 - a process has one MLflow
    if _enabled:
        return
    from mlflow.tracking._tracking_service.utils import _tracking_store_registry as registry
    from mlflow.utils import environment

    from workspace_jobs.tracking.requirement_cache import cached

    for scheme, buffered in (("sqlite", _sqlite_store), *((server, _server_store) for server in _SERVERS)):
        # That of azureml is there where azureml-mlflow is installed.
        if (plain := registry._registry.get(scheme)) is not None:  # noqa: SLF001
            _plain[scheme] = plain
            registry.register(scheme, buffered)
    # What can't be delivered is kept and tried again: no reason to wait four minutes, as MLflow does.
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "3")
    # A store that was made before is MLflow's own.
    registry._get_store_with_resolved_uri.cache_clear()  # noqa: SLF001
    vars(environment)["_infer_requirements"] = cached(vars(environment)["_infer_requirements"])
    _end_runs_before_flushing()
    _enabled = True


def disable() -> None:
    """MLflow's own stores again, in this process; what is pending is written first."""
    global _enabled  # noqa: PLW0603 - a process has one MLflow
    if not _enabled:
        return
    from mlflow.tracking._tracking_service.utils import _tracking_store_registry as registry
    from mlflow.utils import environment

    flush_all()
    for scheme, plain in _plain.items():
        registry.register(scheme, plain)
    registry._get_store_with_resolved_uri.cache_clear()  # noqa: SLF001
    inferring = vars(environment)["_infer_requirements"]
    vars(environment)["_infer_requirements"] = getattr(inferring, "__wrapped__", inferring)
    _enabled = False


def plain_store(store_uri: str, artifact_uri: str | None = None) -> Any:  # noqa: ANN401 - MLflow's stores have no types
    """Return MLflow's own store, a new one."""
    from mlflow.tracking._tracking_service.utils import _tracking_store_registry as registry

    scheme = store_uri.partition(":")[0].partition("+")[0]
    build = _plain.get(scheme) or registry.get_store_builder(store_uri)
    return build(store_uri=store_uri, artifact_uri=artifact_uri)


def _sqlite_store(store_uri: str, artifact_uri: str | None = None) -> Any:  # noqa: ANN401
    from mlflow.environment_variables import MLFLOW_ENABLE_WORKSPACES

    from workspace_jobs.tracking.sqlite_store import SqliteStore

    path = sqlite_path(store_uri)
    if path is None or MLFLOW_ENABLE_WORKSPACES.get():
        return plain_store(store_uri, artifact_uri)
    database.ensure(path, artifact_uri)
    if database.schema_version(path) != database.schema_version(database.template()):
        # MLflow says how to upgrade it.
        return plain_store(store_uri, artifact_uri)
    if path not in _databases:
        _databases[path] = SqliteStore(path, lambda: plain_store(store_uri, artifact_uri))
    return _databases[path]


def _server_store(store_uri: str, artifact_uri: str | None = None) -> Any:  # noqa: ANN401
    from workspace_jobs.tracking.portable_store import PortableStore

    return PortableStore(store_uri, lambda: plain_store(store_uri, artifact_uri))


def _end_runs_before_flushing() -> None:
    """Have a run that is still active at exit ended while there is a thread to write that."""
    from mlflow.tracking.fluent import _safe_end_run

    # The last to be registered is the first to be called.
    for call in (close_all, _safe_end_run):
        atexit.unregister(call)
        atexit.register(call)
