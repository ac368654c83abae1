"""What was answered is in the store in the end, whatever happens to the process, the disk or the database."""

import logging
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from mlflow.entities import Metric, Param
from mlflow.exceptions import MlflowException

from tests.workspace_jobs.tracking.conftest import Opener, plain_store
from workspace_jobs.tracking import sqlite_writer
from workspace_jobs.tracking.location import journal_folder
from workspace_jobs.tracking.sync import sync

_PROLOGUE = """
import os, signal
from workspace_jobs.tracking.activation import enable
enable()
import mlflow
"""


def run_script(folder: Path, script: str) -> int:
    """Run Python code as a user's script in `folder`, and return its exit code."""
    environment = {**os.environ, "MLFLOW_TRACKING_URI": f"sqlite:///{folder / 'mlflow.db'}"}
    code = textwrap.dedent(_PROLOGUE) + textwrap.dedent(script)
    return subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=environment, timeout=300, check=False
    ).returncode


def rows(path: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def test_a_process_that_is_killed_in_the_middle_of_run_200_has_logged_all_that_it_has_logged(tmp_path: Path) -> None:
    script = """
        for number in range(1, 331):
            with mlflow.start_run():
                mlflow.log_param("number", number)
                if number == 200:
                    os.kill(os.getpid(), signal.SIGKILL)
                mlflow.log_metric("mse", number)
    """
    assert run_script(tmp_path, script) == -signal.SIGKILL
    path = tmp_path / "mlflow.db"
    found = sync(f"sqlite:///{path}")
    assert [(one.waiting, one.reason) for one in found] == [(0, None)] * len(found)
    assert rows(path, "SELECT status, count(*) FROM runs GROUP BY status") == [("FINISHED", 199), ("RUNNING", 1)]
    assert rows(path, "SELECT count(DISTINCT CAST(value AS INTEGER)), max(CAST(value AS INTEGER)) FROM params") == [
        (200, 200)
    ]
    assert rows(path, "SELECT count(*), sum(value) FROM latest_metrics") == [(199, sum(range(200)))]
    assert not journal_folder(f"sqlite:///{path}").exists()
    assert sync(f"sqlite:///{path}") == []


def test_another_process_may_be_told_of_a_run_at_once(tmp_path: Path) -> None:
    script = """
        import sqlite3
        with mlflow.start_run() as run, sqlite3.connect("mlflow.db") as another:
            assert another.execute("SELECT run_uuid FROM runs").fetchall() == [(run.info.run_id,)]
    """
    assert run_script(tmp_path, script) == 0


def test_a_parent_and_a_forked_child_that_log_at_once_lose_nothing(tmp_path: Path) -> None:
    script = """
        with mlflow.start_run(run_name="parent") as parent:
            child = os.fork()
            for number in range(20):
                with mlflow.start_run(nested=True):
                    mlflow.log_metrics({"a": number, "b": number})
        if child:
            assert os.waitpid(child, 0)[1] == 0
            assert len(mlflow.search_runs(output_format="list")) == 41
    """
    assert run_script(tmp_path, script) == 0
    path = tmp_path / "mlflow.db"
    assert rows(path, "SELECT count(*), count(end_time) FROM runs") == [(41, 41)]
    assert rows(path, "SELECT count(*) FROM metrics") == [(80,)]
    # MLflow's stack of active runs is the parent's alone.
    assert rows(path, "SELECT count(*) FROM tags WHERE key = 'mlflow.parentRunId'") == [(20,)]


def test_a_database_that_stays_locked_is_written_when_it_is_free(
    open_store: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sqlite_writer, "BUSY_SECONDS", 0.05)
    path = tmp_path / "mlflow.db"
    store = open_store(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other, caplog.at_level(logging.WARNING, "mlws"):
        run_id = store.create_run("0", "me", 1, [], "r").info.run_id
        other.execute("BEGIN IMMEDIATE")
        for number in range(3):
            store.log_metric(run_id, Metric("k", number, 1, number))
            store._buffer.flush(final=True)
        other.execute("ROLLBACK")
    assert [record.getMessage().count("is locked") for record in caplog.records] == [1]
    store._buffer.flush(final=True)
    assert plain_store(path).get_run(run_id).data.metrics == {"k": 2}
    assert not list(journal_folder(f"sqlite:///{path}").iterdir())


def test_a_database_without_room_loses_nothing(open_store: Opener, tmp_path: Path) -> None:
    path = tmp_path / "mlflow.db"
    store = open_store(path)
    run_id = store.create_run("0", "me", 1, [], "r").info.run_id
    store._buffer.flush()
    with _files_of_at_most(path.stat().st_size):
        for number in range(10):
            store.log_batch(run_id, [], [Param(f"{number} {n}", "v" * 6000) for n in range(10)], [])
        store._buffer.flush(final=True)
        assert store._buffer.away
    store._buffer.flush(final=True)
    assert rows(path, "SELECT count(*), sum(length(value)) FROM params") == [(100, 600_000)]


def test_a_call_whose_journal_has_no_room_is_refused_whole(open_store: Opener, tmp_path: Path) -> None:
    path = tmp_path / "mlflow.db"
    store = open_store(path)
    run_id = store.create_run("0", "me", 1, [], "r").info.run_id
    with store._buffer.lock:  # so that the thread writes nothing in between
        with _files_of_at_most(20_000), pytest.raises(MlflowException, match="can't be written"):
            for number in range(10):
                store.log_batch(run_id, [], [Param(f"{number}", "v" * 6000)], [])
        store.log_param(run_id, Param("after", "it"))
    store._buffer.flush(final=True)
    found = plain_store(path).get_run(run_id).data.params
    assert set(found) == {*(f"{number}" for number in range(len(found) - 1)), "after"}
    assert 2 <= len(found) <= 4


def test_a_run_that_is_deleted_for_ever_keeps_no_other_from_being_written(open_store: Opener, tmp_path: Path) -> None:
    path = tmp_path / "mlflow.db"
    store = open_store(path)
    gone, kept = (store.create_run("0", "me", 1, [], name).info.run_id for name in ("gone", "kept"))
    store._buffer.flush()
    with store._buffer.lock:
        store.log_param(gone, Param("k", "1"))
        store.log_param(kept, Param("k", "2"))
        plain_store(path)._hard_delete_run(gone)
    store._buffer.flush(final=True)
    assert rows(path, "SELECT run_uuid, value FROM params") == [(kept, "2")]
    assert '"param"' in (journal_folder(f"sqlite:///{path}") / "refused.txt").read_text()


@contextmanager
def _files_of_at_most(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
