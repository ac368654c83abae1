"""What can go wrong between a run and its store."""

from typing import ClassVar

from workspace_jobs.errors import JobsError


class TrackingError(JobsError):
    """A store that can't be used as asked, told in one sentence."""

    exit_code: ClassVar[int] = 1


class StoreAwayError(TrackingError):
    """The store can't be written at present; what is in the journal is written later."""
