"""Opening a store by its address: sqlite is read directly, every other one through MLflow's client."""

from pathlib import Path

from workspace_jobs.errors import JobsError
from workspace_jobs.runs.database import SqliteStore
from workspace_jobs.runs.stores import RunStore
from workspace_jobs.tracking import database
from workspace_jobs.tracking.location import sqlite_path, tracking_uri


def open_store(uri: str | None, config: Path | None = None) -> RunStore:
    """Open the store at `uri`, the one of the workspace that `config` names, or where runs go by default.

    Raises JobsError where there is no such store.
    """
    if config is not None and uri is None:
        from workspace_jobs.connection import connect

        uri = connect(config).tracking_uri
    uri = tracking_uri(uri)
    path = sqlite_path(uri)
    if path is not None:
        return SqliteStore(path)
    # Whoever reads a database waits for no client.
    from workspace_jobs.runs.client import ClientStore

    return ClientStore(uri)


def prepare_store(uri: str, artifact_root: str | None = None) -> None:
    """See to it that runs can be written to the store at `uri`: a database is made where it is missing.

    Files of the runs in a new one go to `artifact_root`, by default `mlruns` below the working folder.

    Raises JobsError where there can't be such a store. Does without MLflow.
    """
    path = sqlite_path(uri)
    if path is None:
        from workspace_jobs.runs.client import check_address

        check_address(uri)
        return
    try:
        database.ensure(path, artifact_root)
    except OSError as error:
        raise JobsError(
            f"{path} cannot be made ({error.strerror or error}): name another file as --tracking-uri sqlite:///FILE"
        ) from error
    open_store(uri).experiments()
