"""Joins words to a name, and shortens it where Azure allows less, so that different words never give the same name.

A name that fits is its words, one after the other. A name that doesn't loses the end of its workload, then the
instance, the region and the organisation; never the abbreviation and never the environment. What was removed comes
back as a hash, in a word of its own:

    mlw-customerchurnmodel-prod-euw-01  ->  mlw-custome-1ab2c3d4-prod-euw-01  (33 characters allow no more)

The hash starts with a digit and has eight characters, while a word starts with a letter or has at most four
(`naming.tokens` sees to it), so a shortened name is never another name written out. A name that carries a suffix
anyway, a hash of everything it stands for, gets a longer suffix instead, which covers what was removed too. Names
joined without a separator need the suffix: "a" + "bc" and "ab" + "c" would otherwise be alike.
"""

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HASH_LENGTH = 8
# What goes, besides the end of the workload, in the order in which it goes.
_EXPENDABLE = ("instance", "region", "organisation")
_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a name: which token it stands for, and its text, which is never empty."""

    token: str
    text: str


def compose(
    words: "Sequence[Word]", separator: str, limit: int, suffix: str = "", long_suffix: str = ""
) -> str | None:
    """Return the name that `words` give within `limit` characters, or None when there is none.

    `suffix` ends the name where it is not empty, and `long_suffix` does where the name has to be shortened.
    """
    texts = [word.text for word in words]
    whole = separator.join([*texts, suffix] if suffix else texts)
    if len(whole) <= limit:
        return whole
    reductions = list(_reductions(words))
    for kept, removed in reductions:
        last = (kept, removed) == reductions[-1]
        name = _shortened(kept, removed, separator, limit, long_suffix, least=0 if last else 1)
        if name is not None:
            return name
    return None


def digest(words: "Sequence[Word]", length: int) -> str:
    """Return a hash of `words` in lower-case letters and digits, starting with a digit; the same on every machine."""
    text = "\x1f".join(f"{word.token}={word.text}" for word in words)
    number = int.from_bytes(hashlib.sha256(text.encode()).digest())
    number, first = divmod(number, 10)
    drawn = [_BASE36[first]]
    for _ in range(length - 1):
        number, rest = divmod(number, 36)
        drawn.append(_BASE36[rest])
    return "".join(drawn)


def _reductions(words: "Sequence[Word]") -> "Iterator[tuple[list[Word], list[Word]]]":
    """Yield what is kept whole (the workload included) and what is removed whole, removing more each time."""
    yield list(words), []
    present = [token for token in _EXPENDABLE if any(word.token == token for word in words)]
    for count in range(1, len(present) + 1):
        gone = present[:count]
        yield (
            [word for word in words if word.token not in gone],
            [word for word in words if word.token in gone],
        )


def _shortened(
    kept: list[Word], removed: list[Word], separator: str, limit: int, long_suffix: str, least: int
) -> str | None:
    """Cut the workload to what `limit` leaves for it, or return None where that is less than `least` characters."""
    workload = next((word.text for word in kept if word.token == "workload"), "")
    others = [word.text for word in kept if word.token != "workload"]
    taken = sum(map(len, others)) + HASH_LENGTH + len(separator) * len(others)
    room = limit - taken - len(separator)
    if limit < taken or (workload and room < least):
        return None
    visible = workload[: max(room, 0)]
    lost = [Word("workload", workload[len(visible) :])] if visible != workload else []
    marker = long_suffix or digest([*lost, *removed], HASH_LENGTH)
    texts: list[str] = []
    for word in kept:
        if word.token != "workload":
            texts.append(word.text)
            continue
        texts += [visible] if visible else []
        texts += [] if long_suffix else [marker]
    if long_suffix or not workload:
        texts.append(marker)
    return separator.join(texts)
