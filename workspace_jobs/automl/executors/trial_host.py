"""What runs on a node of a Ray cluster: a trial server with the rows, which is told of trials one at a time.

So a trial there is what it is here: a process that can be ended, with a limit to its memory. Files are sent along with
events, for a node has no disk in common with the search.
"""

import shutil
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

from workspace_jobs.automl.search.material import Material
from workspace_jobs.automl.search.messages import Done, Event, Job, Refit
from workspace_jobs.automl.search.trial_pool import TrialPool


@dataclass(frozen=True)
class Report:
    """An event, and what was written by a job that is done: predictions, or a pickled pipeline."""

    event: Event
    content: bytes | None = None


class TrialHost:
    """An actor. `reports` waits in a thread of its own, so that a trial can be ended meanwhile."""

    def __init__(self, material: Material) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="mlws-trials-"))
        self._pool = TrialPool()
        self._pool.load(replace(material, predictions=self._folder), self._folder / "material.pkl")
        self._refits: set[int] = set()
        self._is_closed = False

    def submit(self, job: Job) -> None:
        """Start a job now."""
        if isinstance(job, Refit):
            self._refits.add(job.number)
            job = replace(job, path=self._pipeline(job.number))
        self._pool.submit(job)

    def kill(self, number: int) -> None:
        """End a job."""
        self._pool.kill(number)

    def reports(self, seconds: float) -> list[Report]:
        """What has happened; none if nothing does for so many seconds."""
        try:
            return self._news(seconds)
        except OSError:
            if self._is_closed:
                # By the other thread, while this one waited.
                return []
            raise

    def close(self) -> None:
        """End every trial, and leave nothing behind."""
        self._is_closed = True
        self._pool.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _news(self, seconds: float) -> list[Report]:
        until = time.monotonic() + seconds
        found = []
        event = self._pool.next_event(seconds)
        while event is not None:
            found.append(Report(event, self._written_by(event)))
            event = self._pool.next_event(0) if time.monotonic() < until else None
        return found

    def _written_by(self, event: Event) -> bytes | None:
        if not isinstance(event, Done):
            return None
        is_refit = event.number in self._refits
        file = self._pipeline(event.number) if is_refit else self._folder / f"{event.number}.npy"
        if not file.exists():  # a pruned trial has no predictions
            return None
        content = file.read_bytes()
        file.unlink()
        return content

    def _pipeline(self, number: int) -> Path:
        return self._folder / f"refit-{number}.pkl"
