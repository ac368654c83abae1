"""Operations into an MLflow database of sqlite: the rows that MLflow's own store would have written."""

import itertools
import os
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from workspace_jobs.tracking.errors import StoreAwayError
from workspace_jobs.tracking.operations import Operation
from workspace_jobs.tracking.refused import put_aside

# MLflow's own patience with a database that another process is writing.
BUSY_SECONDS = 20.0

# In the order in which they have to be executed: what a row refers to comes first. A row that is there already is
# left, so that operations may be written again after a crash.
_STATEMENTS = {
    "run": """INSERT INTO runs (run_uuid, name, user_id, start_time, artifact_uri, experiment_id, source_type,
        source_name, entry_point_name, status, source_version, lifecycle_stage)
        VALUES (?, ?, ?, ?, ?, ?, 'UNKNOWN', '', '', 'RUNNING', '', 'active') ON CONFLICT DO NOTHING""",
    "info": """UPDATE runs SET status = coalesce(column2, status), end_time = coalesce(column3, end_time),
        name = coalesce(column4, name) FROM (VALUES (?, ?, ?, ?)) WHERE run_uuid = column1""",
    "param": "INSERT INTO params (run_uuid, key, value) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
    "tag": """INSERT INTO tags (run_uuid, key, value) VALUES (?, ?, ?)
        ON CONFLICT DO UPDATE SET value = excluded.value""",
    "metric": """INSERT INTO metrics (run_uuid, key, value, timestamp, step, is_nan) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT DO NOTHING""",
    "latest_metric": """INSERT INTO latest_metrics (run_uuid, key, value, timestamp, step, is_nan)
        VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value, timestamp = excluded.timestamp,
        step = excluded.step, is_nan = excluded.is_nan
        WHERE (excluded.step, excluded.timestamp, excluded.value) > (step, timestamp, value)""",
    "model": """INSERT INTO logged_models (model_id, experiment_id, name, artifact_location, creation_timestamp_ms,
        model_type, source_run_id, last_updated_timestamp_ms, status, lifecycle_stage)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?5, 1, 'active') ON CONFLICT DO NOTHING""",
    "model_param": """INSERT INTO logged_model_params (model_id, experiment_id, param_key, param_value)
        VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING""",
    "model_tag": """INSERT INTO logged_model_tags (model_id, experiment_id, tag_key, tag_value)
        VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET tag_value = excluded.tag_value""",
    "model_status": "UPDATE logged_models SET status = ?2, last_updated_timestamp_ms = ?3 WHERE model_id = ?1",
    "model_metric": """INSERT INTO logged_model_metrics (run_id, metric_name, metric_value, metric_timestamp_ms,
        metric_step, model_id, dataset_name, dataset_digest, experiment_id)
        SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, experiment_id FROM runs WHERE run_uuid = ?1 ON CONFLICT DO NOTHING""",
    "output": """INSERT INTO inputs (source_type, source_id, destination_type, destination_id, step, input_uuid)
        VALUES ('RUN_OUTPUT', ?, 'MODEL_OUTPUT', ?, ?, ?) ON CONFLICT DO NOTHING""",
    "dataset": """INSERT INTO datasets (experiment_id, dataset_uuid, name, digest, dataset_source_type,
        dataset_source, dataset_schema, dataset_profile) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""",
    "dataset_input": """INSERT INTO inputs (source_type, source_id, destination_type, destination_id, input_uuid)
        SELECT 'DATASET', dataset_uuid, 'RUN', ?1, ?5 FROM datasets
        WHERE experiment_id = ?2 AND name = ?3 AND digest = ?4 ON CONFLICT DO NOTHING""",
    "input_tag": """INSERT INTO input_tags (input_uuid, name, value)
        SELECT input_uuid, ?2, ?3 FROM inputs WHERE input_uuid = ?1 ON CONFLICT DO NOTHING""",
}
# The places of a row's values, where there is one for each of them.
_PLACES = re.compile(r"\(\?, \?.*?\)")
# A fraction of what sqlite takes in one statement.
_ROWS_AT_ONCE = 500
Row = tuple[object, ...]


class Database:
    """A connection for one thread at a time, opened anew in a forked child, which must not use its parent's."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection: sqlite3.Connection | None = None
        self._process = 0

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection of this process."""
        if self._connection is None or self._process != os.getpid():
            self._connection = sqlite3.connect(
                f"{self.path.absolute().as_uri()}?mode=rw",
                uri=True,
                timeout=BUSY_SECONDS,
                isolation_level=None,
                check_same_thread=False,
            )
            self._connection.execute("PRAGMA foreign_keys = ON")
            self._process = os.getpid()
        return self._connection

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Commit what happens inside, or nothing of it. Raises sqlite3.OperationalError when it stays locked."""
        connection = self.connection
        try:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    def close(self) -> None:
        """Close what this process has opened."""
        if self._connection is not None and self._process == os.getpid():
            self._connection.close()
        self._connection = None


class SqliteWriter:
    """Writes batches of operations to the database `path`; what it refuses for good is put aside in `folder`."""

    def __init__(self, path: Path, folder: Path) -> None:
        self._database = Database(path)
        self._folder = folder

    def write(self, operations: list[Operation], *, again: bool = False) -> None:
        """Write all operations in one transaction. Raises StoreAwayError when the database is locked or full.

        A run that somebody has deleted for ever is what a database may refuse.
        """
        try:
            try:
                self._transaction(operations)
            except sqlite3.IntegrityError:
                self._one_by_one(operations)
        except sqlite3.Error as error:
            raise StoreAwayError(f"{self._database.path} can't be written at present: {error}.") from error

    def _transaction(self, operations: Iterable[Operation]) -> None:
        with self._database.transaction() as connection:
            insert(connection, operations)

    def _one_by_one(self, operations: list[Operation]) -> None:
        for operation in operations:
            try:
                self._transaction([operation])
            except sqlite3.IntegrityError as error:
                put_aside(self._folder, [operation], str(error))


def insert(connection: sqlite3.Connection, operations: Iterable[Operation]) -> None:
    """Write the rows of all operations, within a transaction of the caller. Raises sqlite3.Error."""
    rows = _rows(operations)
    for kind, statement in _STATEMENTS.items():
        _execute(connection, statement, rows.get(kind, []))


def _execute(connection: sqlite3.Connection, statement: str, rows: list[Row]) -> None:
    """Execute the statement for each row, and for many rows at once where it has a place for each of their values.

    With each execution Python's lock is given away and wanted back, which holds up the thread that is training.
    """
    if (found := _PLACES.search(statement)) is None:
        connection.executemany(statement, rows)
        return
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        chunk = rows[start : start + _ROWS_AT_ONCE]
        places = ", ".join([found[0]] * len(chunk))
        connection.execute(statement.replace(found[0], places), list(itertools.chain.from_iterable(chunk)))


def _rows(operations: Iterable[Operation]) -> dict[str, list[Row]]:
    rows: dict[str, list[Row]] = defaultdict(list)
    latest: dict[tuple[str, str], Row] = {}
    changes: dict[str, Row] = {}
    for kind, *values in operations:
        if kind == "metric":
            row = tuple(values[:6])
            rows[kind].append(row)
            _keep_latest(latest, row)
            if values[6] is not None:
                rows["model_metric"].append((*values[:5], *values[6:]))
        elif kind == "info":
            changes[values[0]] = _combined(changes.get(values[0]), tuple(values))
        elif kind == "dataset_input":
            *link, tags = values
            rows[kind].append(tuple(link))
            rows["input_tag"] += [(link[-1], name, value) for name, value in tags]
        else:
            rows[kind].append(tuple(values))
    return rows | {"info": list(changes.values()), "latest_metric": list(latest.values())}


def _combined(before: Row | None, change: Row) -> Row:
    """Two changes of a run as one."""
    if before is None:
        return change
    return tuple(old if new is None else new for old, new in zip(before, change, strict=True))


def _keep_latest(latest: dict[tuple[str, str], Row], row: Row) -> None:
    """MLflow's rule: the greatest step, then timestamp, then value; of equals, the first."""
    run_id, key, value, timestamp, step, _ = row
    known = latest.get((str(run_id), str(key)))
    if known is None or (step, timestamp, value) > (known[4], known[3], known[2]):
        latest[str(run_id), str(key)] = row
