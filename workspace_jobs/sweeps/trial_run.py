"""The MLflow run of a trial whose code logs by itself: made by the code, and told here which trial it is."""

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from workspace_jobs.sweeps.messages import FAILED, FINISHED, KILLED, Ending
from workspace_jobs.sweeps.space import Parameters
from workspace_jobs.sweeps.values import text_of_value

if TYPE_CHECKING:
    from mlflow.entities import Run

PARENT_TAG, TRIAL_TAG = "mlflow.parentRunId", "mlws.sweep.trial"
# Where a run says why it failed, and why it was ended early.
REASON_TAGS = {FAILED: "mlws.error", KILLED: "mlws.sweep.ended_early"}


@dataclass
class CurrentTrial:
    """Which trial this process runs, whether a run of it was made, and the id of that run as far as it is known."""

    parent: str
    number: int = -1
    has_run: bool = False
    run_id: str = ""

    def begin(self, number: int) -> None:
        """Turn to another trial."""
        self.number, self.has_run, self.run_id = number, False, ""

    def owns(self, run_id: str) -> bool:
        """Whether a run is the trial's own, as far as the store answers, and none that its code has made besides."""
        import mlflow

        with suppress(mlflow.MlflowException):
            if run_id != self.run_id and mlflow.get_run(run_id).data.tags.get(TRIAL_TAG) == str(self.number):
                self.run_id = run_id
        return run_id == self.run_id

    def tags(self) -> dict[str, str]:
        """The tags that make a run the child of a sweep."""
        return {PARENT_TAG: self.parent, TRIAL_TAG: str(self.number)}


def watch_runs(current: CurrentTrial) -> None:
    """From now on the first run that a trial starts carries the trial's tags."""
    from mlflow.tracking.context import registry
    from mlflow.tracking.context.abstract_context import RunContextProvider

    class TrialContext(RunContextProvider):
        """MLflow asks it for tags whenever a run is made."""

        trial: ClassVar[CurrentTrial] = current

        def in_context(self) -> bool:
            return self.trial.number >= 0 and not self.trial.has_run

        def tags(self) -> dict[str, str]:
            self.trial.has_run = True
            return self.trial.tags()

    registry._run_context_provider_registry.register(TrialContext)  # noqa: SLF001 - where plugins register too


def completed_run(current: CurrentTrial, parameters: Parameters, metrics: Mapping[str, float], ending: Ending) -> "Run":
    """End the run that the code made, with the parameters and metrics that the code did not log itself."""
    import mlflow

    from workspace_jobs.training.launch.recording import log_missing_parameters

    while mlflow.active_run() is not None:
        mlflow.end_run(ending.status)
    client = mlflow.MlflowClient()
    run_id = _run_id(current)
    for name, value in metrics.items():
        client.log_metric(run_id, name, value)
    # The last, for by these a resumed sweep tells that the rest is there.
    log_missing_parameters(run_id, {name: text_of_value(value) for name, value in parameters.items()}, client)
    if ending.status != FINISHED:
        client.set_tag(run_id, REASON_TAGS[ending.status], ending.reason)
        client.set_terminated(run_id, ending.status)
    return client.get_run(run_id)


def uses_mlflow() -> bool:
    """Whether the code of this process has imported MLflow."""
    return "mlflow" in sys.modules


def _run_id(current: CurrentTrial) -> str:
    """The first run of the trial: the last one, unless the code has made several."""
    import mlflow

    last = mlflow.last_active_run()
    if last is not None and last.data.tags.get(TRIAL_TAG) == str(current.number):
        return str(last.info.run_id)
    filters = f"tags.`{TRIAL_TAG}` = '{current.number}' and tags.`{PARENT_TAG}` = '{current.parent}'"
    (found, *_) = mlflow.MlflowClient().search_runs([os.environ["MLFLOW_EXPERIMENT_ID"]], filters)
    return str(found.info.run_id)
