"""A sqlite file that MLflow made, open for reading: what is wrong with it is told in a sentence."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from workspace_jobs.errors import JobsError

_PATIENCE_SECONDS = 30
_MAPPED_BYTES = 2**30


class SqliteFile:
    """The file at `path`. Raises JobsError where there is none."""

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise JobsError(
                f"there is no MLflow store at {path}: name one with --tracking-uri (sqlite:///FILE, http://HOST:PORT), "
                "or with MLFLOW_TRACKING_URI, or a workspace with --config"
            )
        self.path = path

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The open database. Raises JobsError where it holds no MLflow store, or is not let go by a writer."""
        try:
            yield self._connection
        except sqlite3.DatabaseError as error:
            busy = "locked" in str(error)
            advice = "wait for who writes to it, and try again" if busy else "name the file that MLflow made"
            raise JobsError(f"{self.path} cannot be read as an MLflow store ({error}): {advice}") from error

    @cached_property
    def _connection(self) -> sqlite3.Connection:
        connection = sqlite3.connect(f"{self.path.as_uri()}?mode=ro", uri=True, timeout=_PATIENCE_SECONDS)
        connection.execute("PRAGMA case_sensitive_like = true")  # as MLflow has it
        connection.execute(f"PRAGMA mmap_size = {_MAPPED_BYTES}")
        return connection
