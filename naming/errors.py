"""The one error of this room: something about names that its user can put right."""

# As in typing, whose import takes longer than finding a rule.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import ClassVar


_LEAST_LETTERS = 3


class NamingError(Exception):
    """One sentence that says what is wrong and what to write instead."""

    exit_code: "ClassVar[int]" = 2


def shown(text: str) -> str:
    """Return `text` in quotes, as a sentence has it: its end is cut off where it is long."""
    longest = 80
    return repr(text if len(text) <= longest else f"{text[: longest - 3]}...")


def did_you_mean(word: str, known: "Iterable[str]", cutoff: float = 0.6) -> str:
    """Return the end of a sentence: the known spelling nearest to `word`, or all when none is near.

    `cutoff` is how alike the two must be, 1.0 where only their case may differ.
    """
    spellings = tuple(known)
    near = nearest(word, spellings, cutoff)
    return f"did you mean {near!r}?" if near else f"write one of {', '.join(sorted(spellings))}."


def nearest(word: str, known: "Iterable[str]", cutoff: float = 0.6) -> str | None:
    """Return the known spelling that is most like `word`, or None: `system` is the beginning of one, `prodd` a slip.

    `cutoff` is how alike the two must be, 1.0 where only their case may differ.
    """
    from difflib import get_close_matches

    spellings = {spelling.lower(): spelling for spelling in known}
    meant = word.lower()
    near = get_close_matches(meant, spellings, n=1, cutoff=cutoff)
    if not near and cutoff < 1:
        near = [one for one in spellings if _begins(one, meant) or _begins(meant, one)]
    return spellings[near[0]] if near else None


def _begins(longer: str, shorter: str) -> bool:
    """Whether one is the beginning of the other, and long enough to mean it."""
    return len(shorter) >= _LEAST_LETTERS and longer.startswith(shorter)
