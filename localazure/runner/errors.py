"""The one error of the runner: a job that can't be accepted, prepared or run, said in a sentence."""

from typing import ClassVar


class RunnerError(Exception):
    """Something about a job that its author can put right; the message is one sentence for them."""

    exit_code: ClassVar[int] = 1
