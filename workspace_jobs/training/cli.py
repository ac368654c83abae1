"""The command `mlws train`: any training code as a tracked job, and starter scripts."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workspace_jobs.cli import INTERRUPTED, json_option
from workspace_jobs.presentation import echo_json, echo_pairs
from workspace_jobs.training.options import job_options

if TYPE_CHECKING:
    from workspace_jobs.training.job import Asked
    from workspace_jobs.training.launch.folder import Outcome

_RUN, _NEW = "run", "new"


class _RunUnlessNew(click.Group):
    """`mlws train X` runs X, for any X but the name of the other command."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, args if args[:1] in ([_RUN], [_NEW]) else [_RUN, *args])


@click.group(cls=_RunUnlessNew)
def train() -> None:
    """Run any training code as a tracked job."""


@train.command(_RUN)
@click.argument("target")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.option("--param", "parameters", multiple=True, metavar="K=V", help="Give the code `--K V`, and log it.")
@click.option("--data", multiple=True, metavar="NAME=PATH", help="Give the code `--NAME PATH`, and log its digest.")
@click.option("--here", is_flag=True, help="Run on this machine, rather than in the workspace.")
@click.option("--include", multiple=True, type=click.Path(path_type=Path), help="A file or folder that goes along.")
@job_options(compute="The compute to run on; else the workspace's cluster.")
def run_command(  # noqa: PLR0913 - one parameter an option
    *,
    target: str,
    arguments: tuple[str, ...],
    parameters: tuple[str, ...],
    data: tuple[str, ...],
    here: bool,
    experiment: str | None,
    name: str | None,
    tags: tuple[str, ...],
    include: tuple[Path, ...],
    autolog: str | None,
    tracking_uri: str | None,
    compute: str | None,
    environment: str | None,
    streaming: bool,
    config: Path | None,
    as_json: bool,
) -> None:
    """Run TARGET, a script's path or a module's name; `mlws train new NAME` writes a script to start from.

    What follows -- is handed to the code as it is, after the parameters.
    """
    from workspace_jobs.training.job import Asked

    asked = Asked(target, parameters, arguments, data, tags, include, experiment, name, autolog, environment)
    if here:
        if compute or streaming or environment:
            raise click.UsageError("--here is on this machine: leave --compute, --environment and --stream out")
        _run_here(asked, config, tracking_uri, as_json=as_json)
        return
    if tracking_uri:
        raise click.UsageError("--tracking-uri is for --here: a job of a workspace is tracked in the workspace")
    _submit(asked, config, compute, streaming=streaming, as_json=as_json)


@train.command(_NEW)
@click.argument("name")
@click.option(
    "--problem",
    type=click.Choice(["classification", "regression"]),
    default="classification",
    show_default=True,
    help="What kind of target it learns.",
)
@json_option
def new_command(name: str, problem: str, *, as_json: bool) -> None:
    """Write NAME.py, a training script that runs as it is; nothing is overwritten."""
    from workspace_jobs.training.starter import write_starter

    path = write_starter(name, problem)
    if as_json:
        echo_json({"path": str(path), "problem": problem})
    else:
        click.echo(f"{path} is written; run it: mlws train {path} --here")


def _run_here(asked: "Asked", config: Path | None, tracking_uri: str | None, *, as_json: bool) -> None:
    from workspace_jobs.errors import JobFailedError
    from workspace_jobs.training.here import run_here

    out = sys.stderr.buffer if as_json else sys.stdout.buffer
    outcome = run_here(asked, config, tracking_uri, out)
    if as_json:
        echo_json(outcome)
    else:
        _echo_outcome(outcome)
    if outcome.status == "KILLED":
        raise click.exceptions.Exit(INTERRUPTED)
    if outcome.status != "FINISHED":
        raise JobFailedError(f"{asked.target} failed ({outcome.error}): the run is {outcome.run_id}")


def _submit(asked: "Asked", config: Path | None, compute: str | None, *, streaming: bool, as_json: bool) -> None:
    from workspace_jobs.cli import follow_submitted
    from workspace_jobs.connection import connect
    from workspace_jobs.training.remote import submit_training

    workspace = connect(config)
    job_name = submit_training(workspace, asked, compute)
    follow_submitted(workspace, job_name, streaming=streaming, as_json=as_json)


def _echo_outcome(outcome: "Outcome") -> None:
    echo_pairs(
        [
            ("run", outcome.run_id),
            ("status", outcome.status),
            ("experiment", outcome.experiment),
            ("store", outcome.tracking_uri),
            *((f"param {key}", value) for key, value in sorted(outcome.params.items())),
            *((f"metric {key}", value) for key, value in sorted(outcome.metrics.items()) if "system/" not in key),
        ]
    )
