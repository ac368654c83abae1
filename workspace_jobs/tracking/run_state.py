"""A run as it is once all that is pending has been written: what calls are checked against, and answered from."""

from collections import defaultdict
from dataclasses import dataclass, field

from mlflow.entities import (
    LifecycleStage,
    LoggedModelOutput,
    Metric,
    Param,
    Run,
    RunData,
    RunInfo,
    RunInputs,
    RunOutputs,
    RunTag,
)

from workspace_jobs.tracking.operations import Operation


@dataclass
class RunState:
    """A run; `complete` if nobody but this process can have written to it, so that all of it is known here."""

    run_id: str
    name: str
    user_id: str
    status: str
    start_time: int
    end_time: int | None
    lifecycle_stage: str
    artifact_uri: str
    experiment_id: str
    parameters: dict[str, str] = field(default_factory=dict)
    complete: bool = False
    tags: dict[str, str] = field(default_factory=dict)
    metrics: dict[str, dict[Operation, None]] = field(default_factory=lambda: defaultdict(dict))
    outputs: list[LoggedModelOutput] = field(default_factory=list)

    @property
    def active(self) -> bool:
        """Whether it may be written; a deleted run may not."""
        return self.lifecycle_stage == LifecycleStage.ACTIVE

    def apply(self, operation: Operation) -> None:
        """Take what was logged; of a run that is not complete only what later calls depend on."""
        kind, _, *values = operation
        if kind == "param":
            self.parameters[values[0]] = values[1]
        elif kind == "info":
            self._change(*values)
        elif not self.complete:
            return
        elif kind == "tag":
            self.tags[values[0]] = values[1]
        elif kind == "metric":
            self.metrics[values[0]].setdefault(tuple(values[:5]))
        elif kind == "output":
            self.outputs.append(LoggedModelOutput(values[0], values[1]))

    def _change(self, status: str | None, end_time: int | None, name: str | None) -> None:
        self.status = status or self.status
        self.end_time = end_time if end_time is not None else self.end_time
        self.name = name or self.name

    def info(self) -> RunInfo:
        """Return what MLflow tells of it."""
        return RunInfo(
            run_id=self.run_id,
            run_name=self.name,
            experiment_id=self.experiment_id,
            user_id=self.user_id,
            status=self.status,
            start_time=self.start_time,
            end_time=self.end_time,
            lifecycle_stage=self.lifecycle_stage,
            artifact_uri=self.artifact_uri,
        )

    def run(self) -> Run:
        """Return the run with its data, as far as that is known here."""
        latest = [max(history, key=lambda row: (row[3], row[2], row[1])) for history in self.metrics.values()]
        data = RunData(
            metrics=[_metric(row) for row in latest],
            params=[Param(*pair) for pair in self.parameters.items()],
            tags=[RunTag(*pair) for pair in self.tags.items()],
        )
        return Run(self.info(), data, RunInputs(dataset_inputs=[], model_inputs=[]), RunOutputs(list(self.outputs)))

    def history(self, key: str) -> list[Metric]:
        """Return all values of a metric, in MLflow's order."""
        rows = self.metrics.get(key, {})
        return [_metric(row) for row in sorted(rows, key=lambda row: (row[2], row[3], row[1]))]


def _metric(row: Operation) -> Metric:
    key, value, timestamp, step, is_nan = row
    return Metric(key, float("nan") if is_nan else value, timestamp, step)
