"""What `mlws train` and `mlws sweep` are told alike of a job: how its runs are filed, and where it runs."""

from collections.abc import Callable
from typing import Any

import click

from workspace_jobs.cli import config_option, json_option

Command = Callable[..., Any]


def job_options(*, compute: str) -> Callable[[Command], Command]:
    """Make the options of a job; `compute` is what `--compute` does, which is not alike."""
    options = (
        click.option("--experiment", help="The experiment to file the run under; else the script's name."),
        click.option("--name", help="The name of the run, and of the job in the workspace."),
        click.option("--tag", "tags", multiple=True, metavar="K=V", help="Tag the run."),
        click.option(
            "--autolog",
            type=click.Choice(["on", "off", "explicit-only"]),
            help="Other than the workspace's policy.",
        ),
        click.option(
            "--tracking-uri", help="On this machine: where runs are kept; else MLFLOW_TRACKING_URI, else mlflow.db."
        ),
        click.option("--compute", help=compute),
        click.option(
            "--environment", metavar="NAME:VERSION", help="An environment of the workspace; else one with MLflow."
        ),
        click.option(
            "--stream", "streaming", is_flag=True, help="Show the log of a submitted job and wait for its end."
        ),
        config_option,
        json_option,
    )

    def decorate(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate
