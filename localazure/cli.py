"""`mlws local`: start, stop and use the embedded Azure."""

import json
from pathlib import Path

import click

_HOME = click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    help="State folder. Default: MLWS_HOME, else .mlws/azure of the project.",
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def local() -> None:
    """An Azure on this machine: same SDKs, no subscription, nothing leaves loopback."""


@local.command()
@_HOME
@click.option(
    "--port",
    type=click.IntRange(0, 65533),
    envvar="MLWS_PORT",
    help="First of three ports (default 8440, or MLWS_PORT; 0 picks free ones).",
)
@click.option(
    "--tracking-latency",
    type=click.FloatRange(min=0),
    metavar="SECONDS",
    help="Tracking as Azure ML has it: each call takes so long (about 0.7), and MLflow's logged models are missing.",
)
def start(home: Path | None, port: int | None, tracking_latency: float | None) -> None:
    """Start it, and wait until every part answers. Does nothing when it runs already."""
    import os

    from localazure import control
    from localazure.home import Home
    from localazure.mlflow_server.azure_limits import LATENCY_VARIABLE

    if tracking_latency is not None:
        os.environ[LATENCY_VARIABLE] = str(tracking_latency)

    place = Home.find(home)
    started = control.start(place, port, progress=lambda line: click.echo(line, err=True))
    click.echo("embedded Azure started" if started else "embedded Azure is already running")
    _print_services(place, as_json=False)


@local.command()
@_HOME
def stop(home: Path | None) -> None:
    """Stop it. What it keeps stays on disk; running jobs end as Failed."""
    from localazure import control
    from localazure.home import Home

    names = control.stop(Home.find(home))
    click.echo(f"stopped: {', '.join(names)}" if names else "nothing was running")


@local.command()
@_HOME
@_JSON
@click.pass_context
def status(context: click.Context, home: Path | None, as_json: bool) -> None:
    """Show each process. Exit code 1 unless all of them are ready."""
    from localazure.home import Home

    if not _print_services(Home.find(home), as_json=as_json):
        context.exit(1)


@local.command()
@_HOME
@_JSON
def env(home: Path | None, as_json: bool) -> None:
    """Print the variables that point a shell at it: `eval "$(mlws local env)"`."""
    import shlex

    from localazure import control
    from localazure.home import Home

    variables = control.environment(Home.find(home))
    if as_json:
        click.echo(json.dumps(variables, indent=2))
        return
    for name, value in variables.items():
        click.echo(f"export {name}={shlex.quote(value)}")


@local.command(name="exec", context_settings={"ignore_unknown_options": True})
@_HOME
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def execute(home: Path | None, command: tuple[str, ...]) -> None:
    """Run COMMAND against it, and against nothing else: `mlws local exec -- pulumi preview`."""
    from localazure import control
    from localazure.home import Home

    control.execute(Home.find(home), list(command))


@local.command()
@_HOME
@click.argument("process", type=click.Choice(["server", "azurite", "mlflow"]), default="server")
@click.option("-n", "--lines", type=click.IntRange(1), default=50, show_default=True, help="How many lines.")
def logs(home: Path | None, process: str, lines: int) -> None:
    """Print the end of a process's log."""
    from localazure.errors import LocalAzureError
    from localazure.home import Home

    file = Home.find(home).logs / f"{process}.log"
    if not file.is_file():
        raise LocalAzureError(f"there is no log {file}; run `mlws local start` first")
    for line in file.read_text(errors="replace").splitlines()[-lines:]:
        click.echo(line)


@local.command()
@_HOME
@click.option("--yes", is_flag=True, help="Do not ask.")
def reset(home: Path | None, yes: bool) -> None:
    """Stop it and delete everything it keeps: resources, secrets, blobs, runs, state of stack local."""
    from localazure import control
    from localazure.home import Home

    place = Home.find(home)
    if not yes:
        click.confirm(f"Delete everything in {place.path}?", abort=True)
    control.reset(place)
    click.echo(f"deleted {place.path}")


def _print_services(home: "object", *, as_json: bool) -> bool:
    from localazure import control
    from localazure.home import Home

    assert isinstance(home, Home)
    found = control.services(home)
    if as_json:
        rows = [{"name": s.name, "pid": s.pid, "state": s.state, "address": s.address} for s in found]
        click.echo(json.dumps({"home": str(home.path), "services": rows}, indent=2))
    else:
        for one in found:
            click.echo(f"{one.name:<8} {one.state:<9} {one.address:<24} pid {one.pid or '-'}")
    return all(one.state == "ready" for one in found)
