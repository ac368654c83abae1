"""`mlws runs list`, `search`, `best` and `show`: looking runs up."""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

from workspace_jobs.errors import some
from workspace_jobs.presentation import echo_pairs, echo_table
from workspace_jobs.runs.commands.options import Search, json_option, search_options, store_options

if TYPE_CHECKING:
    from workspace_jobs.runs.records import Run
    from workspace_jobs.runs.stores import RunStore


@click.command("list")
@search_options(limit=20)
@json_option
def list_command(*, store: "RunStore", search: Search, as_json: bool) -> None:
    """List runs, the newest first."""
    echo_runs(store, search.runs(store, extra=1), search, as_json=as_json)


@click.command("search")
@search_options(limit=100, filter_=click.argument("filter"))
@json_option
def search_command(*, store: "RunStore", search: Search, as_json: bool) -> None:
    """Find runs by FILTER, in MLflow's syntax: "metrics.rmse < 60 and params.l1_ratio = '1.0'"."""
    echo_runs(store, search.runs(store, extra=1), search, as_json=as_json)


@click.command("best")
@click.argument("metric")
@click.option("--max/--min", "maximize", default=None, help="What is better; most names of metrics say it themselves.")
@search_options(limit=1)
@json_option
def best_command(*, metric: str, maximize: bool | None, store: "RunStore", search: Search, as_json: bool) -> None:
    """Show the run with the best METRIC, or with --limit the best ones."""
    from workspace_jobs.errors import JobsError
    from workspace_jobs.runs.best import best_first

    order = best_first(metric, maximize=maximize)
    runs = [run for run in search.runs(store, first=(order,)) if metric in run.metrics]
    if not runs:
        raise JobsError(f"no run that was asked for has a metric `{metric}`: `mlws runs list` shows which there are")
    if search.limit == 1:
        _echo_run(store, runs[0], as_json=as_json)
    else:
        echo_runs(store, runs, search, first=(f"metrics.{metric}",), as_json=as_json)


@click.command("show")
@click.argument("run")
@store_options
@json_option
def show_command(*, run: str, store: "RunStore", as_json: bool) -> None:
    """Show RUN (an id, the beginning of one, or a name): parameters, metrics, tags and files."""
    from workspace_jobs.runs.artifacts import list_artifacts
    from workspace_jobs.runs.finding import find_run

    found = find_run(store, run)
    models = [f"{name} (models:/{model_id})" for model_id, name in store.logged_models(found).items()]
    _echo_run(store, found, list_artifacts(store, found), models, as_json=as_json)


def echo_runs(
    store: "RunStore", runs: "Sequence[Run]", search: Search, *, first: tuple[str, ...] = (), as_json: bool
) -> None:
    """Print runs, the keys in `first` and those sorted by before the others, and say what the table leaves out."""
    from workspace_jobs.runs.filters import parse_order
    from workspace_jobs.runs.finding import experiment_names
    from workspace_jobs.runs.table import run_table

    shown = runs[: search.limit]
    experiments = experiment_names(store)
    if as_json:
        plain = [_plain(run, experiments) for run in shown]
        click.echo(json.dumps(plain, indent=2, ensure_ascii=False))
        return
    sorted_by = [f"{order.kind}s.{order.key}" for order in parse_order(search.order_by)]
    table = run_table(shown, [*first, *sorted_by], experiments=experiments)
    echo_table(table.columns, table.rows)
    if table.left_out:
        click.echo(f"no room for {some(table.left_out)}: --json has everything", err=True)
    if len(runs) > len(shown):
        click.echo(f"the first {len(shown)}: --limit shows more", err=True)


def _plain(run: "Run", experiments: Mapping[str, str]) -> dict[str, object]:
    return {**run.plain(), "experiment": experiments.get(run.experiment_id)}


def _echo_run(
    store: "RunStore", run: "Run", files: Sequence[str] = (), models: Sequence[str] = (), *, as_json: bool
) -> None:
    from workspace_jobs.runs.finding import experiment_names
    from workspace_jobs.runs.records import moment

    experiments = experiment_names(store)
    if as_json:
        logged = {"artifacts": list(files), "models": list(models)}
        click.echo(json.dumps({**_plain(run, experiments), **logged}, indent=2, ensure_ascii=False))
        return
    echo_pairs(
        [
            ("id", run.id),
            ("name", run.name),
            ("experiment", experiments.get(run.experiment_id, run.experiment_id)),
            ("status", run.status if run.stage == "active" else f"{run.status}, deleted"),
            ("user", run.user),
            ("started", moment(run.started)),
            ("duration", None if run.seconds is None else f"{run.seconds:.1f} s"),
            *((f"param {key}", value) for key, value in sorted(run.params.items())),
            *((f"metric {key}", value) for key, value in sorted(run.metrics.items())),
            *((f"tag {key}", " ".join(value.split())[:100]) for key, value in sorted(run.tags.items())),
            *(("file", file) for file in files),
            *(("model", model) for model in models),
            ("artifacts", run.artifact_uri),
        ]
    )
