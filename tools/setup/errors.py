"""The one error of set-up: a sentence for the person at the terminal."""

from typing import ClassVar


class SetupError(Exception):
    """Set-up cannot go on. The message is one sentence that says what to do."""

    exit_code: ClassVar[int] = 1
