"""The one error of the journey."""

from typing import ClassVar


class StepError(Exception):
    """A command of the journey failed. It has said why itself; the message says which it was and what to do."""

    exit_code: ClassVar[int] = 1
