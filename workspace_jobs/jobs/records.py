"""What is known of jobs: a line each for a list, and everything of one job with its metrics from MLflow."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from workspace_jobs.azure_errors import azure_errors
from workspace_jobs.connection import Workspace
from workspace_jobs.errors import JobsError

if TYPE_CHECKING:
    from azure.ai.ml.entities import Job
    from mlflow.entities import Run

TERMINAL = frozenset({"Completed", "Failed", "Canceled", "NotResponding", "Paused"})


@dataclass(frozen=True)
class JobLine:
    """A job in a list."""

    name: str
    type: str
    status: str
    experiment: str
    display_name: str
    created: datetime | None


@dataclass(frozen=True)
class JobRecord:
    """A job with what it gave: `duration_seconds` is None until it ends, or where MLflow has no run of it."""

    name: str
    type: str
    status: str
    experiment: str
    display_name: str
    compute: str
    started: datetime | None
    duration_seconds: float | None
    params: Mapping[str, str] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    studio_url: str = ""


def list_jobs(workspace: Workspace, limit: int) -> tuple[JobLine, ...]:
    """Return the workspace's jobs, at most `limit`, as Azure ML orders them: the newest first."""
    with workspace.errors(f"list the jobs of workspace `{workspace.name}`"):
        # The SDK leaves a gap (None) where it cannot read a job.
        found = islice((job for job in workspace.ml_client.jobs.list() if job is not None), limit)
        return tuple(_line(job) for job in found)


def get_job(workspace: Workspace, name: str) -> "Job":
    """Return a job as Azure ML describes it. Raises JobsError where there is none of that name."""
    from azure.core.exceptions import ResourceNotFoundError

    client = workspace.ml_client
    try:
        with workspace.errors(f"read job `{name}`"):
            job: Job = client.jobs.get(name)
    except JobsError as error:
        if not isinstance(error.__cause__, ResourceNotFoundError):
            raise
        raise JobsError(
            f"workspace `{workspace.name}` has no job `{name}`: see `mlws jobs list` for those it has"
        ) from error
    return job


def show_job(workspace: Workspace, name: str) -> JobRecord:
    """Return a job with its parameters, metrics and times from MLflow, whose run id is the job's name."""
    job: Any = get_job(workspace, name)
    run = _run(workspace, name)
    started = _time(run.info.start_time) if run else None
    ended = _time(run.info.end_time) if run and status_of(job) in TERMINAL else None
    return JobRecord(
        name=name,
        type=str(job.type),
        status=status_of(job),
        experiment=str(job.experiment_name or ""),
        display_name=str(job.display_name or ""),
        compute=str(getattr(job, "compute", "") or "").rsplit("/", 1)[-1],
        started=started or _created(job),
        duration_seconds=(ended - started).total_seconds() if started and ended else None,
        params=dict(sorted(run.data.params.items())) if run else {},
        metrics=dict(sorted(run.data.metrics.items())) if run else {},
        outputs={key: str(output.path) for key, output in sorted(outputs_of(job).items()) if output.path},
        studio_url=str(job.studio_url or ""),
    )


def status_of(job: "Job") -> str:
    """Return a job's status as Azure writes it; the SDK gives an enum for some kinds of job and a text for others."""
    return str(getattr(job.status, "value", job.status))


def outputs_of(job: Any) -> dict[str, Any]:  # noqa: ANN401 - the SDK's job types share no declared attributes
    """Return a job's outputs by name, as the SDK describes them (`type`, `path`)."""
    return dict(getattr(job, "outputs", None) or {})


def _line(job: "Job") -> JobLine:
    entity: Any = job
    return JobLine(
        name=str(entity.name),
        type=str(entity.type),
        status=status_of(job),
        experiment=str(entity.experiment_name or ""),
        display_name=str(entity.display_name or ""),
        created=_created(entity),
    )


def _created(job: Any) -> datetime | None:  # noqa: ANN401 - the SDK's job types share no declared attributes
    created = getattr(job.creation_context, "created_at", None)
    if isinstance(created, str):
        created = datetime.fromisoformat(created)
    return created.astimezone(UTC) if isinstance(created, datetime) else None


def _run(workspace: Workspace, name: str) -> "Run | None":
    client = workspace.mlflow
    from mlflow.exceptions import MlflowException

    with azure_errors(f"read the metrics of job `{name}`"):
        try:
            return client.get_run(name)
        except MlflowException as error:
            # A job that has not started has no run yet.
            if error.error_code == "RESOURCE_DOES_NOT_EXIST" or "404" in str(error):
                return None
            raise


def _time(milliseconds: int | None) -> datetime | None:
    return datetime.fromtimestamp(milliseconds / 1000, tz=UTC) if milliseconds else None
