"""Every way in which a name can be read as the convention writes it; which of them is true, its hash tells."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

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
        # Not the layout itself: readers are kept for as long as it lives.
        self._order, self._separator = layout.order, layout.separator
        self._limit, self._suffix_length = layout.limit, layout.suffix_length
        self._known = {
            "abbreviation": frozenset({layout.abbreviation}),
            "organisation": frozenset({convention.organisation}),
            "environment": frozenset(convention.environments.values()),
            "region": frozenset(convention.region_codes.values()),
        }
        self._lengths = {kind: sorted({len(word) for word in words}) for kind, words in self._known.items()}

    def whole(self, name: str) -> Iterator[Reading]:
        """Yield every reading of a name in which nothing was shortened."""
        if len(name) > self._limit:
            return
        for slots in self._whole.get(self._parts(name), ()):
            for words in self._readings(name, slots, self._suffix_length):
                yield Reading(words)

    def shortened(self, name: str) -> Iterator[Reading]:
        """Yield every reading of a name that lost the end of its workload, and maybe more, to a hash."""
        if len(name) > self._limit:
            return
        for slots, is_all in self._shortened.get(self._parts(name), ()):
            for words in self._readings(name, slots, HASH_LENGTH):
                # A workload that is merely cut fills its name to the last character.
                if len(name) == self._limit or "workload" not in words or not is_all:
                    yield Reading(words, shortened=True)

    @cached_property
    def _whole(self) -> dict[int, list[list[str]]]:
        """The words that a name may have, by what `_parts` says of such names."""
        suffix = [HASH] if self._suffix_length else []
        found: dict[int, list[list[str]]] = {}
        for slots in _with_and_without(self._order, ("instance",)):
            found.setdefault(self._parts_of([*slots, *suffix]), []).append([*slots, *suffix])
        return found

    @cached_property
    def _shortened(self) -> dict[int, list[tuple[list[str], bool]]]:
        """The words that a shortened name may have, and whether it lacks none that the convention wants."""
        present = [kind for kind in EXPENDABLE if kind in self._order]
        found: dict[int, list[tuple[list[str], bool]]] = {}
        for count in range(len(present) + 1):
            kept = [kind for kind in self._order if kind not in present[:count]]
            for slots in _with_and_without(kept, ("instance",) if count == 0 else ()):
                for cut in self._cut(slots):
                    found.setdefault(self._parts_of(cut), []).append((cut, len(slots) == len(self._order)))
        return found

    def _parts(self, name: str) -> int:
        """Return how many words a name has, 0 where that can't be seen."""
        return name.count(self._separator) + 1 if self._separator else 0

    def _parts_of(self, slots: Sequence[str]) -> int:
        return len(slots) if self._separator else 0

    def _cut(self, slots: Sequence[str]) -> Iterator[list[str]]:
        """Yield where the hash stands: at the end of names that have a suffix, else right after the workload."""
        without = [kind for kind in slots if kind != "workload"]
        if self._suffix_length:
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
        separator = self._separator
        if not separator:
            yield from self._glued(name, slots, hash_length)
            return
        words = name.split(separator)
        # Known words first: of most names one is not, and then no other has to be looked at.
        for kind, word in zip(slots, words, strict=True):
            known = self._known.get(kind)
            if known is not None and word not in known:
                return
        if all(self._fits(kind, word, hash_length) for kind, word in zip(slots, words, strict=True)):
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
        lengths: Sequence[int] = range(1, len(text) + 1)
        if kind in self._lengths:
            lengths = self._lengths[kind]
        elif kind == HASH:
            lengths = (hash_length,)
        elif kind == "instance":
            lengths = range(1, LONGEST_INSTANCE + 1)
        for length in lengths:
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
        return word in self._known[kind]


def _with_and_without(slots: Sequence[str], optional: Sequence[str]) -> Iterator[list[str]]:
    yield list(slots)
    if any(kind in slots for kind in optional):
        yield [kind for kind in slots if kind not in optional]
