"""Finished runs of a whole sweep, in one transaction and without MLflow."""

import getpass
import sqlite3
import sys
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from workspace_jobs.tracking import database
from workspace_jobs.tracking.errors import StoreAwayError, TrackingError
from workspace_jobs.tracking.operations import Operation, storable
from workspace_jobs.tracking.run_names import random_name
from workspace_jobs.tracking.sqlite_writer import Database, insert

_STATUSES = ("FINISHED", "FAILED", "KILLED")


@dataclass(frozen=True)
class FinishedRun:
    """A run that has ended; times in milliseconds since 1970, as MLflow counts them.

    Metrics are of step 0 and the time of the run's end. Tags are those beyond what MLflow sets itself (user, source).
    """

    parameters: Mapping[str, object]
    metrics: Mapping[str, float]
    started: int
    ended: int
    name: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    status: str = "FINISHED"


def write_runs(path: Path, experiment: str, runs: Sequence[FinishedRun]) -> list[str]:
    """Write `runs` to the experiment of this name, which is made where it is missing, and return their ids.

    All of them or none. The database is made where it is missing. Raises TrackingError where the experiment is
    deleted, a status unknown or the database of another version of MLflow, and StoreAwayError where it stays locked.
    """
    _check_statuses(runs)
    database.ensure(path)
    if database.schema_version(path) != database.schema_version(database.template()):
        raise TrackingError(f"{path} is of another version of MLflow: run `mlflow db upgrade sqlite:///{path}` first")
    ids = [uuid.uuid4().hex for _ in runs]
    source = _source_tags()
    connected = Database(path)
    try:
        with connected.transaction() as connection:
            experiment_id, location = _experiment(connection, experiment)
            insert(connection, _operations(zip(ids, runs, strict=True), experiment_id, location, source))
    except sqlite3.OperationalError as error:
        raise StoreAwayError(f"{path} can't be written at present: {error}") from error
    finally:
        connected.close()
    return ids


def _check_statuses(runs: Sequence[FinishedRun]) -> None:
    for run in runs:
        if run.status not in _STATUSES:
            raise TrackingError(f"a run can't end as {run.status!r}: write one of {', '.join(_STATUSES)}")


def _experiment(connection: sqlite3.Connection, name: str) -> tuple[int, str]:
    """Return the id and the place of artifacts of the experiment, made if need be."""
    query = "SELECT experiment_id, artifact_location, lifecycle_stage FROM experiments WHERE name = ?"
    row = connection.execute(query, (name,)).fetchone()
    if row is None:
        return _new_experiment(connection, name)
    if row[2] != "active":
        raise TrackingError(f"the experiment {name!r} is deleted: restore it, or write to another")
    return int(row[0]), str(row[1])


def _new_experiment(connection: sqlite3.Connection, name: str) -> tuple[int, str]:
    now = int(time.time() * 1000)
    made = connection.execute(
        "INSERT INTO experiments (name, lifecycle_stage, creation_time, last_update_time) VALUES (?, 'active', ?, ?)",
        (name, now, now),
    )
    location = f"{database.default_artifact_root()}/{made.lastrowid}"
    update = "UPDATE experiments SET artifact_location = ? WHERE experiment_id = ?"
    connection.execute(update, (location, made.lastrowid))
    assert made.lastrowid is not None
    return made.lastrowid, location


def _operations(
    runs: Iterator[tuple[str, FinishedRun]], experiment_id: int, location: str, source: Mapping[str, str]
) -> Iterator[Operation]:
    for run_id, run in runs:
        name = run.name or random_name()
        artifacts = artifact_uri(location, run_id)
        yield ("run", run_id, name, source["mlflow.user"], run.started, artifacts, experiment_id)
        yield ("info", run_id, run.status, run.ended, None)
        for key, value in run.parameters.items():
            yield ("param", run_id, key, str(value))
        for key, number in run.metrics.items():
            value, is_nan = storable(number)
            yield ("metric", run_id, key, value, run.ended, 0, is_nan, None, None, None)
        for key, text in {**source, **run.tags, "mlflow.runName": name}.items():
            yield ("tag", run_id, key, text)


def artifact_uri(location: str, run_id: str) -> str:
    """Return where a run of an experiment has its artifacts; a query in the address stays at its end."""
    parts = urlsplit(location)
    if not parts.scheme:
        return f"{location.rstrip('/')}/{run_id}/artifacts"
    return parts._replace(path=f"{parts.path.rstrip('/')}/{run_id}/artifacts").geturl()


def _source_tags() -> dict[str, str]:
    return {"mlflow.user": getpass.getuser(), "mlflow.source.name": sys.argv[0], "mlflow.source.type": "LOCAL"}
