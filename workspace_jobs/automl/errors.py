"""What can be wrong with data, options or candidates, told in one sentence."""

from typing import ClassVar

from workspace_jobs.errors import JobsError


class AutoMLError(JobsError):
    """Data, an option or a candidate that AutoML can't work with; the sentence says what to write instead."""


class NoModelError(AutoMLError):
    """A run that ended without a model: every trial failed, or the time was over before the first."""

    exit_code: ClassVar[int] = 1
