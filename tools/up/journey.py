"""The journey: from nothing to trained models. Running it again changes nothing but adds one run."""

from dataclasses import dataclass

from tools.up import stack
from tools.up.commands import INSIDE, MLWS, PULUMI, STACK, Shell
from tools.up.summary import Summary

CONFIG_FILE = "config.json"


@dataclass(frozen=True)
class _Job:
    """A bundled job: what to submit, and the experiment under which it then is found."""

    target: str
    experiment: str


TRACKED_JOB = _Job("elastic-net", "elastic-net-diabetes")
AUTOML_JOB = _Job("digits-automl", "digits-automl")


def travel(shell: Shell) -> Summary:
    """Start, create, register, train. Raises StepError at the first command that fails."""
    shell.show(*MLWS, "local", "start")
    shell.show(*MLWS, "infra", "check", STACK)
    _create(shell)
    shell.show(*INSIDE, "mlws", "datastores", "register")
    shell.show(*INSIDE, "mlws", "jobs", "submit", TRACKED_JOB.target, "--stream")
    if not _completed(shell, AUTOML_JOB):
        shell.show(*INSIDE, "mlws", "jobs", "submit", AUTOML_JOB.target, "--stream")
    return _summary(shell)


def _create(shell: Shell) -> None:
    if not stack.exists(shell):
        shell.show(*PULUMI, "stack", "init", STACK)
    shell.show(*PULUMI, "up", "--stack", STACK, "--yes", "--skip-preview", "--suppress-outputs", "--suppress-progress")
    print(f"stack {STACK}: {stack.sentence(stack.changes(shell))}", flush=True)
    (shell.project.root / CONFIG_FILE).write_text(stack.config_json(shell).rstrip() + "\n")


def _completed(shell: Shell, job: _Job) -> list[str]:
    """The names of the job's completed submissions, newest first."""
    listed = shell.ask(*INSIDE, "mlws", "jobs", "list", "--limit", "200", "--json")
    return [one["name"] for one in listed if one["experiment"] == job.experiment and one["status"] == "Completed"]


def _summary(shell: Shell) -> Summary:
    job = shell.ask(*INSIDE, "mlws", "jobs", "show", _completed(shell, TRACKED_JOB)[0], "--json")
    services = shell.ask(*MLWS, "local", "status", "--json")["services"]
    return Summary(
        resources=stack.resources(shell),
        changes=stack.sentence(stack.changes(shell)),
        config_file=shell.project.root / CONFIG_FILE,
        mlflow=next(one["address"] for one in services if one["name"] == "mlflow"),
        job=job["name"],
        metrics=job["metrics"],
    )
