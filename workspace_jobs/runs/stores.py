"""Opening a store by its address: sqlite is read directly, every other one through MLflow's client."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from workspace_jobs.errors import JobsError
from workspace_jobs.runs.records import Experiment, Point, Run


@dataclass(frozen=True)
class Query:
    """A search: filter and orders in MLflow's syntax; `view` is "active", "deleted" or "all"; `limit` None is all."""

    experiment_ids: tuple[str, ...]
    filter: str = ""
    order_by: tuple[str, ...] = ()
    view: str = "active"
    limit: int | None = None


class RunStore(Protocol):
    """What can be asked of a store, whichever way it is read."""

    @property
    def uri(self) -> str:
        """The store's MLflow tracking address."""

    def experiments(self) -> list[Experiment]:
        """Every experiment, the deleted ones too."""

    def search(self, query: Query) -> list[Run]:
        """The runs that a search finds, in its order. Raises FilterError."""

    def named(self, word: str) -> list[Run]:
        """The runs, deleted ones too, whose id begins with `word` or whose name it is."""

    def history(self, run_id: str, metrics: Sequence[str]) -> Mapping[str, list[Point]]:
        """Every logged value of these metrics of a run, by step and time."""

    def logged_models(self, run: Run) -> Mapping[str, str]:
        """The models that MLflow 3 keeps beside the run and not among its files: id -> name."""


def open_store(uri: str | None, config: Path | None = None) -> RunStore:
    """Open the store at `uri`, the one of the workspace that `config` names, or where runs go by default.

    Raises JobsError where there is no such store.
    """
    from workspace_jobs.tracking.location import sqlite_path, tracking_uri

    if config is not None and uri is None:
        from workspace_jobs.connection import connect

        uri = connect(config).tracking_uri
    uri = tracking_uri(uri)
    path = sqlite_path(uri)
    if path is not None:
        from workspace_jobs.runs.database import SqliteStore

        return SqliteStore(path)
    from workspace_jobs.runs.client import ClientStore

    return ClientStore(uri)


def prepare_store(uri: str, artifact_root: str | None = None) -> None:
    """See to it that runs can be written to the store at `uri`: a database is made where it is missing.

    Files of the runs in a new one go to `artifact_root`, by default `mlruns` below the working folder.

    Raises JobsError where there can't be such a store. Does without MLflow.
    """
    from workspace_jobs.tracking import database
    from workspace_jobs.tracking.location import sqlite_path

    path = sqlite_path(uri)
    if path is None:
        from workspace_jobs.runs.client import check_address

        check_address(uri)
        return
    try:
        database.ensure(path, artifact_root)
    except OSError as error:
        raise JobsError(
            f"{path} cannot be made ({error.strerror or error}): name another file as --tracking-uri sqlite:///FILE"
        ) from error
    open_store(uri).experiments()
