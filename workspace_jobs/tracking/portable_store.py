"""A server's buffered store, with `log_model` on servers that do not know MLflow's logged models, as Azure ML's.

There the model is logged in the portable way: its files are artifacts of the run, below the model's name, and the rest
of what MLflow asks of a logged model is answered here. A call takes most of a second on Azure ML, so such a server is
not asked for a run that this process logs: what is known of it here is all there is.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from mlflow.entities import LoggedModel, Run
from mlflow.exceptions import MlflowException

from workspace_jobs.tracking import checks
from workspace_jobs.tracking.logged_models import LoggedModels
from workspace_jobs.tracking.operations import Operation
from workspace_jobs.tracking.run_state import RunState
from workspace_jobs.tracking.server_store import ServerStore


class PortableStore(LoggedModels, ServerStore):
    """The store of a server; that of Azure ML never knows logged models, another one says so when first asked."""

    def __init__(self, uri: str, build: Callable[[], Any]) -> None:
        self._models: dict[str, LoggedModel] = {}
        self._portable = uri.startswith("azureml:")
        super().__init__(uri, build)

    def create_logged_model(self, *arguments: Any, **options: Any) -> LoggedModel:  # noqa: ANN401 - as in LoggedModels
        """Create a model, pending."""
        try:
            return super().create_logged_model(*arguments, **options)
        except MlflowException as error:
            if self._portable or error.get_http_status_code() != HTTPStatus.NOT_FOUND:
                raise
            self._portable = True
        return super().create_logged_model(*arguments, **options)

    def _remember(self, run: Run) -> RunState:
        state = super()._remember(run)
        state.complete = self._portable
        state.tags.update(run.data.tags)
        for metric in run.data._metric_objs:  # noqa: SLF001 - the dictionary of values has no times
            state.apply(checks.metric(run.info.run_id, metric))
        return state

    def _complete(self, run_id: str) -> RunState | None:
        state = self._states.get(run_id)
        return state if self._portable and state is not None and state.complete else None

    def _model_location(self, experiment_id: str, model_id: str, name: str, source_run_id: str | None) -> str | None:
        state = self._state(source_run_id) if self._portable and source_run_id else None
        return f"{state.artifact_uri.rstrip('/')}/{name}" if state is not None and state.artifact_uri else None

    def _record(self, operations: list[Operation]) -> None:
        """There is nothing to record them in."""

    def _knows_models(self, metrics: list[Operation]) -> bool:
        """A server that does not know a model says so when it gets the metric."""
        return True

    def _take_for(self, state: RunState, operations: list[Operation]) -> None:
        """Where there are no models, metrics are the run's, and what `log_model` repeats for its model is left out."""
        if self._portable:
            operations = [_of_the_run(operation) for operation in operations if not _is_known(state, operation)]
        super()._take_for(state, operations)


def _is_known(state: RunState, operation: Operation) -> bool:
    return operation[0] == "metric" and operation[2:7] in state.metrics[operation[2]]


def _of_the_run(operation: Operation) -> Operation:
    return (*operation[:7], None, None, None) if operation[0] == "metric" else operation
