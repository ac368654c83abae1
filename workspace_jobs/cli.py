"""The commands `mlws datastores` and `mlws jobs`: arguments in, results out; the work is done next door."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workspace_jobs.presentation import echo_json, echo_pairs, echo_table

if TYPE_CHECKING:
    from workspace_jobs.connection import Workspace
    from workspace_jobs.jobs.records import JobRecord

INTERRUPTED = 130

config_option = click.option(
    "--config",
    type=click.Path(path_type=Path),
    help="The workspace's config.json; else the nearest one here or above.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def datastores() -> None:
    """Where the jobs of a workspace find their data."""


@datastores.command("register")
@click.option(
    "--file",
    type=click.Path(path_type=Path),
    default=Path("datastores.yaml"),
    show_default=True,
    help="What to register.",
)
@config_option
@json_option
def register_command(file: Path, config: Path | None, *, as_json: bool) -> None:
    """Bring the workspace's datastores to what the file asks for."""
    from workspace_jobs.datastores.registration import register_datastores

    registered = register_datastores(_connect(config), file)
    if as_json:
        echo_json(registered)
        return
    rows = [(r.name, r.type, r.account, r.container, r.change) for r in registered]
    echo_table(("NAME", "TYPE", "ACCOUNT", "CONTAINER", "CHANGE"), rows)


@datastores.command("list")
@config_option
@json_option
def list_datastores_command(config: Path | None, *, as_json: bool) -> None:
    """List the workspace's datastores."""
    from workspace_jobs.datastores.registration import list_datastores

    found = list_datastores(_connect(config))
    if as_json:
        echo_json(found)
        return
    rows = [(d.name, d.type, d.account, d.container, d.credentials, "yes" if d.default else "") for d in found]
    echo_table(("NAME", "TYPE", "ACCOUNT", "CONTAINER", "CREDENTIALS", "DEFAULT"), rows)


@click.group()
def jobs() -> None:
    """What runs in a workspace."""


@jobs.command("submit")
@click.argument("target")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.option("--compute", help="The compute to run on; else the job's own, else the workspace's cluster.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="Change the job, as inputs.alpha=0.1.")
@click.option("--experiment", help="The experiment to file the job under.")
@click.option("--name", help="The job's name, unique in the workspace; else one is made up.")
@click.option("--stream", "streaming", is_flag=True, help="Show the log and wait for the end.")
@config_option
@json_option
def submit_command(  # noqa: PLR0913 - one parameter an option
    *,
    target: str,
    arguments: tuple[str, ...],
    compute: str | None,
    settings: tuple[str, ...],
    experiment: str | None,
    name: str | None,
    config: Path | None,
    streaming: bool,
    as_json: bool,
) -> None:
    """Submit TARGET: a bundled job (elastic-net, digits-automl), an Azure ML job file, or a Python script.

    A script is submitted as `mlws train` does. What follows -- is handed to it as its arguments.
    """
    from workspace_jobs.errors import JobsError
    from workspace_jobs.jobs.building import Options, parse_settings
    from workspace_jobs.jobs.submission import submit
    from workspace_jobs.jobs.targets import Script, resolve
    from workspace_jobs.training.job import Asked
    from workspace_jobs.training.remote import submit_training

    resolved = resolve(target)
    options = Options(name, experiment, compute, parse_settings(settings))
    if isinstance(resolved, Script):
        if settings:
            raise JobsError(f"{target}: --set is for job files: write the script's arguments after --")
        workspace = _connect(config)
        asked = Asked(target, arguments=arguments, experiment=experiment, name=name)
        job_name = submit_training(workspace, asked, compute)
    else:
        if arguments:
            raise JobsError("arguments after -- go to a Python script: for this job write --set inputs.NAME=VALUE")
        workspace = _connect(config)
        job_name = str(submit(workspace, resolved, options).name)
    follow_submitted(workspace, job_name, streaming=streaming, as_json=as_json)


def follow_submitted(workspace: "Workspace", job_name: str, *, streaming: bool, as_json: bool) -> None:
    """Say that a job was submitted; with `streaming` show its log, wait for its end, and print its record."""
    click.echo(f"submitted job {job_name}", err=as_json)
    if streaming:
        _follow(workspace, job_name, to_stderr=as_json)
    if streaming or as_json:
        _echo_record(workspace, job_name, as_json=as_json)
    else:
        click.echo(f"watch it: mlws jobs stream {job_name}")


@jobs.command("list")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="How many at most.")
@config_option
@json_option
def list_jobs_command(limit: int, config: Path | None, *, as_json: bool) -> None:
    """List the newest jobs."""
    from workspace_jobs.jobs.records import list_jobs

    lines = list_jobs(_connect(config), limit)
    if as_json:
        echo_json(lines)
        return
    echo_table(
        ("NAME", "TYPE", "STATUS", "EXPERIMENT", "CREATED"),
        [(line.name, line.type, line.status, line.experiment, line.created) for line in lines],
    )


@jobs.command("show")
@click.argument("name")
@config_option
@json_option
def show_command(name: str, config: Path | None, *, as_json: bool) -> None:
    """Show job NAME with its parameters, metrics and outputs."""
    _echo_record(_connect(config), name, as_json=as_json)


@jobs.command("stream")
@click.argument("name")
@config_option
def stream_command(name: str, config: Path | None) -> None:
    """Show the log of job NAME as it comes, until the job ends; Ctrl-C leaves the job running."""
    _follow(_connect(config), name, to_stderr=False)


@jobs.command("cancel")
@click.argument("name")
@config_option
@json_option
def cancel_command(name: str, config: Path | None, *, as_json: bool) -> None:
    """Cancel job NAME."""
    from workspace_jobs.jobs.following import cancel

    status = cancel(_connect(config), name)
    if as_json:
        echo_json({"name": name, "status": status})
    else:
        click.echo(f"{name} is {status}")


@jobs.command("download")
@click.argument("name")
@click.option("--output", help="One named output, instead of the log and the artifacts.")
@click.option("--all", "everything", is_flag=True, help="The log, the artifacts and every named output.")
@click.option("--to", "folder", type=click.Path(path_type=Path), help="Where to; else a folder of the job's name.")
@config_option
@json_option
def download_command(  # noqa: PLR0913 - one parameter an option
    name: str,
    output: str | None,
    folder: Path | None,
    config: Path | None,
    *,
    everything: bool,
    as_json: bool,
) -> None:
    """Download the log and the artifacts of job NAME, or its outputs."""
    from workspace_jobs.jobs.downloading import download

    if output is not None and everything:
        raise click.UsageError("--output and --all exclude each other: write one of them")
    files = download(_connect(config), name, folder or Path(name), output=output, everything=everything)
    if as_json:
        echo_json({"name": name, "files": files})
    else:
        click.echo("\n".join(map(str, files)) if files else f"job {name} has left no new files")


def _connect(config: Path | None) -> "Workspace":
    from workspace_jobs.connection import connect

    return connect(config)


def _follow(workspace: "Workspace", name: str, *, to_stderr: bool) -> None:
    """Stream the log; where the job failed, show the log's end on stderr before the error goes on its way."""
    from workspace_jobs.errors import JobFailedError
    from workspace_jobs.jobs.following import Followed, stream

    try:
        followed = stream(workspace, name, to=sys.stderr if to_stderr else sys.stdout)
    except JobFailedError:
        _echo_log_tail(workspace, name)
        raise
    if followed is Followed.INTERRUPTED:
        click.echo(f"\njob {name} goes on; to stop it: mlws jobs cancel {name}", err=True)
        raise click.exceptions.Exit(INTERRUPTED)


def _echo_log_tail(workspace: "Workspace", name: str) -> None:
    from workspace_jobs.jobs.following import log_tail

    tail = log_tail(workspace, name)
    if tail is not None:
        click.echo(f"\nthe end of {tail.file}:", err=True)
        click.echo("\n".join(f"  {line}" for line in tail.lines), err=True)


def _echo_record(workspace: "Workspace", name: str, *, as_json: bool) -> None:
    from workspace_jobs.jobs.records import show_job

    record = show_job(workspace, name)
    if as_json:
        echo_json(record)
        return
    echo_pairs(_pairs(record))


def _pairs(record: "JobRecord") -> list[tuple[str, object]]:
    """The record as lines: the job first, then what it was given, what it measured, what it made."""
    return [
        ("name", record.name),
        ("type", record.type),
        ("status", record.status),
        ("experiment", record.experiment),
        ("compute", record.compute),
        ("started", record.started),
        ("duration", None if record.duration_seconds is None else f"{record.duration_seconds:.1f} s"),
        *((f"param {key}", value) for key, value in record.params.items()),
        *((f"metric {key}", value) for key, value in record.metrics.items()),
        *((f"output {key}", value) for key, value in record.outputs.items()),
        ("studio", record.studio_url),
    ]
