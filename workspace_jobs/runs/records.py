"""What a store knows of a run, whichever way it was read."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

ACTIVE, DELETED = "active", "deleted"


@dataclass(frozen=True, slots=True)
class Experiment:
    """An experiment; `stage` is "active" or "deleted"."""

    id: str
    name: str
    stage: str


@dataclass(frozen=True, slots=True)
class Run:
    """A run with the last value of each metric; times are milliseconds since 1970, as MLflow keeps them."""

    id: str
    name: str
    experiment_id: str
    status: str
    stage: str
    user: str
    started: int | None
    ended: int | None
    artifact_uri: str
    params: Mapping[str, str] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def seconds(self) -> float | None:
        """How long the run took; None while it goes on."""
        return None if self.started is None or self.ended is None else (self.ended - self.started) / 1000

    def plain(self) -> dict[str, object]:
        """The run as JSON can hold it: times in ISO 8601, numbers that JSON lacks as MLflow's REST API writes them."""
        return {
            "id": self.id,
            "name": self.name,
            "experiment_id": self.experiment_id,
            "status": self.status,
            "stage": self.stage,
            "user": self.user,
            "started": iso(self.started),
            "ended": iso(self.ended),
            "seconds": self.seconds,
            "artifact_uri": self.artifact_uri,
            "params": dict(self.params),
            "metrics": {key: json_number(value) for key, value in self.metrics.items()},
            "tags": dict(self.tags),
        }


@dataclass(frozen=True, slots=True)
class Point:
    """One logged value of a metric; `time` in milliseconds since 1970."""

    step: int
    time: int
    value: float


def moment(milliseconds: int | None) -> datetime | None:
    """The time in UTC."""
    return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC)


def iso(milliseconds: int | None) -> str | None:
    """The time in ISO 8601, UTC."""
    time = moment(milliseconds)
    return None if time is None else time.isoformat(timespec="milliseconds")


def json_number(value: float) -> float | str:
    """The number, or the word for it where JSON has none."""
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else f"{'-' if value < 0 else ''}Infinity"
