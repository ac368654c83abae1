"""The trials as MLflow runs, nested in the job's run, in as few requests as there can be."""

import os
import time
from collections.abc import Mapping
from typing import Self

from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag

from localazure.automl import ENGINE
from localazure.automl.trials import Trial

# What Azure AutoML's own parent run says, and scripts look for.
_BEST_CHILD = "automl_best_child_run_id"


class JobRun:
    """The run of the AutoML job, which exists already."""

    def __init__(self, client: MlflowClient, run_id: str, experiment_id: str) -> None:
        self._client = client
        self._run_id = run_id
        self._experiment_id = experiment_id

    @classmethod
    def of_environment(cls) -> Self | None:
        """The run that MLFLOW_TRACKING_URI and MLFLOW_RUN_ID name, None where they name none."""
        uri, run_id = os.environ.get("MLFLOW_TRACKING_URI"), os.environ.get("MLFLOW_RUN_ID")
        if not uri or not run_id:
            return None
        client = MlflowClient(tracking_uri=uri)
        return cls(client, run_id, client.get_run(run_id).info.experiment_id)

    def add_trial(self, number: int, trial: Trial) -> str:
        """Make a child run of a finished trial, and return its id."""
        tags = {"mlflow.parentRunId": self._run_id, "localazure.engine": ENGINE}
        ended = _now()
        name = f"{number}-{trial.candidate.algorithm}"
        child = self._client.create_run(
            self._experiment_id, start_time=ended - int(trial.seconds * 1000), tags=tags, run_name=name
        )
        run_id = str(child.info.run_id)
        params = {"algorithm": trial.candidate.algorithm, "estimator": trial.candidate.estimator}
        params |= {key: str(value) for key, value in trial.candidate.parameters.items()}
        error = {"localazure.error": trial.error} if trial.error else {}
        self._client.log_batch(run_id, _metrics(trial.metrics), _params(params), _tags(error))
        self._client.set_terminated(run_id, "FAILED" if trial.error else "FINISHED", end_time=ended)
        return run_id

    def add_best(self, child_run_id: str, metrics: Mapping[str, float]) -> None:
        """Give the job's run the best trial's metrics, and its id."""
        tags = {_BEST_CHILD: child_run_id, "localazure.engine": ENGINE}
        self._client.log_batch(self._run_id, _metrics(metrics), tags=_tags(tags))


def _metrics(values: Mapping[str, float]) -> list[Metric]:
    now = _now()
    # NaN means that a metric has no value, which MLflow has no way to say.
    return [Metric(name, value, now, 0) for name, value in values.items() if value == value]  # noqa: PLR0124


def _params(values: Mapping[str, str]) -> list[Param]:
    return [Param(name, value) for name, value in values.items()]  # type: ignore[no-untyped-call]  # mlflow's


def _tags(values: Mapping[str, str]) -> list[RunTag]:
    return [RunTag(name, value) for name, value in values.items()]  # type: ignore[no-untyped-call]  # mlflow's


def _now() -> int:
    return int(time.time() * 1000)
