"""What a call on a run is checked against, as long as the store does not say it itself."""

from dataclasses import dataclass, field

from mlflow.entities import LifecycleStage, RunInfo


@dataclass
class RunState:
    """A run as it is once everything that is pending has been written."""

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

    @property
    def active(self) -> bool:
        """Whether it may be written; a deleted run may not."""
        return self.lifecycle_stage == LifecycleStage.ACTIVE

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
