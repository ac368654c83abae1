"""MLflow's logged models, made here: into the buffer of a database, or for a server that does not know them at all."""

import copy
import uuid
from abc import abstractmethod

from mlflow.entities import (
    LoggedModel,
    LoggedModelOutput,
    LoggedModelParameter,
    LoggedModelStatus,
    LoggedModelTag,
    Metric,
)
from mlflow.utils.name_utils import _generate_random_name
from mlflow.utils.time import get_current_time_millis
from mlflow.utils.validation import _validate_logged_model_name

from workspace_jobs.tracking.buffered_store import BufferedStore
from workspace_jobs.tracking.operations import Operation
from workspace_jobs.tracking.run_state import RunState


class LoggedModels(BufferedStore):
    """The calls of MLflow's store on logged models; those on a model that is not known here are the wrapped store's."""

    _models: dict[str, LoggedModel]

    @abstractmethod
    def _model_location(self, experiment_id: str, model_id: str, name: str, source_run_id: str | None) -> str | None:
        """Return where a new model is to have its files; None where only the wrapped store can say."""

    @abstractmethod
    def _record(self, operations: list[Operation]) -> None:
        """Keep what happened to models."""

    def create_logged_model(  # noqa: PLR0913, PLR0917 - MLflow's
        self,
        experiment_id: str,
        name: str | None = None,
        source_run_id: str | None = None,
        tags: list[LoggedModelTag] | None = None,
        params: list[LoggedModelParameter] | None = None,
        model_type: str | None = None,
    ) -> LoggedModel:
        """Create a model, pending."""
        _validate_logged_model_name(name)
        model_id = f"m-{uuid.uuid4().hex}"
        called = name or _generate_random_name()
        with self._buffer.lock:
            location = self._model_location(experiment_id, model_id, called, source_run_id)
            if location is not None:
                now = get_current_time_millis()
                self._record(
                    [
                        ("model", model_id, experiment_id, called, location, now, model_type, source_run_id),
                        *(("model_param", model_id, experiment_id, one.key, one.value) for one in params or []),
                        *(("model_tag", model_id, experiment_id, one.key, one.value) for one in tags or []),
                    ]
                )
                model = LoggedModel(
                    experiment_id=str(experiment_id),
                    model_id=model_id,
                    name=called,
                    artifact_location=location,
                    creation_timestamp=now,
                    last_updated_timestamp=now,
                    model_type=model_type,
                    source_run_id=source_run_id,
                    status=LoggedModelStatus.PENDING,
                    tags=list(tags or []),
                    params=list(params or []),
                )
                self._models[model_id] = model
                return _copy(model)
        made: LoggedModel = self._plain(
            "create_logged_model", experiment_id, name, source_run_id, tags, params, model_type
        )
        return made

    def log_logged_model_params(self, model_id: str, params: list[LoggedModelParameter]) -> None:
        """Log parameters of a model."""
        with self._buffer.lock:
            model = self._models.get(model_id)
            if model is not None and not any(one.key in model.params for one in params):
                self._record([("model_param", model_id, model.experiment_id, one.key, one.value) for one in params])
                model.params.update((one.key, one.value) for one in params)
                return
        self._plain("log_logged_model_params", model_id, params)

    def set_logged_model_tags(self, model_id: str, tags: list[LoggedModelTag]) -> None:
        """Set tags of a model."""
        with self._buffer.lock:
            if (model := self._models.get(model_id)) is not None:
                self._record([("model_tag", model_id, model.experiment_id, one.key, one.value) for one in tags])
                model.tags.update((one.key, one.value) for one in tags)
                return
        self._plain("set_logged_model_tags", model_id, tags)

    def finalize_logged_model(self, model_id: str, status: LoggedModelStatus) -> LoggedModel:
        """Say that a model is ready, or has failed."""
        with self._buffer.lock:
            if (model := self._models.get(model_id)) is not None:
                now = get_current_time_millis()
                self._record([("model_status", model_id, status.to_int(), now)])
                model.status, model.last_updated_timestamp = status, now
                return _copy(model)
        ready: LoggedModel = self._plain("finalize_logged_model", model_id, status)
        return ready

    def get_logged_model(self, model_id: str, allow_deleted: bool = False) -> LoggedModel:  # noqa: FBT001, FBT002 - MLflow's
        """Return a model."""
        with self._buffer.lock:
            if (model := self._models.get(model_id)) is not None:
                return _copy(model)
        found: LoggedModel = self._plain("get_logged_model", model_id, allow_deleted)
        return found

    def log_outputs(self, run_id: str, models: list[LoggedModelOutput]) -> None:
        """Say which models a run has made."""
        with self._buffer.lock:
            state = self._writable(run_id)
            if state is not None and all(one.model_id in self._models for one in models):
                made = [("output", run_id, one.model_id, one.step, uuid.uuid4().hex) for one in models]
                self._record(made)
                for operation in made:
                    state.apply(operation)
                return
        self._plain("log_outputs", run_id, models)

    def _knows_models(self, metrics: list[Operation]) -> bool:
        return {operation[7] for operation in metrics} - {None} <= self._models.keys()

    def _take_for(self, state: RunState, operations: list[Operation]) -> None:
        super()._take_for(state, operations)
        for operation in operations:
            if operation[0] == "metric" and (model := self._models.get(operation[7])) is not None:
                _add_metric(model, operation)


def _add_metric(model: LoggedModel, operation: Operation) -> None:
    """Of a model's metric the first value with a step and time counts, as in MLflow's table."""
    _, run_id, key, value, timestamp, step, _, model_id, dataset_name, dataset_digest = operation
    known = model.metrics or []
    if not any((one.key, one.timestamp, one.step, one.run_id) == (key, timestamp, step, run_id) for one in known):
        metric = Metric(key, value, timestamp, step, model_id, dataset_name, dataset_digest, run_id)
        model._metrics = [*known, metric]  # noqa: SLF001 - mypy does not see its setter


def _copy(model: LoggedModel) -> LoggedModel:
    """What the caller gets is not changed by later calls, and changes nothing here."""
    return copy.deepcopy(model)
