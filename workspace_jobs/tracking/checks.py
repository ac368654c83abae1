"""Logging calls as operations, checked as MLflow's own store checks them. All functions raise MlflowException."""

from collections.abc import Sequence
from numbers import Integral

from mlflow.entities import Metric, Param, RunTag
from mlflow.utils.mlflow_tags import _get_run_name_from_tags
from mlflow.utils.validation import (
    _validate_batch_log_data,
    _validate_batch_log_limits,
    _validate_metric,
    _validate_param,
    _validate_param_keys_unique,
    _validate_run_id,
    _validate_tag,
)

from workspace_jobs.tracking.operations import Operation, storable

_INTEGERS = range(-(2**63), 2**63)
_PLAIN = (str, type(None))


class NotBufferedError(Exception):
    """A call that is left to MLflow's own store: it refuses it, or keeps it in a way of its own."""


def is_creatable(tags: Sequence[RunTag] | None, run_name: str | None) -> bool:
    """Whether a run may have these tags and this name; what is wrong with them, MLflow's own store says best."""
    named = _get_run_name_from_tags(tags or [])
    return not (run_name and named and run_name != named) and all(map(_is_text, tags or []))


def param(run_id: str, entity: Param) -> Operation:
    """Return the operation of log_param."""
    checked = _validate_param(entity.key, entity.value)
    if checked.value is None:
        raise NotBufferedError
    return ("param", run_id, checked.key, checked.value)


def tag(run_id: str, entity: RunTag) -> Operation:
    """Return the operation of set_tag."""
    checked = _validate_tag(entity.key, entity.value)
    if not isinstance(checked.value, _PLAIN):
        raise NotBufferedError
    return ("tag", run_id, checked.key, checked.value)


def metric(run_id: str, entity: Metric) -> Operation:
    """Return the operation of log_metric."""
    _validate_metric(entity.key, entity.value, entity.timestamp, entity.step)
    return _metric(run_id, entity)


def batch(
    run_id: str, metrics: Sequence[Metric], params: Sequence[Param], tags: Sequence[RunTag]
) -> tuple[list[Operation], list[Operation], list[Operation]]:
    """Return the operations of log_batch: of metrics, parameters and tags."""
    _validate_run_id(run_id)
    metrics, params, tags = _validate_batch_log_data(metrics, params, tags)
    _validate_batch_log_limits(metrics, params, tags)
    _validate_param_keys_unique(params)
    return (
        [_metric(run_id, entity) for entity in metrics],
        [param(run_id, entity) for entity in params],
        [tag(run_id, entity) for entity in tags],
    )


def _metric(run_id: str, entity: Metric) -> Operation:
    value, is_nan = storable(entity.value)
    timestamp, step = _integer(entity.timestamp), _integer(entity.step)
    link = (entity.model_id, entity.dataset_name, entity.dataset_digest)
    return ("metric", run_id, entity.key, value, timestamp, step, is_nan, *link)


def _integer(number: object) -> int:
    if not isinstance(number, Integral) or int(number) not in _INTEGERS:
        raise NotBufferedError
    return int(number)


def _is_text(entity: RunTag) -> bool:
    return isinstance(entity.key, str) and isinstance(entity.value, str)
