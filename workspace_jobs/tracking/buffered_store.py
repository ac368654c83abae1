"""MLflow's tracking store, with writing calls on runs taken by a buffer; all others are the wrapped store's own.

What a subclass adds: how a run is made, and what is known of one.
"""

import math
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import cached_property
from typing import Any

from mlflow.entities import Metric, Param, Run, RunInfo, RunStatus, RunTag
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import INTERNAL_ERROR
from mlflow.store.entities import PagedList
from mlflow.utils.async_logging.run_operations import RunOperations
from mlflow.utils.mlflow_tags import MLFLOW_RUN_NAME

from workspace_jobs.tracking import checks
from workspace_jobs.tracking.buffer import Buffer
from workspace_jobs.tracking.checks import NotBufferedError
from workspace_jobs.tracking.operations import Operation
from workspace_jobs.tracking.run_state import RunState

# A run that is the first in so long a time is waited for, which costs milliseconds.
_SELDOM_SECONDS = 1.0


class BufferedStore(ABC):
    """A store with the methods of MLflow's AbstractStore, in front of the one that `build` makes when it is needed."""

    def __init__(self, build: Callable[[], Any], buffer: Buffer) -> None:
        self._build = build
        self._buffer = buffer
        # When the last run was created, of time.monotonic().
        self._created = -math.inf

    @cached_property
    def _inner(self) -> Any:  # noqa: ANN401 - MLflow's stores have no types
        return self._build()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        """Everything else is MLflow's own, and finds all that was logged."""
        if name.startswith("__") or name == "_buffer":
            raise AttributeError(name)
        self._buffer.flush()
        return getattr(self._inner, name)

    def close(self) -> None:
        """Write what is pending, and from now on at once."""
        self._buffer.close()

    @abstractmethod
    def create_run(
        self, experiment_id: str, user_id: str, start_time: int, tags: list[RunTag], run_name: str | None
    ) -> Run:
        """Create a run."""

    def _is_first_in_a_while(self) -> bool:
        """Whether the run that is created now has to be in the store at once.

        Another process, which knows nothing of what is pending, may be told to log to it; with many at a time that
        is unlikely.
        """
        since, self._created = time.monotonic() - self._created, time.monotonic()
        return since > _SELDOM_SECONDS

    @abstractmethod
    def _state(self, run_id: str) -> RunState | None:
        """Return what the run is at present, pending operations included; None where only the store knows."""

    def get_run(self, run_id: str) -> Run:
        """Return the run, with all that was logged."""
        with self._buffer.lock:
            if (state := self._complete(run_id)) is not None:
                return state.run()
        run: Run = self._plain("get_run", run_id)
        return run

    def get_metric_history(
        self, run_id: str, metric_key: str, max_results: int | None = None, page_token: str | None = None
    ) -> PagedList[Metric]:
        """Return all values of a metric."""
        with self._buffer.lock:
            if page_token is None and (state := self._complete(run_id)) is not None:
                history = state.history(metric_key)
                if max_results is None or len(history) <= max_results:
                    return PagedList(history, None)
        found: PagedList[Metric] = self._plain("get_metric_history", run_id, metric_key, max_results, page_token)
        return found

    @abstractmethod
    def _complete(self, run_id: str) -> RunState | None:
        """Return a run of which all is known here."""

    def update_run_info(
        self, run_id: str, run_status: int | None, end_time: int | None, run_name: str | None
    ) -> RunInfo:
        """Set what is not None."""
        with self._buffer.lock:
            if (state := self._writable(run_id)) is not None:
                status = None if run_status is None else RunStatus.to_string(run_status)
                operations: list[Operation] = [("info", run_id, status, end_time, run_name or None)]
                if run_name:
                    operations.append(("tag", run_id, MLFLOW_RUN_NAME, run_name))
                self._take_for(state, operations)
                return state.info()
        info: RunInfo = self._plain("update_run_info", run_id, run_status, end_time, run_name)
        return info

    def log_param(self, run_id: str, param: Param) -> None:
        """Log a parameter."""
        self._log(run_id, lambda: ([], [checks.param(run_id, param)], []), "log_param", param)

    def log_metric(self, run_id: str, metric: Metric) -> None:
        """Log a metric."""
        self._log(run_id, lambda: ([checks.metric(run_id, metric)], [], []), "log_metric", metric)

    def set_tag(self, run_id: str, tag: RunTag) -> None:
        """Set a tag."""
        self._log(run_id, lambda: ([], [], [checks.tag(run_id, tag)]), "set_tag", tag)

    def log_batch(
        self, run_id: str, metrics: Sequence[Metric], params: Sequence[Param], tags: Sequence[RunTag]
    ) -> None:
        """Log all of them."""
        self._log(run_id, lambda: checks.batch(run_id, metrics, params, tags), "log_batch", metrics, params, tags)

    def log_param_async(self, run_id: str, param: Param) -> RunOperations:
        """Log a parameter; done on return."""
        return _done(lambda: self.log_param(run_id, param))

    def log_metric_async(self, run_id: str, metric: Metric) -> RunOperations:
        """Log a metric; done on return."""
        return _done(lambda: self.log_metric(run_id, metric))

    def set_tag_async(self, run_id: str, tag: RunTag) -> RunOperations:
        """Set a tag; done on return."""
        return _done(lambda: self.set_tag(run_id, tag))

    def log_batch_async(
        self, run_id: str, metrics: Sequence[Metric], params: Sequence[Param], tags: Sequence[RunTag]
    ) -> RunOperations:
        """Log all of them; done on return."""
        return _done(lambda: self.log_batch(run_id, metrics, params, tags))

    def flush_async_logging(self) -> None:
        """Write what is pending."""
        self._buffer.flush()

    def shut_down_async_logging(self) -> None:
        """Nothing is asynchronous here: what a call has taken is on disk."""
        return

    end_async_logging = shut_down_async_logging

    def _log(
        self,
        run_id: str,
        check: Callable[[], tuple[list[Operation], list[Operation], list[Operation]]],
        method: str,
        *arguments: object,
    ) -> None:
        try:
            metrics, params, tags = check()
            with self._buffer.lock:
                state = self._writable(run_id)
                if state is None or not self._knows_models(metrics):
                    raise NotBufferedError  # noqa: TRY301 - as the checks do
                operations = _new_parameters(state, params) + metrics + _with_run_name(tags)
                self._take_for(state, operations)
        except NotBufferedError:
            self._plain(method, run_id, *arguments)

    def _writable(self, run_id: str) -> RunState | None:
        state = self._state(run_id)
        return state if state is not None and state.active else None

    def _knows_models(self, metrics: list[Operation]) -> bool:
        """Whether the models that metrics belong to are there for sure."""
        return all(model_id is None for *_, model_id, _, _ in metrics)

    def _take_for(self, state: RunState, operations: list[Operation]) -> None:
        self._take(operations)
        for operation in operations:
            state.apply(operation)

    def _take(self, operations: list[Operation]) -> None:
        try:
            self._buffer.add(*operations)
        except OSError as error:
            raise MlflowException(f"The journal can't be written: {error}.", INTERNAL_ERROR) from error

    def _plain(self, method: str, *arguments: object) -> Any:  # noqa: ANN401
        """Leave a call to MLflow's own store, which says best what is wrong with it."""
        self._buffer.flush()
        return getattr(self._inner, method)(*arguments)


def _new_parameters(state: RunState, params: list[Operation]) -> list[Operation]:
    """Those that the run has not yet. Raises NotBufferedError where it has one with another value."""
    known = state.parameters
    if any(known.get(key, value) != value for _, _, key, value in params):
        raise NotBufferedError
    return [operation for operation in params if operation[2] not in known]


def _with_run_name(tags: list[Operation]) -> list[Operation]:
    """The tag of a run's name names the run; an empty one does nothing, as in MLflow."""
    operations = []
    for operation in tags:
        _, run_id, key, value = operation
        if key != MLFLOW_RUN_NAME:
            operations.append(operation)
        elif value:
            operations += [("info", run_id, None, None, value), operation]
    return operations


def _done(call: Callable[[], None]) -> RunOperations:
    """Return what has happened already, in the form of what will."""
    future: Future[None] = Future()
    try:
        call()
    except Exception as error:
        future.set_exception(error)
    else:
        future.set_result(None)
    return RunOperations([future])
