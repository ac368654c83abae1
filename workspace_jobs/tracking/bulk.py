"""Finished runs of a whole sweep, in one transaction and without MLflow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class FinishedRun:
    """A run that has ended; times in milliseconds since 1970, as MLflow counts them."""

    parameters: Mapping[str, object]
    metrics: Mapping[str, float]
    started: int
    ended: int
    name: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    status: str = "FINISHED"


def write_runs(path: Path, experiment: str, runs: Sequence[FinishedRun]) -> list[str]:
    """Write `runs` to the experiment of this name, which is made where it is missing, and return their ids.

    All of them or none. The database is made where it is missing.
    """
    raise NotImplementedError
