"""Operations to a tracking server, in as few calls as its limits allow: a batch or two a run, and the run's end."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from mlflow.entities import Metric, Param, RunStatus, RunTag
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import RESOURCE_DOES_NOT_EXIST
from mlflow.utils.validation import MAX_ENTITIES_PER_BATCH, MAX_PARAMS_TAGS_PER_BATCH

from workspace_jobs.tracking.delivery import send
from workspace_jobs.tracking.errors import StoreAwayError, first_line
from workspace_jobs.tracking.operations import Operation, storable
from workspace_jobs.tracking.proposed_id import proposed

# Of the million bytes that a request may have, with room for what JSON adds.
_LARGEST_REQUEST = 600_000
# So many runs at once: a cloud's server takes most of a second for any call.
_PARALLEL = 4
# The tag by which a run is found again that was begun here; servers that take its id do without.
OFFLINE_TAG = "mlws.offline_run_id"
OFFLINE_PREFIX = "offline-"


@dataclass
class Batch:
    """What one log_batch call takes."""

    metrics: list[Metric] = field(default_factory=list)
    params: list[Param] = field(default_factory=list)
    tags: list[RunTag] = field(default_factory=list)
    size: int = 0

    def has_room(self, kind: list[Any], size: int) -> bool:
        """Whether one more entity of that size may be appended to `kind`."""
        count = len(self.metrics) + len(self.params) + len(self.tags)
        limit = MAX_ENTITIES_PER_BATCH if kind is self.metrics else MAX_PARAMS_TAGS_PER_BATCH
        return count < MAX_ENTITIES_PER_BATCH and len(kind) < limit and self.size + size <= _LARGEST_REQUEST


class ServerWriter:
    """Writes to the MLflow store that `inner` returns; `refused` is told what the store refuses for good, and why."""

    def __init__(self, inner: Callable[[], Any], refused: Callable[[list[Operation], str], None]) -> None:
        self._inner = inner
        self._refused = refused
        self._real_ids: dict[str, str] = {}
        # Whether the server is one of ours, which takes operations of many runs in one request.
        self.takes_operations = False

    def real_id(self, run_id: str) -> str:
        """Return the id by which the server knows a run."""
        return self._real_ids.get(run_id, run_id)

    def has_run(self, run_id: str) -> bool:
        """Whether the server knows the run already."""
        return not run_id.startswith(OFFLINE_PREFIX) or run_id in self._real_ids

    def write(self, operations: list[Operation], *, again: bool) -> None:
        """Write them, several runs at a time. Raises StoreAwayError with those of the runs that did not arrive."""
        try:
            self._inner()
        except MlflowException as error:  # of another address than MLflow knows here, or of a package that is missing
            raise StoreAwayError(f"The tracking server can't be used here: {first_line(error)}.") from error
        runs: dict[str, list[Operation]] = defaultdict(list)
        for operation in operations:
            runs[operation[1]].append(operation)
        if self.takes_operations and not any(run_id.startswith(OFFLINE_PREFIX) for run_id in runs):
            self._send(operations)
            return
        outcomes = _for_each(runs, lambda run_id: self._try(run_id, runs[run_id], again=again))
        failed = [(run_id, error) for run_id, error in zip(runs, outcomes, strict=True) if error is not None]
        if failed:
            left = [operation for run_id, _ in failed for operation in runs[run_id]]
            raise StoreAwayError(f"The tracking server can't be written at present: {failed[0][1]}.", left)

    def _send(self, operations: list[Operation]) -> None:
        # If that does not go well, the next attempt is such that any server understands it.
        self.takes_operations = False
        for refused, reason in send(self._inner(), operations):
            self._refused(refused, reason)
        self.takes_operations = True

    def _try(self, run_id: str, operations: list[Operation], *, again: bool) -> str | None:
        """Write the operations of a run; return why they can't be now."""
        try:
            self._write_run(run_id, operations, again=again)
        except MlflowException as error:
            if not is_refusal(error) or _is_unauthorized(error):
                return first_line(error)
            return self._try_parts(run_id, operations, first_line(error))
        except OSError as error:  # those of requests are such
            return first_line(error)
        return None

    def _try_parts(self, run_id: str, operations: list[Operation], reason: str) -> str | None:
        """Write what the server refuses together in parts, so that only those that it refuses are put aside."""
        parts = _parts(operations)
        if len(parts) == 1:
            self._refused(operations, reason)
            return None
        outcomes = [self._try(run_id, part, again=True) for part in parts]
        return next(filter(None, outcomes), None)

    def _write_run(self, run_id: str, operations: list[Operation], *, again: bool) -> None:
        store = self._inner()
        run_id = self._server_run(run_id, operations, again=again)
        if again:
            operations = list(self._missing(store, run_id, operations))
        for batch in batches(operations):
            store.log_batch(run_id, batch.metrics, batch.params, batch.tags)
        if (change := _last_info(operations)) is not None:
            status, end_time, name = change
            store.update_run_info(run_id, status and RunStatus.from_string(status), end_time, name)

    def _server_run(self, run_id: str, operations: list[Operation], *, again: bool) -> str:
        """Return the server's id of a run, which is made there if it was begun here."""
        if run_id in self._real_ids:
            return self._real_ids[run_id]
        create = next((operation for operation in operations if operation[0] == "create"), None)
        if create is None and self.has_run(run_id):
            return run_id
        found = self._find(run_id, create) if again or create is None else None
        self._real_ids[run_id] = found or self._create(run_id, create)
        return self._real_ids[run_id]

    def _create(self, run_id: str, create: Operation | None) -> str:
        if create is None:
            raise MlflowException(f"the run {run_id} was never begun", RESOURCE_DOES_NOT_EXIST)
        _, _, experiment_id, user_id, start_time, name, tags = create
        kept = [RunTag(key, value) for key, value in [*tags, (OFFLINE_TAG, run_id)]]
        with proposed(run_id.removeprefix(OFFLINE_PREFIX)):
            return str(self._inner().create_run(experiment_id, user_id, start_time, kept, name).info.run_id)

    def _find(self, run_id: str, create: Operation | None) -> str | None:
        store = self._inner()
        ids = [create[2]] if create else [one.experiment_id for one in store.search_experiments(max_results=1000)]
        found = store.search_runs(ids, f"tags.`{OFFLINE_TAG}` = '{run_id}'", 1, 1, None, None)
        return str(found[0].info.run_id) if found else None

    @staticmethod
    def _missing(store: Any, run_id: str, operations: Sequence[Operation]) -> Iterator[Operation]:  # noqa: ANN401
        """Without the metrics that the run has already: another server may keep what it gets twice twice."""
        keys = {operation[2] for operation in operations if operation[0] == "metric"}
        known = {
            (key, *storable(metric.value), metric.timestamp, metric.step)
            for key in keys
            for metric in store.get_metric_history(run_id, key)
        }
        for operation in operations:
            if operation[0] == "metric":
                _, _, key, value, timestamp, step, is_nan, *_ = operation
                if (key, value, is_nan, timestamp, step) in known:
                    continue
            yield operation


def _parts(operations: Sequence[Operation]) -> list[list[Operation]]:
    """Each parameter and each model's metrics by themselves, and all that can't be refused for its own sake together.

    A parameter may have got another value from another process, and a model may be gone.
    """
    parts: dict[Operation, list[Operation]] = {(): []}
    for operation in operations:
        kind, *_ = operation
        cause = operation[:3] if kind == "param" else operation[7:8] if kind == "metric" else ()
        parts.setdefault(() if cause == (None,) else cause, []).append(operation)
    return [part for part in parts.values() if part]


def _for_each(runs: Collection[str], write: Callable[[str], str | None]) -> list[str | None]:
    """Write several runs at a time; one after the other when the process ends, as Python starts no threads then."""
    if len(runs) > 1:
        with ThreadPoolExecutor(_PARALLEL) as threads:
            try:
                return list(threads.map(write, runs))
            except RuntimeError:
                pass
    return [write(run_id) for run_id in runs]


def batches(operations: Sequence[Operation]) -> Iterator[Batch]:
    """Give the calls that log the metrics, parameters and tags of a run, each within the limits of the REST API."""
    batch = Batch()
    for kind, entity, size in _entities(operations):
        if not batch.has_room(getattr(batch, kind), size):
            yield batch
            batch = Batch()
        getattr(batch, kind).append(entity)
        batch.size += size
    if batch.size:
        yield batch


def _entities(operations: Sequence[Operation]) -> Iterator[tuple[str, Any, int]]:
    for kind, _, *values in operations:
        if kind == "metric":
            yield "metrics", _metric(values), 300
        elif kind == "param":
            yield "params", Param(*values), _size(values)
    # Of a tag set more than once, only the last value has to arrive.
    for key, value in {values[0]: values[1] for kind, _, *values in operations if kind == "tag"}.items():
        yield "tags", RunTag(key, value), _size([key, value or ""])


def _metric(values: list[Any]) -> Metric:
    key, value, timestamp, step, is_nan, model_id, dataset_name, dataset_digest = values
    number = float("nan") if is_nan else value
    link = {"model_id": model_id, "dataset_name": dataset_name, "dataset_digest": dataset_digest}
    return Metric(key, number, timestamp, step, **link)


def _size(texts: list[str]) -> int:
    return sum(len(text.encode()) for text in texts) + 50


def _last_info(operations: Sequence[Operation]) -> tuple[str | None, int | None, str | None] | None:
    """Combine the changes of a run into the one that leaves it the same."""
    changes = [operation[2:] for operation in operations if operation[0] == "info"]
    if not changes:
        return None
    status, end_time, name = ([value for value in values if value is not None] for values in zip(*changes, strict=True))
    return (status or [None])[-1], (end_time or [None])[-1], (name or [None])[-1]


def is_refusal(error: MlflowException) -> bool:
    """Whether the server answered that it will not, as opposed to not answering."""
    status = error.get_http_status_code()
    transient = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.REQUEST_TIMEOUT)
    return HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR and status not in transient


def _is_unauthorized(error: MlflowException) -> bool:
    """Whether who asks is what the server refuses: a token that has run out, a password that was not given."""
    return error.get_http_status_code() in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
