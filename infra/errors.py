"""The room's error type: a sentence for the person who runs the stack, and the exit code that goes with it."""

from typing import ClassVar


class InfraError(Exception):
    """A mistake that the user can correct; its text is one sentence that says what to write or do instead."""

    exit_code: ClassVar[int] = 2


class SettingsError(InfraError):
    """A stack file holds an unknown key, a wrong value, or lacks a required one."""
