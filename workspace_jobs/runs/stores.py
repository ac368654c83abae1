"""What can be asked of a store of runs, whichever way it is read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

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
    """A store: `database.py` and `client.py` have one each, and `opening.py` knows which is meant."""

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
