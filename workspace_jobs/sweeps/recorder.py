"""The runs of a sweep in MLflow: one parent, a child for each trial. They alone say what is done."""

import tempfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workspace_jobs.errors import JobsError
from workspace_jobs.sweeps.definition import SweepDefinition
from workspace_jobs.sweeps.messages import FAILED, FINISHED, KILLED, Result
from workspace_jobs.sweeps.trial_run import PARENT_TAG, REASON_TAGS, TRIAL_TAG
from workspace_jobs.sweeps.values import text_of_value
from workspace_jobs.training.launch.execution import enable_fast_stores
from workspace_jobs.training.launch.provenance import write_provenance
from workspace_jobs.training.launch.recording import BATCH, experiment_id_of, params_of, tags_of
from workspace_jobs.training.launch.spec import LaunchSpec, parameter_name

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import Run

DEFINITION_FILE = "sweep.json"
SWEEP_TAG, BEST_TAG = "mlws.sweep", "mlws.sweep.best_run"
# What MLflow's interface shows of every run, and what is the same for all trials.
_ALIKE = ("mlflow.user", "mlflow.source.name", "mlflow.source.type")
_PAGE = 1000


@dataclass(frozen=True)
class PastTrial:
    """A trial of an interrupted sweep that had ended."""

    number: int
    run_id: str
    status: str
    params: Mapping[str, str]
    metrics: Mapping[str, float]


class Recorder:
    """Writes the runs of one sweep."""

    def __init__(self, client: "MlflowClient", run: "Run") -> None:
        self._client = client
        self._tags = {name: run.data.tags[name] for name in _ALIKE if name in run.data.tags}
        self.tracking_uri = str(client.tracking_uri)
        self.experiment_id = str(run.info.experiment_id)
        self.parent = str(run.info.run_id)

    @classmethod
    def begin(cls, definition: SweepDefinition, spec: LaunchSpec, tracking_uri: str) -> "Recorder":
        """Create the parent run, with the definition and what the code consists of as its artifacts."""
        client = _client(tracking_uri)
        experiment_id = experiment_id_of(spec.experiment, client)
        tags = {**tags_of(spec, is_remote=False), SWEEP_TAG: definition.sampler}
        run = client.create_run(experiment_id, tags=tags, run_name=spec.run_name or f"sweep of {definition.target}")
        with tempfile.TemporaryDirectory(prefix="mlws-sweep-") as scratch:
            Path(scratch, DEFINITION_FILE).write_text(definition.to_json(), encoding="utf-8")
            write_provenance(spec, Path(scratch))
            client.log_artifacts(run.info.run_id, scratch)
        return cls(client, run)

    @classmethod
    def resume(cls, parent: str, tracking_uri: str) -> "tuple[Recorder, SweepDefinition]":
        """Go on with a sweep. Raises JobsError where the run is none, or has come to its end."""
        client = _client(tracking_uri)
        run = _sweep_run(parent, client, tracking_uri)
        if run.info.status == "FINISHED":
            raise JobsError(f"sweep {parent} is finished: start another")
        with tempfile.TemporaryDirectory(prefix="mlws-sweep-") as scratch:
            text = Path(client.download_artifacts(parent, DEFINITION_FILE, scratch)).read_text(encoding="utf-8")
        client.update_run(parent, status="RUNNING")
        return cls(client, run), SweepDefinition.from_json(text)

    def past_trials(self, parameters: Collection[str]) -> list[PastTrial]:
        """The trials of so named parameters that have ended. Runs of those that had not are deleted, to be repeated."""
        past: dict[int, PastTrial] = {}
        for run in self._children():
            number = int(run.data.tags.get(TRIAL_TAG, "-1"))
            if number < 0:
                continue
            if number in past or not _has_ended(run, parameters):
                self._client.delete_run(run.info.run_id)
                continue
            past[number] = PastTrial(number, run.info.run_id, _status(run), run.data.params, run.data.metrics)
        return sorted(past.values(), key=lambda trial: trial.number)

    def history(self, run_id: str, metric: str) -> list[float]:
        """The values of a trial's metric, in the order they were logged."""
        found = self._client.get_metric_history(run_id, metric)
        return [one.value for one in sorted(found, key=lambda one: (one.timestamp, one.step))]

    def record(self, result: Result) -> str:
        """Write a trial whose code has made no run itself; return the id of the trial's run."""
        run_id = result.run_id or self._create(result)
        if not result.run_id:
            self._client.set_terminated(run_id, result.ending.status, end_time=result.ended)
        if result.output:
            self._client.log_text(run_id, result.output, "logs/output.txt")
        return run_id

    def record_lost(self, result: Result) -> str:
        """Write a trial whose process is gone; where its code had made a run, that is the one."""
        started = next(
            (run for run in self._children(f"tags.`{TRIAL_TAG}` = '{result.number}'") if run.info.status == "RUNNING"),
            None,
        )
        if started is None:
            return self.record(result)
        run_id = str(started.info.run_id)
        self._client.set_tag(run_id, REASON_TAGS[result.ending.status], result.ending.reason)
        self._client.set_terminated(run_id, result.ending.status, end_time=result.ended)
        return run_id

    def end(self, status: str, metrics: Mapping[str, float], best_run: str) -> None:
        """Say how the sweep ended, and which trial was the best."""
        for name, value in metrics.items():
            self._client.log_metric(self.parent, f"best_{name}", value)
        if best_run:
            self._client.set_tag(self.parent, BEST_TAG, best_run)
        self._client.set_terminated(self.parent, status)

    def _create(self, result: Result) -> str:
        from mlflow.entities import Metric

        tags = {**self._tags, PARENT_TAG: self.parent, TRIAL_TAG: str(result.number)}
        if result.ending.status != FINISHED:
            tags[REASON_TAGS[result.ending.status]] = result.ending.reason
        run = self._client.create_run(
            self.experiment_id, start_time=result.started, tags=tags, run_name=f"trial {result.number}"
        )
        run_id = str(run.info.run_id)
        params = params_of({name: text_of_value(value) for name, value in result.parameters.items()})
        metrics = [Metric(name, value, result.ended, 0) for name, value in result.metrics.items()]
        self._client.log_batch(run_id, metrics, params[:BATCH])
        for start in range(BATCH, len(params), BATCH):
            self._client.log_batch(run_id, params=params[start : start + BATCH])
        return run_id

    def _children(self, also: str = "") -> "Iterator[Run]":
        filters = f"tags.`{PARENT_TAG}` = '{self.parent}'" + (f" and {also}" if also else "")
        token: str | None = None
        while True:
            page = self._client.search_runs([self.experiment_id], filters, max_results=_PAGE, page_token=token)
            yield from page
            token = page.token
            if not token:
                return


def _has_ended(run: "Run", parameters: Collection[str]) -> bool:
    """Whether a trial has ended; code may end its run before all that it did not log itself is there."""
    if run.info.status == FINISHED:
        return all(parameter_name(name) in run.data.params for name in parameters)
    return run.info.status not in ("RUNNING", "SCHEDULED")


def _status(run: "Run") -> str:
    """What counts of how a trial's run ended: only a sweep ends one early, whatever the code has said of it."""
    if run.info.status == KILLED and REASON_TAGS[KILLED] not in run.data.tags:
        return FAILED
    return str(run.info.status)


def _client(tracking_uri: str) -> "MlflowClient":
    import mlflow

    enable_fast_stores()
    mlflow.set_tracking_uri(tracking_uri)
    return mlflow.MlflowClient()


def _sweep_run(parent: str, client: "MlflowClient", tracking_uri: str) -> "Run":
    from mlflow.exceptions import MlflowException

    try:
        run = client.get_run(parent)
    except MlflowException:
        raise JobsError(
            f"--resume {parent}: {tracking_uri} has no such run: write the id that the sweep told, and its store as "
            "--tracking-uri"
        ) from None
    if SWEEP_TAG not in run.data.tags:
        raise JobsError(f"--resume {parent}: that run is no sweep: write the id of one")
    return run
