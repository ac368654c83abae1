"""The place of the trials, chosen as asked."""

from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from workspace_jobs.automl.search.messages import Event, Job

if TYPE_CHECKING:
    from workspace_jobs.automl.options import Options
    from workspace_jobs.automl.resources import Share
    from workspace_jobs.automl.search.material import Material


class Pool(Protocol):
    """An executor of a search that is opened, given what trials work on, and closed."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def share(self, cells: int, parallel: int | None, memory: int | None) -> "Share":
        """How trials share the machines, for a table of so many cells. The last two are wishes; memory is in bytes."""

    def load(self, material: "Material", file: Path) -> None:
        """Hand over what trials work on; `file` may be written for it."""

    def submit(self, job: Job) -> None:
        """Start a job, as soon as there is room for it."""

    def kill(self, number: int) -> None:
        """End a job; an event says when it has."""

    def next_event(self, seconds: float) -> Event | None:
        """The next thing that happens, None if nothing does for so many seconds."""


def pool_of(options: "Options") -> Pool:
    """The pool that `options` ask for. Raises AutoMLError where Ray is not installed."""
    if options.executor == "ray":
        from workspace_jobs.automl.executors.ray_pool import RayPool

        return RayPool(options.ray_address)
    from workspace_jobs.automl.search.trial_pool import TrialPool

    return TrialPool()
