"""Lays the words of a name that does not follow the convention beside the words that it should have.

The cheapest way to turn one into the other is what its author meant: the costs below say what is likelier.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, cached_property

from naming.convention import Convention
from naming.convention_layout import Layout
from naming.parse_readings import HASH, LONGEST_INSTANCE
from naming.regions import region_name, regions
from naming.shorten import HASH_LENGTH

_BETWEEN_WORDS = re.compile(r"[^a-z0-9]+")
_WORD = re.compile(r"[a-z][a-z0-9]*")
_NUMBER = re.compile(r"[0-9]{1,4}")
_LOOKS_HASHED = re.compile(r"[0-9](?=[a-z0-9]*[a-z])[a-z0-9]*")
# Longer names than any rule allows are not worth aligning, nor are more words than anybody gives a name.
_LONGEST = 300
_MOST_WORDS = 32

_MISSING = 1.5
_LEFT_OVER = 1.5
_MISSPELT = 1.2
_OF_ANOTHER_KIND = 2.0
_OF_ANOTHER_WORKLOAD = 0.1
_NEVER = 1_000.0
_ALIKE = 0.75
# So many words, and so many shapes of names, are remembered: an estate repeats itself.
_REMEMBERED = 65_536


# What it costs to lay words to slots, and which word (by position) stands at each of them.
_Way = tuple[float, list[tuple[str | None, int | None]]]


@dataclass(frozen=True, slots=True)
class Aligned:
    """One word of a name (None: not there) and what stands in that place by the convention (None: nothing)."""

    kind: str | None
    word: str | None


# There is one object of each shape, so that it is told from others at once.
@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """What decides how likely a word is to stand somewhere: words of one shape are laid to the same places."""

    kind: str | None
    is_hashed: bool
    is_number: bool
    is_short: bool
    is_word: bool
    is_like_environment: bool


class Vocabulary:
    """What single words mean in a convention, and nearly mean: `prd` is probably `prod`."""

    def __init__(self, convention: Convention, layout: Layout) -> None:
        self._convention = convention
        # Not the layout itself: vocabularies are kept for as long as it lives.
        self._abbreviation, self._suffix_length = layout.abbreviation, layout.suffix_length
        self.slots = (*layout.order, *([HASH] if layout.suffix_length else []))
        self._shapes: dict[str, Shape] = {}
        self._places: dict[tuple[Shape, ...], list[tuple[str | None, int | None]]] = {}

    @cached_property
    def known(self) -> dict[str, dict[str, str]]:
        """What stands for what exactly: by kind, word to meaning."""
        convention = self._convention
        return {
            "abbreviation": {self._abbreviation: self._abbreviation},
            "environment": {short: name for name, short in convention.environments.items()},
            "region": {code: name for name, code in convention.region_codes.items()},
            "organisation": {convention.organisation: convention.organisation},
            "workload": {convention.workload: convention.workload},
        }

    @cached_property
    def spelled_otherwise(self) -> dict[str, dict[str, str]]:
        """What means the same elsewhere: full names, and the codes of other published tables."""
        codes = {
            code: region.name
            for region in regions().values()
            for code in region.codes.values()
            if region.name in self._convention.region_codes and code not in self.known["region"]
        }
        names = {name: name for name in self._convention.region_codes}
        return {
            "environment": {name: name for name in self._convention.environments},
            "region": codes | {region_name(name): name for name in names},
        }

    @cached_property
    def _kinds(self) -> dict[str, str]:
        kinds: dict[str, str] = {}
        for table in (self.known, self.spelled_otherwise):
            for kind, words in table.items():
                for word in words:
                    kinds.setdefault(word, kind)
        return kinds

    @cached_property
    def _environments(self) -> dict[str, str]:
        return {**self.known["environment"], **self.spelled_otherwise["environment"]}

    @cached_property
    def _letters(self) -> frozenset[str]:
        return frozenset("".join(self._environments))

    def kind(self, word: str) -> str | None:
        """Return what `word` stands for, exactly or spelled otherwise, or None."""
        return self._kinds.get(word)

    def meant(self, kind: str, word: str) -> str | None:
        """Return the full name that `word` is near to, as a word of `kind`; None where it is near none."""
        exact = self.known.get(kind, {}).get(word) or self.spelled_otherwise.get(kind, {}).get(word)
        if exact or kind != "environment":
            return exact
        spellings = self._environments
        if self._letters.isdisjoint(word):
            return None
        # "production" is prod, "development" is dev; what is no start of the other has to be very like it.
        for spelling, name in spellings.items():
            if len(spelling) > 1 and (word.startswith(spelling) or (len(word) > 1 and spelling.startswith(word))):
                return name
        alike = [spelling for spelling in spellings if _may_be_alike(spelling, word)]
        near = get_close_matches(word, alike, n=1, cutoff=_ALIKE) if alike else []
        return spellings[near[0]] if near else None

    def shape(self, word: str) -> Shape:
        """Return what of a word counts where it is laid beside what a name should have."""
        found = self._shapes.get(word)
        if found is None:
            if len(self._shapes) >= _REMEMBERED:
                self._shapes.clear()
            kind = self.kind(word)
            found = self._shapes[word] = _shape(
                kind,
                looks_hashed(word),
                _NUMBER.fullmatch(word) is not None,
                len(word) <= LONGEST_INSTANCE,
                _WORD.fullmatch(word) is not None,
                kind is None and self.meant("environment", word) is not None,
            )
        return found

    def aligned(self, words: Sequence[str]) -> list[Aligned]:
        """Return the likeliest pairing of what the convention wants with `words`, what the name has."""
        shapes = tuple(map(self.shape, words))
        places = self._places.get(shapes)
        if places is None:
            if len(self._places) >= _REMEMBERED:
                self._places.clear()
            places = self._places[shapes] = align(self.slots, shapes)
        return [Aligned(slot, None if at is None else words[at]) for slot, at in places]

    def words_of(self, name: str) -> list[str]:
        """Return the words of a name: what stands between hyphens and the like, or what can be told apart."""
        words = [word for word in _BETWEEN_WORDS.split(name.lower()[:_LONGEST]) if word]
        return words[:_MOST_WORDS] if len(words) != 1 else self._peeled(words[0])

    def _peeled(self, text: str) -> list[str]:
        """Take known words off both ends of a name without separators; what is left between them is one word."""
        ends: list[str] = []
        start: list[str] = []
        suffix = self._suffix_length
        if suffix and _LOOKS_HASHED.fullmatch(text[-suffix:]) and len(text) > suffix:
            ends, text = [text[-suffix:]], text[:-suffix]
        number = re.search(r"(?<=[a-z])[0-9]{1,4}$", text)
        if number and self._known_at(text[: number.start()], at_end=True):
            ends, text = [number.group(), *ends], text[: number.start()]
        taken: set[str] = set()
        while word := self._known_at(text, at_end=True, without=taken):
            ends, text = [word, *ends], text[: -len(word)]
            taken.add(self.kind(word) or "")
        while word := self._known_at(text, at_end=False, without=taken):
            start, text = [*start, word], text[len(word) :]
            taken.add(self.kind(word) or "")
        return [*start, *([text] if text else []), *ends]

    def _known_at(self, text: str, *, at_end: bool, without: frozenset[str] | set[str] = frozenset()) -> str | None:
        """Return the longest known word at one end of `text`: not one that is all of it, nor of a kind in `without`."""
        for length in self._lengths:
            if length >= len(text):
                continue
            word = text[-length:] if at_end else text[:length]
            for kind in self._all_kinds.get(word, ()):
                if kind not in without and not (kind == "abbreviation" and at_end):
                    return word
        return None

    @cached_property
    def _all_kinds(self) -> dict[str, list[str]]:
        """What each known word may stand for; a workload may be any word, and is found by what is around it."""
        kinds: dict[str, list[str]] = {}
        for table in (self.known, self.spelled_otherwise):
            for kind, words in table.items():
                for word in words if kind != "workload" else ():
                    kinds.setdefault(word, []).append(kind)
        return kinds

    @cached_property
    def _lengths(self) -> list[int]:
        return sorted({len(word) for word in self._all_kinds}, reverse=True)


_shape = cache(Shape)


def align(slots: Sequence[str], shapes: Sequence[Shape]) -> list[tuple[str | None, int | None]]:
    """Return the likeliest pairing of `slots` with words of these shapes: each slot with the position of its word."""
    costs: dict[tuple[int, int], _Way] = {(0, 0): (0.0, [])}
    for at in range(len(slots) + 1):
        for to in range(len(shapes) + 1):
            if (at, to) != (0, 0):
                costs[at, to] = min(_ways(slots, shapes, (at, to), costs), key=lambda way: way[0])
    return costs[len(slots), len(shapes)][1]


def _ways(
    slots: Sequence[str], shapes: Sequence[Shape], here: tuple[int, int], costs: Mapping[tuple[int, int], _Way]
) -> list[_Way]:
    at, to = here
    ways: list[_Way] = []
    if at and to:
        cost, before = costs[at - 1, to - 1]
        ways.append((cost + _pairing(slots[at - 1], shapes[to - 1]), [*before, (slots[at - 1], to - 1)]))
    if at:
        cost, before = costs[at - 1, to]
        ways.append((cost + _absence(slots[at - 1]), [*before, (slots[at - 1], None)]))
    if to:
        cost, before = costs[at, to - 1]
        ways.append((cost + _LEFT_OVER, [*before, (None, to - 1)]))
    return ways


def _absence(slot: str) -> float:
    return {"instance": 0.1, HASH: 1.0}.get(slot, _MISSING)


def _pairing(slot: str, word: Shape) -> float:
    if word.kind == slot:
        return 0.0
    if slot == HASH:
        return 0.0 if word.is_hashed and word.kind is None else _NEVER
    if slot == "instance":
        return _as_instance(word) if word.kind is None else _NEVER
    if word.kind is not None:
        return _OF_ANOTHER_KIND if slot == "workload" else _OF_ANOTHER_KIND + 2
    if slot == "workload":
        return _OF_ANOTHER_WORKLOAD if word.is_word else 1.0
    return _as_misspelt(slot, word)


def _as_instance(word: Shape) -> float:
    if word.is_number:
        return 0.0
    return 0.5 if word.is_short else _NEVER


def _as_misspelt(slot: str, word: Shape) -> float:
    if word.is_hashed:
        return _OF_ANOTHER_KIND
    return _MISSPELT / 2 if slot == "environment" and word.is_like_environment else _MISSPELT


def _may_be_alike(spelling: str, word: str) -> bool:
    """Whether two words have enough letters in common to be alike: what `difflib` finds out with more trouble."""
    if 2 * min(len(spelling), len(word)) < _ALIKE * (len(spelling) + len(word)):
        return False
    common = 0
    for letter in set(spelling):
        common += min(spelling.count(letter), word.count(letter))
    return 2 * common >= _ALIKE * (len(spelling) + len(word))


def looks_hashed(word: str) -> bool:
    """Whether `word` is shaped like the hashes that names end in: a digit first, four to eight characters."""
    shortest = 4
    return shortest <= len(word) <= HASH_LENGTH and _LOOKS_HASHED.fullmatch(word) is not None
