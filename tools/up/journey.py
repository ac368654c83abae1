"""The journey: from nothing to trained models. Running it again changes nothing but adds one run."""

from dataclasses import dataclass

from tools.up import stack
from tools.up.commands import INSIDE, MLWS, PULUMI, STACK, Shell
from tools.up.summary import Summary

CONFIG_FILE = "config.json"


@dataclass(frozen=True)
class Job:
    """A bundled job: what to submit, and the experiment under which it then is found."""

    target: str
    experiment: str


TRACKED_JOB = Job("elastic-net", "elastic-net-diabetes")
AUTOML_JOB = Job("digits-automl", "digits-automl")


def travel(shell: Shell) -> Summary:
    """Start, create, register, train. Raises StepError at the first command that fails."""
    shell.show(*MLWS, "local", "start")
    shell.show(*MLWS, "infra", "check", STACK)
    _create(shell)
    shell.show(*INSIDE, "mlws", "datastores", "register")
    shell.show(*INSIDE, "mlws", "jobs", "submit", TRACKED_JOB.target, "--stream")
    if not completed(shell, AUTOML_JOB):
        shell.show(*INSIDE, "mlws", "jobs", "submit", AUTOML_JOB.target, "--stream")
    return _summary(shell)


def completed(shell: Shell, job: Job) -> list[str]:
    """The names of the job's completed submissions, newest first."""
    listed = shell.ask(*INSIDE, "mlws", "jobs", "list", "--limit", "200", "--json")
    found = [one for one in listed if one["experiment"] == job.experiment and one["status"] == "Completed"]
    return [one["name"] for one in sorted(found, key=lambda one: one["created"], reverse=True)]


def _create(shell: Shell) -> None:
    if not stack.exists(shell):
        shell.show(*PULUMI, "stack", "init", STACK)
    shell.show(*PULUMI, "up", "--stack", STACK, "--yes", "--skip-preview", "--suppress-outputs", "--suppress-progress")
    print(f"stack {STACK}: {stack.sentence(stack.changes(shell))}", flush=True)
    (shell.project.root / CONFIG_FILE).write_text(stack.config_json(shell).rstrip() + "\n")


def _summary(shell: Shell) -> Summary:
    job = shell.ask(*INSIDE, "mlws", "jobs", "show", completed(shell, TRACKED_JOB)[0], "--json")
    services = shell.ask(*MLWS, "local", "status", "--json")["services"]
    state = stack.state(shell)
    return Summary(
        resources=stack.resources(state),
        changes=stack.sentence(stack.changes(shell)),
        config_file=shell.project.root / CONFIG_FILE,
        mlflow=next(one["address"] for one in services if one["name"] == "mlflow"),
        job=job["name"],
        metrics=job["metrics"],
        cost=stack.monthly_cost(shell, state),
    )
