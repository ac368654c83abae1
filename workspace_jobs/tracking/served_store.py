"""The buffered store behind the product's tracking server, which takes ids of runs that its clients propose."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Response, has_request_context, jsonify, request
from mlflow.entities import Run, RunTag
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import INVALID_PARAMETER_VALUE, RESOURCE_ALREADY_EXISTS
from mlflow.server.handlers import _get_tracking_store
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

from workspace_jobs.tracking import proposed_id
from workspace_jobs.tracking.operations import Operation, from_lines
from workspace_jobs.tracking.server_writer import OFFLINE_TAG, ServerWriter
from workspace_jobs.tracking.sqlite_store import SqliteStore


class ServedStore(SqliteStore):
    """Taken by MLflow's handlers for the store that it wraps, which some of them ask for."""

    __class__ = SqlAlchemyStore  # type: ignore[assignment]

    def __init__(self, path: Path, build: Callable[[], Any]) -> None:
        super().__init__(path, build)
        # Of two requests with one id, the second is to find what the first has created.
        self._creating = threading.Lock()

    def create_run(
        self, experiment_id: str, user_id: str, start_time: int, tags: list[RunTag], run_name: str | None
    ) -> Run:
        """Create a run, under the id that the request proposes; return the one it has created if it comes again.

        Raises MlflowException for what is no id, and for that of another run.
        """
        if (run_id := _proposed()) is None:
            return super().create_run(experiment_id, user_id, start_time, tags, run_name)
        with self._creating:
            with self._buffer.lock:
                state = self._state(run_id)
            if state is None:
                # For servers that do not take the id.
                kept = [tag for tag in tags if (tag.key, tag.value) != (OFFLINE_TAG, run_id)]
                return super().create_run(experiment_id, user_id, start_time, kept, run_name)
        if (state.experiment_id, state.user_id, state.start_time) != (experiment_id, user_id, start_time):
            raise MlflowException(f"{run_id} is the id of another run", RESOURCE_ALREADY_EXISTS)
        return self.get_run(run_id)

    def _new_id(self) -> str:
        return _proposed() or super()._new_id()


def receive() -> Response:
    """Do what a request's operations say; answer with those that are refused, and the reason."""
    refused: list[tuple[list[Operation], str]] = []
    writer = ServerWriter(_get_tracking_store, lambda operations, reason: refused.append((operations, reason)))
    writer.write(list(from_lines(request.get_data())), again=False)
    return jsonify(refused=refused)


def _proposed() -> str | None:
    """Return the id that is proposed for the run, if there is one."""
    run_id = proposed_id.current()
    if run_id is None and has_request_context():
        run_id = request.headers.get(proposed_id.HEADER)
    if run_id is not None and not proposed_id.is_run_id(run_id):
        raise MlflowException(f"{proposed_id.HEADER}: {run_id!r} is not 32 hex digits", INVALID_PARAMETER_VALUE)
    return run_id
