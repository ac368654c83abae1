"""Everything that can go wrong here by somebody's doing, each error carrying the exit code of its kind."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import ClassVar


class JobsError(Exception):
    """What the user can put right, told in one sentence that says how: a value, a sign-in, a service to start."""

    exit_code: ClassVar[int] = 2


class ServiceError(JobsError):
    """Azure answered that it will not or cannot."""

    exit_code: ClassVar[int] = 1


class JobFailedError(JobsError):
    """A job that ran and did not complete."""

    exit_code: ClassVar[int] = 1


def nearest(word: str, known: Iterable[str]) -> str:
    """Say what to write instead of `word`: the nearest known spelling, else all of them."""
    choices = sorted(known)
    close = get_close_matches(word, choices, n=1, cutoff=0.6)
    if close:
        return f"did you mean `{close[0]}`?"
    return f"write one of {some(choices, 20)}" if choices else "there is none to choose from"


def some(words: Sequence[str], at_most: int = 5) -> str:
    """Name the first of many, and how many more there are."""
    more = len(words) - at_most
    return ", ".join(words[:at_most]) + (f" and {more} more" if more > 0 else "")
