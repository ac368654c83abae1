"""Where a job stands, kept in its folder, so that it outlives the server and the job alike.

One process writes at a time: the supervisor while it lives, the server before and after.
A write replaces the file as a whole, so a reader never sees half of it.
"""

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from localazure.home import write_atomically
from localazure.runner.spec import BlobOutput, output_from


class JobStatus(StrEnum):
    """Azure ML's own words for where a job stands."""

    QUEUED = "Queued"
    PREPARING = "Preparing"
    RUNNING = "Running"
    FINALIZING = "Finalizing"
    COMPLETED = "Completed"
    FAILED = "Failed"
    CANCELED = "Canceled"

    @property
    def is_final(self) -> bool:
        """Whether the job has ended."""
        return self in _FINAL


_FINAL = frozenset({JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELED})


@dataclass(frozen=True)
class ProcessRef:
    """A process, not to be mistaken for a later one of the same id; `created` in seconds since the epoch."""

    pid: int
    created: float


@dataclass(frozen=True)
class JobState:
    """Where a job stands.

    Times are seconds since the epoch. `error` is one sentence, None unless Failed or Canceled with a reason.
    `outputs` are the places uploaded to (AutoML adds `best_model`); `properties` are for the job's own.
    """

    status: JobStatus = JobStatus.QUEUED
    submitted: float = 0.0
    started: float | None = None
    ended: float | None = None
    exit_code: int | None = None
    error: str | None = None
    run_id: str | None = None
    outputs: Mapping[str, BlobOutput] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)
    supervisor: ProcessRef | None = None
    command: ProcessRef | None = None


def read_state(path: Path) -> JobState:
    """The state in the file `path`."""
    raw = json.loads(path.read_text(encoding="utf-8"))
    raw["status"] = JobStatus(raw["status"])
    raw["outputs"] = {name: output_from(value) for name, value in raw["outputs"].items()}
    for key in ("supervisor", "command"):
        raw[key] = ProcessRef(**raw[key]) if raw[key] else None
    return JobState(**raw)


def write_state(path: Path, state: JobState) -> None:
    """Replace the file `path` by `state`, durably and as a whole."""
    write_atomically(path, json.dumps(dataclasses.asdict(state), indent=1))
