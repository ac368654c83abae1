"""`mlws runs rename`, `tag`, `delete`, `restore` and `gc`: runs changed and cleared away."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workspace_jobs.presentation import echo_json, echo_table
from workspace_jobs.runs.commands.options import json_option, store_options

if TYPE_CHECKING:
    from workspace_jobs.runs.records import Run
    from workspace_jobs.runs.stores import RunStore

_words = click.argument("words", nargs=-1, required=True, metavar="RUN...")


@click.command("rename")
@click.argument("run")
@click.argument("name")
@store_options
@json_option
def rename_command(*, run: str, name: str, store: "RunStore", as_json: bool) -> None:
    """Give RUN another NAME."""
    from workspace_jobs.runs.changing import rename
    from workspace_jobs.runs.finding import find_run

    found = find_run(store, run)
    rename(store, found, name)
    if as_json:
        echo_json({"id": found.id, "name": name})
    else:
        click.echo(f"{found.id} is now {name}")


@click.command("tag")
@_words
@click.option("--set", "values", multiple=True, metavar="KEY=VALUE", help="Set a tag; repeat for more.")
@click.option("--remove", multiple=True, metavar="KEY", help="Remove a tag; repeat for more.")
@store_options
@json_option
def tag_command(
    *, words: tuple[str, ...], values: tuple[str, ...], remove: tuple[str, ...], store: "RunStore", as_json: bool
) -> None:
    """Set or remove tags of RUNs."""
    from workspace_jobs.runs.changing import tag
    from workspace_jobs.runs.finding import find_runs

    for text in values:
        if not text.partition("=")[0] or "=" not in text:
            raise click.UsageError(f"--set `{text}`: write KEY=VALUE")
    if not values and not remove:
        raise click.UsageError("there is nothing to change: write --set KEY=VALUE or --remove KEY")
    runs = find_runs(store, words)
    tag(store, runs, dict(text.split("=", 1) for text in values), remove)
    _say(runs, "tagged", as_json=as_json)


@click.command("delete")
@_words
@store_options
@json_option
def delete_command(*, words: tuple[str, ...], store: "RunStore", as_json: bool) -> None:
    """Delete RUNs; `restore` brings them back until `gc` has removed them."""
    from workspace_jobs.runs.changing import delete
    from workspace_jobs.runs.finding import find_runs

    _say(delete(store, find_runs(store, words)), "deleted", as_json=as_json)


@click.command("restore")
@_words
@store_options
@json_option
def restore_command(*, words: tuple[str, ...], store: "RunStore", as_json: bool) -> None:
    """Bring deleted RUNs back."""
    from workspace_jobs.runs.changing import restore
    from workspace_jobs.runs.finding import find_runs

    _say(restore(store, find_runs(store, words)), "restored", as_json=as_json)


@click.command("gc")
@click.option(
    "--older-than", default="0d", metavar="AGE", help="Only those deleted at least so long ago: 30d, 12h, 90m."
)
@click.option("--dry-run", is_flag=True, help="Say what would go, and remove nothing.")
@click.option(
    "--artifacts", type=click.Path(path_type=Path), help="Where a server of this store keeps files; else its `mlruns`."
)
@store_options
@json_option
def gc_command(*, older_than: str, dry_run: bool, artifacts: Path | None, store: "RunStore", as_json: bool) -> None:
    """Remove deleted runs and their files for good.

    A run stays whose model is registered, or whose files another run uses.
    """
    from workspace_jobs.runs.collection import collect, milliseconds
    from workspace_jobs.runs.serving import artifacts_of

    age = milliseconds(older_than)
    folder = artifacts or artifacts_of(store.uri)
    collected = collect(store, folder, older_than=age, dry_run=dry_run, told=_tell)
    if as_json:
        echo_json(collected)
        return
    if collected:
        rows = [(one.id[:12], one.name, one.files, _size(one.size_bytes), one.kept or "") for one in collected]
        echo_table(("RUN", "NAME", "FILES", "SIZE", "KEPT"), rows)
    gone = [one for one in collected if one.kept is None]
    size = _size(sum(one.size_bytes for one in gone))
    click.echo(f"{'would remove' if dry_run else 'removed'} {len(gone)} runs, {size}")


def _say(runs: "list[Run]", verb: str, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([{"id": run.id, "name": run.name} for run in runs], indent=2, ensure_ascii=False))
        return
    for run in runs:
        click.echo(f"{verb} {run.id} {run.name}".rstrip())
    if not runs:
        click.echo(f"nothing was {verb}: they were already", err=True)


def _tell(line: str) -> None:
    """Progress, for who watches."""
    if sys.stderr.isatty():
        click.echo(line, err=True)


def _size(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:.1f} MB"
