"""A run in MLflow: a run for it, a child run for each trial as it ends, the model, and its registration if asked for.

It is written by a thread of its own, which also pays for MLflow's import, so that no trial waits for it. What can't be
written is said and harms nothing: the run's folder has it all.
"""

import math
import os
import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workspace_jobs.automl.azure_metrics import as_azure_has_it
from workspace_jobs.automl.run_folder import Definition, Outcome, RunFolder, data_name
from workspace_jobs.automl.trial import Status, Trial
from workspace_jobs.tracking.location import tracking_uri

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import Metric

# What Azure AutoML's own parent run says, and scripts look for.
_BEST_CHILD = "automl_best_child_run_id"
_ENGINE = "mlws.engine"
_MODEL = "model"
_LONGEST_PARAM = 500
_STATUS: Mapping[Status, str] = {"finished": "FINISHED", "pruned": "KILLED", "failed": "FAILED", "timeout": "FAILED"}


@dataclass(frozen=True)
class Tracking:
    """Where a run is logged: all None for MLflow's usual place and an experiment of the data's name.

    Of a job's run (MLFLOW_RUN_ID), the job keeps parameters and model, unless this one `is_whole`.
    """

    uri: str | None = None
    experiment: str | None = None
    register_as: str | None = None
    is_whole: bool = False


class RunLog:
    """Writes one run. `add` each trial, then `finish`, which waits until everything is written."""

    def __init__(self, tracking: Tracking, definition: Definition, earlier: Sequence[Trial], engine: str) -> None:
        self._engine = engine
        self._tracking = tracking
        self._definition = definition
        self._trials: queue.Queue[Trial | None] = queue.Queue()
        # Run ids by the number of the trial.
        self.children: dict[int, str] = {}
        self._client: MlflowClient | None = None
        self.run_id: str | None = None
        self.error: str | None = None
        for trial in earlier:
            self.add(trial)
        self._thread = threading.Thread(target=self._write, daemon=True)
        self._thread.start()

    def add(self, trial: Trial) -> None:
        """Log a trial that ended, soon."""
        self._trials.put(trial)

    def finish(self, folder: RunFolder, outcome: Outcome, seconds_left: float) -> None:
        """Log how the run ended, with its model. A server that never answered is waited for no longer than that."""
        self._end_thread(seconds_left)
        if self._client is None or self.run_id is None or self.error is not None:
            return
        try:
            self._log_outcome(self._client, self.run_id, folder, outcome)
        except Exception as error:
            self.error = _sentence(error)

    def abandon(self) -> None:
        """Log that the run came to nothing."""
        self._end_thread(0.0)
        if self._client is not None and self.run_id is not None and self._is_own():
            self._client.set_terminated(self.run_id, "FAILED")

    def _end_thread(self, seconds_left: float) -> None:
        self._trials.put(None)
        # What is begun is worth waiting for; MLflow goes on asking a server that is not there for half a minute.
        is_begun = self.run_id is not None
        self._thread.join(None if is_begun or math.isinf(seconds_left) else max(0.0, seconds_left))
        if self._thread.is_alive():
            self.error = "no answer from the tracking server in the time of the run"

    def _write(self) -> None:
        try:
            client = self._begin()
            while (trial := self._trials.get()) is not None:
                self.children[trial.number] = self._add_child(client, trial)
        except Exception as error:
            self.error = _sentence(error)

    def _begin(self) -> "MlflowClient":
        from mlflow import MlflowClient

        from workspace_jobs.tracking.activation import enable

        enable()
        self._client = client = MlflowClient(tracking_uri=tracking_uri(self._tracking.uri))
        given = os.environ.get("MLFLOW_RUN_ID")
        if given:
            # A job has a run already.
            self.run_id, self._experiment_id = given, client.get_run(given).info.experiment_id
        else:
            self._experiment_id = _experiment(client, self._tracking.experiment or _name_of(self._definition))
            self.run_id = client.create_run(self._experiment_id, run_name=_name_of(self._definition)).info.run_id
        known = self._definition
        params = {"problem": known.problem, "metric": known.metric, "target": known.target, "seed": known.seed}
        params |= {"data": known.data, "digest": known.digest, "rows": known.rows, "validation": known.validation}
        _log(client, self.run_id, {}, params if self._is_whole() else {}, {_ENGINE: self._engine})
        return client

    def _is_own(self) -> bool:
        return not os.environ.get("MLFLOW_RUN_ID")

    def _is_whole(self) -> bool:
        return self._tracking.is_whole or self._is_own()

    def _add_child(self, client: "MlflowClient", trial: Trial) -> str:
        tags = {"mlflow.parentRunId": str(self.run_id), _ENGINE: self._engine}
        if trial.error is not None:
            tags["mlws.reason" if trial.status == "pruned" else "mlws.error"] = trial.error
        name, started = f"{trial.number}-{trial.name}", int(trial.started * 1000)
        child = client.create_run(self._experiment_id, start_time=started, run_name=name)
        run_id = str(child.info.run_id)
        params = {"algorithm": trial.algorithm, "estimator": trial.estimator, **trial.parameters}
        params |= {"scaling": trial.scaling, "encoding": trial.encoding, "calibration": trial.calibration}
        # A mean of some folds beside means of all would look like one.
        whole = {} if trial.status == "pruned" else trial.scores
        metrics = {name: [as_azure_has_it(name, trial.score(name))] for name in whole}
        metrics |= {
            f"{name}_fold": [as_azure_has_it(name, value) for value in values] for name, values in trial.scores.items()
        }
        metrics |= {"fit_seconds": [trial.fit_seconds], "predict_seconds": [trial.predict_seconds]}
        metrics |= {"size_bytes": [float(trial.size_bytes)]}
        if trial.train_score is not None:
            metrics[f"train_{self._definition.metric}"] = [trial.train_score]
        _log(client, run_id, metrics, params, tags)
        client.set_terminated(run_id, _STATUS[trial.status], end_time=int(trial.ended * 1000))
        return run_id

    def _log_outcome(self, client: "MlflowClient", run_id: str, folder: RunFolder, outcome: Outcome) -> None:
        metrics = {name: [as_azure_has_it(name, outcome.score(name))] for name in outcome.scores}
        metrics |= {f"test_{name}": [as_azure_has_it(name, value)] for name, value in outcome.test_scores.items()}
        best = self.children.get(outcome.members[0].number, "")
        _log(client, run_id, metrics, {}, {_BEST_CHILD: best, "mlws.reason": outcome.reason})
        if self._is_whole():
            client.log_artifacts(run_id, str(folder.model), _MODEL)
        if self._is_own():
            client.set_terminated(run_id)
        if self._tracking.register_as is not None:
            self._register(client, run_id, self._tracking.register_as)

    def _register(self, client: "MlflowClient", run_id: str, name: str) -> None:
        from mlflow.exceptions import MlflowException

        try:
            client.get_registered_model(name)
        except MlflowException:
            client.create_registered_model(name)
        source = f"{client.get_run(run_id).info.artifact_uri}/{_MODEL}"
        client.create_model_version(name, source, run_id)


def with_client(tracking: Tracking, log: "Callable[[MlflowClient], None]") -> str | None:
    """Have `log` add to runs that have ended; what went wrong, in a sentence, None for nothing."""
    from mlflow import MlflowClient

    try:
        log(MlflowClient(tracking_uri=tracking_uri(tracking.uri)))
    except Exception as error:
        return _sentence(error)
    return None


def _experiment(client: "MlflowClient", name: str) -> str:
    found = client.get_experiment_by_name(name)
    return str(found.experiment_id) if found is not None else str(client.create_experiment(name))


def _name_of(definition: Definition) -> str:
    return f"{data_name(definition.data)}-{definition.target}"


def _log(
    client: "MlflowClient",
    run_id: str,
    metrics: Mapping[str, Sequence[float]],
    params: Mapping[str, Any],
    tags: Mapping[str, str],
) -> None:
    from mlflow.entities import Param, RunTag

    client.log_batch(
        run_id,
        [entry for name, values in metrics.items() for entry in _steps(name, values)],
        [Param(name, str(value)[:_LONGEST_PARAM]) for name, value in params.items()],  # type: ignore[no-untyped-call]
        [RunTag(name, value) for name, value in tags.items()],  # type: ignore[no-untyped-call]  # MLflow's
    )


def _steps(name: str, values: Sequence[float]) -> "list[Metric]":
    from mlflow.entities import Metric

    now = int(time.time() * 1000)
    # NaN means that a metric has no value there, which MLflow has no way to say.
    return [Metric(name, value, now, step) for step, value in enumerate(values) if value == value]  # noqa: PLR0124


def _sentence(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
