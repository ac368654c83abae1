"""The one error of this room: something about names that its user can put right."""

# As in typing, whose import takes longer than finding a rule.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import ClassVar


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
    from difflib import get_close_matches

    spellings = {spelling.lower(): spelling for spelling in known}
    near = get_close_matches(word.lower(), spellings, n=1, cutoff=cutoff)
    if near:
        return f"did you mean {spellings[near[0]]!r}?"
    return f"write one of {', '.join(sorted(spellings.values()))}."
