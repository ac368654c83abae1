"""Joins words to a name and shortens it where Azure allows less; different words never give the same name.

A name that fits is its words, one after the other. A name that doesn't loses the end of its workload, then
the instance, the region and the organisation; never the abbreviation and never the environment. What was
removed comes back as a hash, in a word of its own:

    mlw-customerchurnmodelling-prod-euw-01  ->  mlw-customer-7fa59dde-prod-euw-01  (Azure allows 33)

The hash starts with a digit and has eight characters, while a word starts with a letter or has at most four
(`naming.tokens` sees to it), so a shortened name is never another name written out. A name that carries a
suffix anyway, a hash of everything it stands for, gets a longer suffix instead, which covers what was removed
too. Names joined without a separator need the suffix: "a" + "bc" and "ab" + "c" would otherwise be alike.
"""

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HASH_LENGTH = 8
# What goes, besides the end of the workload, in the order in which it goes.
EXPENDABLE = ("instance", "region", "organisation")
_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a name: what it stands for, and its text, which is never empty."""

    kind: str
    text: str


def compose(words: "Sequence[Word]", separator: str, limit: int, suffix: str = "", long_suffix: str = "") -> str | None:
    """Return the name that `words` give within `limit` characters, or None when there is none.

    `suffix` ends the name where it is not empty, and `long_suffix` does where the name has to be shortened.
    """
    whole = separator.join([*(word.text for word in words), *([suffix] if suffix else [])])
    if len(whole) <= limit:
        return whole
    for gone, last in _removals(words):
        kept = [word for word in words if word.kind not in gone]
        workload = next((word.text for word in kept if word.kind == "workload"), "")
        others = sum(len(word.text) + len(separator) for word in kept if word.kind != "workload")
        room = limit - HASH_LENGTH - others
        if room >= (len(separator) + 1 if workload and not last else 0):
            shown = workload[: max(room - len(separator), 0)]
            lost = [Word("workload", workload[len(shown) :]), *(word for word in words if word.kind in gone)]
            return separator.join(_pieces(kept, shown, lost, long_suffix))
    return None


def digest(words: "Sequence[Word]", length: int) -> str:
    """Return a hash of `words`: lower-case letters and digits, a digit first, the same on every machine."""
    text = "\x1f".join(f"{word.kind}={word.text}" for word in words)
    number = int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())
    number, first = divmod(number, 10)
    drawn = [_BASE36[first]]
    for _ in range(length - 1):
        number, rest = divmod(number, 36)
        drawn.append(_BASE36[rest])
    return "".join(drawn)


def _removals(words: "Sequence[Word]") -> "Iterator[tuple[list[str], bool]]":
    """Yield the kinds of words that go, more of them each time, and whether nothing more can go."""
    present = [kind for kind in EXPENDABLE if any(word.kind == kind for word in words)]
    for count in range(len(present) + 1):
        yield present[:count], count == len(present)


def _pieces(kept: "Sequence[Word]", shown: str, lost: "Sequence[Word]", long_suffix: str) -> "Iterator[str]":
    """Yield what stands between the separators of a shortened name: the hash right after the cut workload."""
    marker = "" if long_suffix else digest(lost, HASH_LENGTH)
    for word in kept:
        if word.kind != "workload":
            yield word.text
            continue
        if shown:
            yield shown
        if marker:
            yield marker
            marker = ""
    if marker or long_suffix:
        yield marker or long_suffix
