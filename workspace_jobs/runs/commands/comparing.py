"""`mlws runs compare` and `export`: runs beside each other, and taken elsewhere."""

import webbrowser
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workspace_jobs.presentation import echo_json, echo_table, text_of
from workspace_jobs.runs.commands.options import Search, json_option, search_options
from workspace_jobs.runs.commands.reading import echo_runs

if TYPE_CHECKING:
    from workspace_jobs.runs.records import Run
    from workspace_jobs.runs.stores import RunStore

# More runs than this have no room beside each other on a terminal.
_SIDE_BY_SIDE = 6


@click.command("compare")
@click.argument("words", nargs=-1, metavar="[RUN]...")
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), help="Write a page with plots to this file.")
@click.option("--open", "show", is_flag=True, help="Open that page in the browser.")
@search_options(limit=1000)
@json_option
def compare_command(  # noqa: PLR0913 - one parameter an option
    *, words: tuple[str, ...], html: Path | None, show: bool, store: "RunStore", search: Search, as_json: bool
) -> None:
    """Compare RUNs, or those that a search finds: what differs between them, or a page with plots.

    The page has parallel coordinates, scatter, contour and metric history, and needs no network.
    """
    if show and html is None:
        raise click.UsageError("--open shows the page that --html writes: add --html FILE")
    runs = _wanted(store, words, search)
    if html is not None:
        _write_page(store, runs, html, " ".join(search.experiments) or "Runs")
        _say_written(html, runs, as_json=as_json)
        if show:
            webbrowser.open(html.resolve().as_uri())
    elif as_json or len(runs) > _SIDE_BY_SIDE:
        echo_runs(store, runs, search, as_json=as_json)
    else:
        _echo_side_by_side(runs)


@click.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@search_options(limit=None)
@json_option
def export_command(*, file: Path, store: "RunStore", search: Search, as_json: bool) -> None:
    """Write runs to FILE, a row a run: CSV or Parquet, by its ending."""
    from workspace_jobs.runs.export import export

    runs = search.runs(store)
    export(runs, file)
    _say_written(file, runs, as_json=as_json)


def _wanted(store: "RunStore", words: tuple[str, ...], search: Search) -> "list[Run]":
    if not words:
        return search.runs(store)
    if search.filter or search.experiments or search.order_by:
        raise click.UsageError("runs and a search exclude each other: write RUNs, or --filter and --experiment")
    from workspace_jobs.runs.finding import find_runs

    return find_runs(store, words)


def _write_page(store: "RunStore", runs: "list[Run]", path: Path, title: str) -> None:
    from workspace_jobs.runs.page.histories import histories
    from workspace_jobs.runs.page.writing import write_page

    write_page(path, title, runs, histories(store, runs))


def _say_written(path: Path, runs: "list[Run]", *, as_json: bool) -> None:
    if as_json:
        echo_json({"file": path, "runs": len(runs)})
    else:
        click.echo(f"wrote {len(runs)} runs to {path}")


def _echo_side_by_side(runs: "Sequence[Run]") -> None:
    """What differs, a line a parameter or metric and a column a run."""
    from workspace_jobs.runs.table import ID_LENGTH, differing, value_of

    names = [run.name or run.id[:ID_LENGTH] for run in runs]
    rows = [(key, *(text_of(value_of(run, key)) for run in runs)) for key in differing(runs)]
    echo_table(("", *names), [("run", *(run.id[:ID_LENGTH] for run in runs)), *rows])
    if not rows:
        click.echo("parameters and metrics are alike", err=True)
