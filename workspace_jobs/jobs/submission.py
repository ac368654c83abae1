"""Submits a job to a workspace, on the compute that was asked for or the one the workspace has."""

from typing import TYPE_CHECKING, Any

from workspace_jobs.connection import Workspace
from workspace_jobs.errors import JobsError, nearest
from workspace_jobs.jobs.building import Options, built
from workspace_jobs.jobs.targets import Described
from workspace_jobs.logging_policy import LoggingPolicy

if TYPE_CHECKING:
    from azure.ai.ml.entities import Job

# Computes that Azure ML brings itself, and that no workspace lists.
BUILT_IN = ("serverless", "local")


def submit(workspace: Workspace, target: Described, options: Options, policy: LoggingPolicy | None = None) -> "Job":
    """Submit the job, with the workspace's logging policy or another, and return it as Azure ML describes it.

    Everything that can be judged here is judged before the first upload. Raises JobsError.
    """
    with built(target, options) as job:
        return send(workspace, job, policy)


def send(workspace: Workspace, job: "Job", policy: LoggingPolicy | None = None) -> "Job":
    """Submit a job that is built; see `submit`."""
    entity: Any = job
    entity.compute = _compute(workspace, entity.compute)
    _deliver_policy(entity, policy or workspace.config.policy)
    if entity.name:
        _check_new(workspace, str(entity.name))
    with workspace.errors(f"submit the job to workspace `{workspace.name}`"):
        submitted: Job = workspace.ml_client.jobs.create_or_update(job)
        return submitted


def _deliver_policy(job: Any, policy: LoggingPolicy) -> None:  # noqa: ANN401 - the SDK's job types share no declared attributes
    """Give the policy to code that can apply it; a variable that the job states itself stays."""
    code = getattr(job, "trial", None) or job
    if hasattr(code, "command"):
        code.environment_variables = {**policy.variables(), **(code.environment_variables or {})}


def _check_new(workspace: Workspace, name: str) -> None:
    """Refuse the name of a job that exists: Azure ML would change that job, and run nothing."""
    from azure.core.exceptions import ResourceNotFoundError

    with workspace.errors(f"look whether there is a job `{name}`"):
        try:
            workspace.ml_client.jobs.get(name)
        except ResourceNotFoundError:
            return
    raise JobsError(f"workspace `{workspace.name}` has a job `{name}` already: choose another name, or leave it out")


def _compute(workspace: Workspace, wanted: str | None) -> str:
    """Return the compute to run on: the one wanted, which must exist, else the workspace's first cluster."""
    name = (wanted or "").removeprefix("azureml:")
    if name in BUILT_IN or name.startswith("/"):
        return name
    with workspace.errors(f"list the computes of workspace `{workspace.name}`"):
        computes = list(workspace.ml_client.compute.list())
    names = [str(compute.name) for compute in computes]
    if name and name.lower() not in {known.lower() for known in names}:
        raise JobsError(f"workspace `{workspace.name}` has no compute `{name}`: {nearest(name, names)}")
    clusters = sorted(str(compute.name) for compute in computes if str(compute.type).lower() == "amlcompute")
    if not name and not clusters:
        raise JobsError(
            f"workspace `{workspace.name}` has no compute cluster: create one, or write --compute serverless"
        )
    return name or clusters[0]
