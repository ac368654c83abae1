"""What is in an MLflow database, with everything that differs from one time to the next made equal."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

_RANDOM = re.compile(r"\b[a-z]+-[a-z]+-\d+\b|(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")
_TIMES = ("creation_time", "last_update_time", "deleted_time", "creation_timestamp_ms", "last_updated_timestamp_ms")


def content(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of every table, sorted. Ids are numbered in the order of the runs, names made up are equal."""
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        ids = {
            row[0]: f"run {n}" for n, row in enumerate(connection.execute("SELECT run_uuid FROM runs ORDER BY rowid"))
        }
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            table: sorted((_normal(row, ids) for row in connection.execute(f"SELECT * FROM {table}")), key=repr)  # noqa: S608
            for table in tables
        }


def normal_text(text: str, ids: dict[str, str]) -> str:
    """Return the text with known ids numbered and all else that is random made equal."""
    return _RANDOM.sub(lambda found: ids.get(found[0], "random"), text)


def _normal(row: sqlite3.Row, ids: dict[str, str]) -> tuple[Any, ...]:
    values: list[Any] = []
    for name, value in zip(row.keys(), row, strict=True):
        if isinstance(value, str):
            values.append(normal_text(value, ids))
        else:
            values.append((type(value).__name__, value is not None if name in _TIMES else value))
    return tuple(values)
