"""The error of the runner: a job that can't be accepted, prepared or run, said in a sentence."""

from typing import ClassVar

from localazure.errors import LocalAzureError


class RunnerError(LocalAzureError):
    """Something about a job that its author can put right; the message is one sentence for them."""

    exit_code: ClassVar[int] = 1
