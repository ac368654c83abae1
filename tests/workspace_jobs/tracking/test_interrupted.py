"""Nothing is lost, doubled or stuck where a write is stopped half way, or somebody else is faster."""

import fcntl
import os
import resource
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import PERMISSION_DENIED, UNAUTHENTICATED

from workspace_jobs.tracking import database, sync
from workspace_jobs.tracking.buffer import Buffer
from workspace_jobs.tracking.errors import StoreAwayError
from workspace_jobs.tracking.journal import Journal, orphans
from workspace_jobs.tracking.location import tracking_uri
from workspace_jobs.tracking.operations import Operation
from workspace_jobs.tracking.refused import put_aside
from workspace_jobs.tracking.server_writer import ServerWriter
from workspace_jobs.tracking.sqlite_writer import Database

_NEVER = 3600.0


class Recorded:
    """A store that keeps what it is given, after `first` was called."""

    def __init__(self, first: Callable[[], None] = lambda: None) -> None:
        self.first = first
        self.written: list[tuple[Operation, bool]] = []

    def write(self, operations: list[Operation], *, again: bool) -> None:
        self.first()
        self.written += [(operation, again) for operation in operations]


def test_what_ctrl_c_stopped_is_written_as_what_may_be_there_already(tmp_path: Path) -> None:
    stops = [KeyboardInterrupt, None, None]

    def stop() -> None:
        if (error := stops.pop(0)) is not None:
            raise error

    store = Recorded(stop)
    buffer = Buffer(store, Journal(tmp_path / "j", "u"), _NEVER)
    buffer.add(("tag", "r", "a", "1"))
    with pytest.raises(KeyboardInterrupt):
        buffer.flush()
    buffer.flush()
    buffer.add(("tag", "r", "b", "2"))
    buffer.close()
    assert store.written == [(("tag", "r", "a", "1"), True), (("tag", "r", "b", "2"), False)]


def test_logging_at_the_end_does_not_wait_for_a_write_that_waits_for_it(tmp_path: Path) -> None:
    entered, released = threading.Event(), threading.Event()

    def hold() -> None:
        entered.set()
        released.wait(60)

    buffer = Buffer(Recorded(hold), Journal(tmp_path / "j", "u"), _NEVER)
    buffer.close()
    writing = threading.Thread(target=buffer.add, args=[("tag", "r", "a", "1")], daemon=True)
    writing.start()
    assert entered.wait(60)

    def log_while_checking() -> None:
        with buffer.lock:
            buffer.add(("tag", "r", "b", "2"))

    logging = threading.Thread(target=log_while_checking, daemon=True)
    logging.start()
    logging.join(60)
    stuck = logging.is_alive()
    released.set()
    writing.join(60)
    assert not stuck
    buffer.close()


def test_a_run_is_ended_before_the_last_is_written(tmp_path: Path) -> None:
    script = """
from workspace_jobs.tracking.activation import enable
enable()
import mlflow
from workspace_jobs.tracking.buffer import Buffer
close = Buffer.close
Buffer.close = lambda self: (print("active:", mlflow.active_run()), close(self))
mlflow.start_run()
"""
    environment = {**os.environ, "MLFLOW_TRACKING_URI": f"sqlite:///{tmp_path / 'mlflow.db'}"}
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.stdout.splitlines()[-1:] == ["active: None"]


def test_a_transaction_that_ctrl_c_stops_at_its_begin_keeps_nothing_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mlflow.db"
    database.ensure(path)
    connected = Database(path)
    real = connected.connection

    class Interrupted:
        """A connection whose BEGIN waited for its lock, while Ctrl-C was pressed."""

        in_transaction = property(lambda _: real.in_transaction)

        def execute(self, statement: str) -> None:
            real.execute(statement)
            if statement.startswith("BEGIN"):
                raise KeyboardInterrupt

    monkeypatch.setattr(Database, "connection", Interrupted())
    with pytest.raises(KeyboardInterrupt), connected.transaction():
        pass
    assert not real.in_transaction
    connected.close()


def _left_by_a_dead_process(folder: Path, batches: Sequence[Operation]) -> None:
    journal = Journal(folder, "http://server")
    for operation in batches:
        journal.append([operation])
        segment = journal.cut()
        assert segment is not None
        segment.leave()


def test_what_was_logged_later_waits_for_what_could_not_be_delivered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLWS_TRACKING_OUTBOX", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    begun: Operation = ("create", "offline-1", "0", "me", 1, "r", [])
    _left_by_a_dead_process(tmp_path / "server", [begun, ("tag", "offline-1", "a", "1")])
    away = [True, False, False]

    def answer() -> None:
        if away.pop(0):
            raise StoreAwayError("away")

    store = Recorded(answer)
    monkeypatch.setattr(sync, "_writer", lambda _uri, _folder: store)
    assert [(one.delivered, one.waiting) for one in sync.sync()] == [(0, 2)]
    away[:] = [False, False]
    assert [(one.delivered, one.waiting) for one in sync.sync()] == [(2, 0)]
    assert [operation[0] for operation, _ in store.written] == ["create", "tag"]


def test_files_of_a_process_are_in_the_order_in_which_they_were_begun(tmp_path: Path) -> None:
    _left_by_a_dead_process(tmp_path, [("tag", "r", "n", str(number)) for number in range(40)])
    for path in tmp_path.iterdir():
        os.utime(path, (1, 1))
    with orphans(tmp_path) as found:
        assert [operations[0][3] for _, operations in found] == [str(number) for number in range(40)]


def test_a_file_that_another_takes_before_it_is_locked_is_begun_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = fcntl.flock
    taken: list[Path] = []

    def slow(file: int, operation: int) -> None:
        if not taken and operation == fcntl.LOCK_EX:
            taken.extend(tmp_path.glob("*.jsonl"))
            taken[0].unlink()
        lock(file, operation)

    monkeypatch.setattr(fcntl, "flock", slow)
    journal = Journal(tmp_path, "u")
    journal.append([("tag", "r", "a", "1")])
    segment = journal.cut()
    assert segment is not None
    assert b'"a"' in segment.path.read_bytes()
    segment.remove()


def test_a_journal_that_can_not_be_begun_leaves_no_file(tmp_path: Path) -> None:
    with _no_room(), pytest.raises(OSError, match="File too large"):
        Journal(tmp_path, "u").append([("tag", "r", "a", "1")])
    assert not list(tmp_path.iterdir())


@contextmanager
def _no_room() -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("code", [UNAUTHENTICATED, PERMISSION_DENIED])
def test_what_a_server_refuses_to_a_stranger_is_kept_for_when_it_knows_who_asks(tmp_path: Path, code: int) -> None:
    class Closed:
        """A server whose caller's token has run out."""

        def log_batch(self, *_: Any) -> None:
            raise MlflowException("the token has expired", code)

    writer = ServerWriter(Closed, partial(put_aside, tmp_path))
    with pytest.raises(StoreAwayError, match="the token has expired") as away:
        writer.write([("tag", "r", "a", "1")], again=False)
    assert away.value.left == [("tag", "r", "a", "1")]
    assert not list(tmp_path.iterdir())


def test_what_is_for_a_server_that_can_not_be_spoken_to_here_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLWS_TRACKING_OUTBOX", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    journal = Journal(tmp_path / "server", "packagethatisnothere://server")
    journal.append([("tag", "r", "a", "1")])
    segment = journal.cut()
    assert segment is not None
    segment.leave()
    (delivery,) = sync.sync()
    assert (delivery.delivered, delivery.waiting) == (0, 1)
    assert [path.name for path in (tmp_path / "server").iterdir()] == [segment.path.name]


def test_a_database_is_named_by_its_absolute_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "sqlite:///runs.db")
    assert tracking_uri() == f"sqlite:///{tmp_path / 'runs.db'}"
    assert tracking_uri("sqlite:///other.db") == f"sqlite:///{tmp_path / 'other.db'}"
    assert tracking_uri("http://127.0.0.1:5000") == "http://127.0.0.1:5000"
