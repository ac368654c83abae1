"""MLflow's sqlite store, read as it lies there."""

import json
import math
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from workspace_jobs.runs.filters import parse_filter, parse_order
from workspace_jobs.runs.records import Experiment, Point, Run
from workspace_jobs.runs.sqlite_file import SqliteFile
from workspace_jobs.runs.statement import search_statement
from workspace_jobs.runs.stores import Query

Value = TypeVar("Value")

# The ids travel as one value: a statement takes no more than some thousand of them.
_RUNS = (
    "SELECT run_uuid, name, experiment_id, status, lifecycle_stage, user_id, start_time, end_time, artifact_uri "
    "FROM runs WHERE run_uuid IN (SELECT value FROM json_each(?))"
)
_PARAMS = "SELECT run_uuid, key, value FROM params WHERE run_uuid IN (SELECT value FROM json_each(?))"
_TAGS = "SELECT run_uuid, key, value FROM tags WHERE run_uuid IN (SELECT value FROM json_each(?))"
_MODELS = "SELECT model_id, name FROM logged_models WHERE source_run_id = ? AND lifecycle_stage = 'active'"
_METRICS = "SELECT run_uuid, key, value, is_nan FROM latest_metrics WHERE run_uuid IN (SELECT value FROM json_each(?))"


class SqliteStore:
    """A sqlite file with MLflow's tables, open for reading only. Raises JobsError where there is no such file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = SqliteFile(path)

    @property
    def uri(self) -> str:
        """The store's MLflow tracking address."""
        return f"sqlite:///{self.path}"

    def experiments(self) -> list[Experiment]:
        """Every experiment, the deleted ones too."""
        with self._file.reading() as connection:
            rows = connection.execute("SELECT experiment_id, name, lifecycle_stage FROM experiments ORDER BY 1")
            return [Experiment(str(number), name, stage) for number, name, stage in rows]

    def search(self, query: Query) -> list[Run]:
        """The runs that a search finds, in its order. Raises FilterError."""
        conditions, orders = parse_filter(query.filter), parse_order(query.order_by)
        statement = search_statement(conditions, orders, query.experiment_ids, query.view, query.limit)
        with self._file.reading() as connection:
            ids = [run_id for (run_id,) in connection.execute(statement.sql, statement.values)]
            return _runs(connection, ids)

    def named(self, word: str) -> list[Run]:
        """The runs, deleted ones too, whose id begins with `word` or whose name it is."""
        with self._file.reading() as connection:
            found = connection.execute(
                "SELECT run_uuid FROM runs WHERE run_uuid >= ?1 AND run_uuid < ?1 || char(1114111) "
                "UNION SELECT run_uuid FROM runs WHERE name = ?1 "
                "UNION SELECT run_uuid FROM tags WHERE key = 'mlflow.runName' AND value = ?1",
                (word,),
            )
            return _runs(connection, [run_id for (run_id,) in found])

    def history(self, run_id: str, metrics: Sequence[str]) -> Mapping[str, list[Point]]:
        """Every logged value of these metrics of a run, by step and time."""
        sql = (
            "SELECT step, timestamp, value, is_nan FROM metrics WHERE run_uuid = ? AND key = ? ORDER BY step, timestamp"
        )
        with self._file.reading() as connection:
            return {
                key: [Point(step, time, _number(value, nan)) for step, time, value, nan in points]
                for key in metrics
                if (points := connection.execute(sql, (run_id, key)).fetchall())
            }

    def logged_models(self, run: Run) -> Mapping[str, str]:
        """The models that MLflow 3 keeps beside the run and not among its files: id -> name."""
        with self._file.reading() as connection:
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'logged_models'").fetchone():
                return {}  # written by MLflow 2
            return dict(connection.execute(_MODELS, (run.id,)))


def _runs(connection: sqlite3.Connection, ids: Sequence[str]) -> list[Run]:
    """The runs with these ids, in their order."""
    these = (json.dumps(ids),)
    params = _by_run(connection.execute(_PARAMS, these))
    tags = _by_run(connection.execute(_TAGS, these))
    metrics = _by_run((run, key, _number(value, nan)) for run, key, value, nan in connection.execute(_METRICS, these))
    found = {row[0]: row for row in connection.execute(_RUNS, these)}
    return [
        _run(found[run_id], params.get(run_id, {}), metrics.get(run_id, {}), tags.get(run_id, {})) for run_id in ids
    ]


def _run(
    row: Sequence[object], params: Mapping[str, str], metrics: Mapping[str, float], tags: Mapping[str, str]
) -> Run:
    run_id, name, experiment, status, stage, user, started, ended, artifact_uri = row
    return Run(
        id=str(run_id),
        name=str(name or tags.get("mlflow.runName", "")),
        experiment_id=str(experiment),
        status=str(status),
        stage=str(stage),
        user=str(user or ""),
        started=_whole(started),
        ended=_whole(ended),
        artifact_uri=str(artifact_uri or ""),
        params=params,
        metrics=metrics,
        tags=tags,
    )


def _by_run(rows: Iterable[tuple[str, str, Value]]) -> dict[str, dict[str, Value]]:
    grouped: dict[str, dict[str, Value]] = {}
    for run_id, key, value in rows:
        grouped.setdefault(run_id, {})[key] = value
    return grouped


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _number(value: float, nan: int) -> float:
    return math.nan if nan else value
