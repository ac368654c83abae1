"""What can go wrong between a run and its store."""

from collections.abc import Sequence
from typing import ClassVar

from workspace_jobs.errors import JobsError
from workspace_jobs.tracking.operations import Operation


class TrackingError(JobsError):
    """A store that can't be used as asked, told in one sentence."""

    exit_code: ClassVar[int] = 1


class StoreAwayError(TrackingError):
    """The store can't be written at present; `left` is what it has not got, all of what was to be written if None."""

    def __init__(self, message: str, left: Sequence[Operation] | None = None) -> None:
        super().__init__(message)
        self.left = left


def first_line(error: Exception) -> str:
    """Return what an error says, in one line and without a full stop."""
    text = (str(error).splitlines() or [type(error).__name__])[0]
    # What follows repeats the address, three times, and names Python's classes.
    return text.partition(" with exception ")[0].rstrip(".")
