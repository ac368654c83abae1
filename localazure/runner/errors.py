"""The error of the runner: a job that can't be accepted, prepared or run, said in a sentence."""

from typing import ClassVar

from localazure.errors import LocalAzureError


class RunnerError(LocalAzureError):
    """Something about a job that its author can put right; the message is one sentence for them."""

    exit_code: ClassVar[int] = 1


class UnreachableError(RunnerError):
    """A server of the embedded Azure can't be reached right now; it may be back in a moment."""


class JobStoppedError(Exception):
    """Someone asked for the end of the job: how it is left what is being done. Nobody sees its message."""
