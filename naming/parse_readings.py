"""Every way in which a name can be read as the convention writes it; which of them is true, its hash tells."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from naming.convention import Convention
from naming.convention_layout import Layout
from naming.shorten import EXPENDABLE, HASH_LENGTH

HASH = "hash"
LONGEST_INSTANCE = 4

_WORD = re.compile(r"[a-z][a-z0-9]*")
_INSTANCE = re.compile(r"[a-z0-9]{1,4}")
_HASH = re.compile(r"[0-9][a-z0-9]*")


@dataclass(frozen=True, slots=True)
class Reading:
    """The words of a name by what they stand for, as they are written; `shortened` where a hash replaces some."""

    words: Mapping[str, str]
    shortened: bool = False


class Reader:
    """Reads the names of one type. It knows which short words the convention has for what."""

    def __init__(self, convention: Convention, layout: Layout) -> None:
        self._layout = layout
        self._known = {
            "abbreviation": (layout.abbreviation,),
            "organisation": (convention.organisation,),
            "environment": tuple(convention.environments.values()),
            "region": tuple(convention.region_codes.values()),
        }
        self._sets = {kind: frozenset(words) for kind, words in self._known.items()}

    def whole(self, name: str) -> Iterator[Reading]:
        """Yield every reading of a name in which nothing was shortened."""
        layout = self._layout
        if len(name) > layout.limit:
            return
        suffix = [HASH] if layout.suffix_length else []
        for slots in _with_and_without(layout.order, ("instance",)):
            for words in self._readings(name, [*slots, *suffix], layout.suffix_length):
                yield Reading(words)

    def shortened(self, name: str) -> Iterator[Reading]:
        """Yield every reading of a name that lost the end of its workload, and maybe more, to a hash."""
        layout = self._layout
        if len(name) > layout.limit:
            return
        present = [kind for kind in EXPENDABLE if kind in layout.order]
        for count in range(len(present) + 1):
            kept = [kind for kind in layout.order if kind not in present[:count]]
            for slots in _with_and_without(kept, ("instance",) if count == 0 else ()):
                for cut in self._cut(slots):
                    for words in self._readings(name, cut, HASH_LENGTH):
                        # A workload that is merely cut fills its name to the last character.
                        if len(name) == layout.limit or "workload" not in words or len(slots) < len(layout.order):
                            yield Reading(words, shortened=True)

    def _cut(self, slots: Sequence[str]) -> Iterator[list[str]]:
        """Yield where the hash stands: at the end of names that have a suffix, else right after the workload."""
        without = [kind for kind in slots if kind != "workload"]
        if self._layout.suffix_length:
            yield [*slots, HASH]
            if without != list(slots):
                yield [*without, HASH]
            return
        if "workload" not in slots:
            yield [*slots, HASH]
            return
        at = list(slots).index("workload")
        yield [*slots[: at + 1], HASH, *slots[at + 1 :]]
        yield [*slots[:at], HASH, *slots[at + 1 :]]

    def _readings(self, name: str, slots: Sequence[str], hash_length: int) -> Iterator[dict[str, str]]:
        separator = self._layout.separator
        if not separator:
            yield from self._glued(name, slots, hash_length)
            return
        words = name.split(separator)
        if len(words) == len(slots) and all(
            self._fits(kind, word, hash_length) for kind, word in zip(slots, words, strict=True)
        ):
            yield dict(zip(slots, words, strict=True))

    def _glued(self, text: str, slots: Sequence[str], hash_length: int) -> Iterator[dict[str, str]]:
        if not slots:
            if not text:
                yield {}
            return
        # From the end, where the hash is: it says how long it is, and the words before it are known ones.
        kind = slots[-1]
        for word in self._endings(kind, text, hash_length):
            for words in self._glued(text[: len(text) - len(word)], slots[:-1], hash_length):
                yield {**words, kind: word}

    def _endings(self, kind: str, text: str, hash_length: int) -> Iterator[str]:
        if kind in self._known:
            yield from (word for word in self._known[kind] if text.endswith(word))
            return
        lengths = {HASH: range(hash_length, hash_length + 1), "instance": range(1, LONGEST_INSTANCE + 1)}
        for length in lengths.get(kind, range(1, len(text) + 1)):
            word = text[-length:]
            if len(word) == length and self._fits(kind, word, hash_length):
                yield word

    def _fits(self, kind: str, word: str, hash_length: int) -> bool:
        match kind:
            case "workload":
                return _WORD.fullmatch(word) is not None
            case "instance":
                return _INSTANCE.fullmatch(word) is not None
            case "hash":
                return len(word) == hash_length and _HASH.fullmatch(word) is not None
        return word in self._sets[kind]


def _with_and_without(slots: Sequence[str], optional: Sequence[str]) -> Iterator[list[str]]:
    yield list(slots)
    if any(kind in slots for kind in optional):
        yield [kind for kind in slots if kind not in optional]
