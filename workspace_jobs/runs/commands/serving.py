"""`mlws runs open`, `serve`, `sync` and `download`: the store's interface, and what goes to it and comes from it."""

import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workspace_jobs.presentation import echo_json, echo_table
from workspace_jobs.runs.commands.options import json_option, store_options

if TYPE_CHECKING:
    from workspace_jobs.runs.stores import RunStore

_port = click.IntRange(1, 65535)


@click.command("open")
@click.option("--port", type=_port, help="Else a free one.")
@click.option("--no-browser", is_flag=True, help="Only print the address.")
@store_options
def open_command(*, port: int | None, no_browser: bool, store: "RunStore") -> None:
    """Open MLflow's interface on the store, on this machine only; Ctrl-C ends it."""
    from workspace_jobs.runs.serving import serving

    with serving(store, port) as served:
        click.echo(f"MLflow: {served.address}{' (Ctrl-C ends it)' if served.process else ''}")
        if not no_browser:
            webbrowser.open(served.address)
        served.wait()


@click.command("serve")
@click.option("--port", type=_port, default=5000, show_default=True, help="Where to listen.")
@click.option("--host", default="127.0.0.1", show_default=True, help="0.0.0.0 lets colleagues in, without a password.")
@click.option(
    "--artifacts", type=click.Path(path_type=Path), help="Where to keep files; else `mlruns` by the database."
)
@click.option("--tracking-uri", help="The database; else MLFLOW_TRACKING_URI, else mlflow.db, which is made.")
def serve_command(*, port: int, host: str, artifacts: Path | None, tracking_uri: str | None) -> None:
    """Serve the store to programs and colleagues until Ctrl-C: others name it with --tracking-uri http://HOST:PORT."""
    from workspace_jobs.errors import JobsError
    from workspace_jobs.runs.database import SqliteStore
    from workspace_jobs.runs.opening import prepare_store
    from workspace_jobs.runs.serving import artifacts_of, serving
    from workspace_jobs.tracking import location

    uri = location.tracking_uri(tracking_uri)
    path = location.sqlite_path(uri)
    if path is None:
        raise JobsError(f"{uri} cannot be served: name a database file with --tracking-uri sqlite:///FILE")
    folder = artifacts or artifacts_of(uri)
    prepare_store(uri, "mlflow-artifacts:")
    with serving(SqliteStore(path), port, host, folder) as served:
        click.echo(f"MLflow: {served.address} (Ctrl-C ends it); runs in {path}, files in {folder}")
        served.wait()


@click.command("sync")
@click.option(
    "--tracking-uri", help="The MLflow store; else MLFLOW_TRACKING_URI, else mlflow.db of the working folder."
)
@json_option
def sync_command(*, tracking_uri: str | None, as_json: bool) -> None:
    """Deliver what killed processes and unreachable servers left on disk; nothing twice."""
    from workspace_jobs.tracking.location import tracking_uri as resolved
    from workspace_jobs.tracking.sync import sync

    deliveries = sync(resolved(tracking_uri))
    if as_json:
        echo_json(deliveries)
    elif deliveries:
        rows = [(one.uri, one.delivered, one.waiting, one.reason or "") for one in deliveries]
        echo_table(("STORE", "DELIVERED", "WAITING", "REASON"), rows)
    else:
        click.echo("nothing waits to be delivered")
    if any(one.waiting for one in deliveries):
        raise click.exceptions.Exit(1)


@click.command("download")
@click.argument("run")
@click.option("--path", help="Only this file or folder of the run's; `mlws runs show` lists them.")
@click.option("--to", "folder", type=click.Path(path_type=Path), help="Where to; else a folder of the run's name.")
@store_options
@json_option
def download_command(*, run: str, path: str | None, folder: Path | None, store: "RunStore", as_json: bool) -> None:
    """Download the files of RUN."""
    from workspace_jobs.runs.artifacts import download
    from workspace_jobs.runs.finding import find_run

    found = find_run(store, run)
    name = found.name.replace("/", "_")
    files = download(store, found, path, folder or Path(found.id if name in {"", ".", ".."} else name))
    if as_json:
        echo_json({"id": found.id, "files": files})
    else:
        click.echo("\n".join(map(str, files)))
