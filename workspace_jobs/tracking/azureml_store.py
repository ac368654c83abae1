"""The buffered store of an Azure ML workspace, whose tracking server does not know MLflow's logged models.

`log_model` works all the same, in the portable way: the model's files are artifacts of the run, below the model's name,
and the rest of what MLflow asks of a logged model is answered here. A call takes most of a second there, so a run that
is logged by this process is not asked for: what is known of it here is all there is.
"""

from collections.abc import Callable
from typing import Any

from mlflow.entities import LoggedModel, Run

from workspace_jobs.tracking import checks
from workspace_jobs.tracking.logged_models import LoggedModels
from workspace_jobs.tracking.operations import Operation
from workspace_jobs.tracking.run_state import RunState
from workspace_jobs.tracking.server_store import ServerStore


class AzureMLStore(LoggedModels, ServerStore):
    """The store of a workspace's `azureml:` address."""

    def __init__(self, uri: str, build: Callable[[], Any]) -> None:
        super().__init__(uri, build)
        self._models: dict[str, LoggedModel] = {}

    def _remember(self, run: Run) -> RunState:
        state = super()._remember(run)
        state.complete = True
        state.tags.update(run.data.tags)
        for metric in run.data._metric_objs:  # noqa: SLF001 - the dictionary of values has no times
            state.apply(checks.metric(run.info.run_id, metric))
        return state

    def _complete(self, run_id: str) -> RunState | None:
        state = self._states.get(run_id)
        return state if state is not None and state.complete else None

    def _model_location(self, experiment_id: str, model_id: str, name: str, source_run_id: str | None) -> str | None:
        state = self._state(source_run_id) if source_run_id else None
        return f"{state.artifact_uri.rstrip('/')}/{name}" if state is not None and state.artifact_uri else None

    def _record(self, operations: list[Operation]) -> None:
        """There is nothing to record them in."""

    def _take_for(self, state: RunState, operations: list[Operation]) -> None:
        """Metrics are the run's: those that `log_model` repeats for the model are left out."""
        kept = []
        for operation in operations:
            if operation[0] != "metric":
                kept.append(operation)
            elif operation[2:7] not in state.metrics[operation[2]]:
                kept.append((*operation[:7], None, None, None))
        super()._take_for(state, kept)
