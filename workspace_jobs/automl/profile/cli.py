"""The command `mlws automl explore`: a table in, what to do before training out."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from workspace_jobs.presentation import echo_json

if TYPE_CHECKING:
    from workspace_jobs.automl.profile.profiling import Profile


@click.command("explore")
@click.argument("data")
@click.option("--target", metavar="COL", help="The column to predict.")
@click.option("--test", metavar="FILE", help="The table that the model will be tested on, to be compared.")
@click.option(
    "--problem",
    type=click.Choice(("auto", "binary", "multiclass", "regression", "forecast")),
    default="auto",
    show_default=True,
    help="What is to be predicted.",
)
@click.option("--group-column", metavar="COL", help="The column that says which rows belong together.")
@click.option(
    "--missing-target",
    type=click.Choice(("refuse", "drop")),
    default="refuse",
    show_default=True,
    help="Whether rows without target are an error.",
)
@click.option("--html", "page", type=click.Path(path_type=Path, dir_okay=False), help="Write a report to this file.")
@click.option(
    "--notebook", type=click.Path(path_type=Path, dir_okay=False), help="Write an executed notebook to this file."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def explore(  # noqa: PLR0913 - one parameter an option
    *,
    data: str,
    target: str | None,
    test: str | None,
    problem: str,
    group_column: str | None,
    missing_target: Literal["refuse", "drop"],
    page: Path | None,
    notebook: Path | None,
    as_json: bool,
) -> None:
    """Say what is wrong with the table DATA before a model is trained on it, and what to do.

    DATA is a CSV, Parquet or JSON-lines file, a Delta table, or a data set of scikit-learn such as digits. The exit
    code is 1 where there is an error to put right.
    """
    from workspace_jobs.automl.data import tables
    from workspace_jobs.automl.profile import Sources, html, profile, write_exploration

    _check_folders(page, notebook)
    found = profile(
        tables.read(data),
        target,
        test=None if test is None else tables.read(test),
        problem=problem,
        group=group_column,
        missing_target=missing_target,
    )
    if page is not None:
        page.write_text(html(found, Path(data).name), "utf-8")
    if notebook is not None:
        write_exploration(found, Sources(data, test, group_column), notebook)
    if as_json:
        echo_json(found)
    else:
        _echo(found, [file for file in (page, notebook) if file is not None])
    if any(alert.severity == "error" for alert in found.alerts):
        raise click.exceptions.Exit(1)


def _check_folders(*files: Path | None) -> None:
    for file in files:
        if file is not None and not file.parent.is_dir():
            raise click.UsageError(f"there is no folder {file.parent} to write {file.name} to")


def _echo(found: "Profile", files: list[Path]) -> None:
    click.echo(f"{found.rows:,} rows, {found.columns:,} columns: {found.verdict}.")
    for alert in found.alerts:
        colour = {"error": "red", "warning": "yellow", "note": "blue"}[alert.severity]
        click.echo(f"\n{click.style(f'{alert.severity} {alert.id}', fg=colour)}  {alert.message}.")
        click.echo(f"  {alert.advice}.")
    if files:
        click.echo(f"\nwritten: {', '.join(map(str, files))}")
