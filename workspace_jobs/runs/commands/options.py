"""What the commands of `mlws runs` and `mlws models` are told alike: which store, which runs."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from workspace_jobs.runs.records import Run
    from workspace_jobs.runs.stores import RunStore

Command = Callable[..., Any]

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_STORE = (
    click.option(
        "--tracking-uri", help="The MLflow store; else MLFLOW_TRACKING_URI, else mlflow.db of the working folder."
    ),
    click.option("--config", type=click.Path(path_type=Path), help="A workspace's config.json: its store is meant."),
)
_SEARCH = (
    click.option("--experiment", "experiments", multiple=True, metavar="NAME", help="By name or id; repeat for more."),
    click.option(
        "--order-by",
        multiple=True,
        metavar="KEY",
        help='As MLflow writes it: "metrics.rmse DESC"; repeat for more. The newest first by default.',
    ),
    click.option(
        "--view",
        type=click.Choice(["active", "deleted", "all"]),
        default="active",
        show_default=True,
        help="Which runs.",
    ),
)
_FILTER = click.option(
    "--filter", metavar="TEXT", default="", help="In MLflow's syntax: \"metrics.rmse < 60 and params.l1 = '1'\"."
)


@dataclass(frozen=True)
class Search:
    """The runs that a command's options ask for."""

    filter: str
    experiments: tuple[str, ...]
    order_by: tuple[str, ...]
    view: str
    limit: int | None

    def runs(self, store: "RunStore", *, first: tuple[str, ...] = (), extra: int = 0) -> "list[Run]":
        """Find them, sorted by `first` before all else; `extra` runs above the limit, to know whether there are more.

        Raises JobsError for an unknown experiment or a wrong filter.
        """
        from workspace_jobs.runs.finding import experiment_ids
        from workspace_jobs.runs.stores import Query

        limit = None if self.limit is None else self.limit + extra
        ids = experiment_ids(store, self.experiments)
        return store.search(Query(ids, self.filter, (*first, *self.order_by), self.view, limit))


def store_options(command: Command) -> Command:
    """Add the options that name a store; the command gets it as `store`."""

    @wraps(command)
    def with_store(*, tracking_uri: str | None, config: Path | None, **others: object) -> object:
        return command(store=_open(tracking_uri, config), **others)

    return _with(with_store, *_STORE)


def search_options(limit: int | None, filter_: Command = _FILTER) -> Callable[[Command], Command]:
    """Make the options that say which runs; the command gets them as `search`, and `store` besides."""
    limit_option = click.option(
        "--limit",
        type=click.IntRange(min=1),
        default=limit,
        show_default=limit is not None,
        help="How many runs at most.",
    )

    def decorate(command: Command) -> Command:
        @wraps(command)
        def with_search(**given: Any) -> object:  # noqa: ANN401 - what click hands over
            search = Search(**{part.name: given.pop(part.name) for part in fields(Search)})
            return command(search=search, **given)

        return _with(store_options(with_search), filter_, *_SEARCH, limit_option)

    return decorate


def _open(tracking_uri: str | None, config: Path | None) -> "RunStore":
    if tracking_uri is not None and config is not None:
        raise click.UsageError("--tracking-uri and --config exclude each other: write one of them")
    from workspace_jobs.runs.opening import open_store

    return open_store(tracking_uri, config)


def _with(command: Command, *options: Command) -> Command:
    for option in reversed(options):
        command = option(command)
    return command
