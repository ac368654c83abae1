from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

from workspace_jobs.tracking import database
from workspace_jobs.tracking.sqlite_store import SqliteStore

Opener = Callable[[Path], SqliteStore]


def plain_store(path: Path) -> Any:
    return SqlAlchemyStore(f"sqlite:///{path}", str(path.parent / "mlruns"))


@pytest.fixture(scope="session")
def open_store() -> Iterator[Opener]:
    """Opens buffered stores, and closes them when the tests are over."""
    opened: list[SqliteStore] = []

    def open_it(path: Path) -> SqliteStore:
        database.ensure(path, str(path.parent / "mlruns"))
        opened.append(SqliteStore(path, lambda: plain_store(path)))
        return opened[-1]

    yield open_it
    for store in opened:
        store.close()
