"""Lays the words of a name that does not follow the convention beside the words that it should have.

The cheapest way to turn one into the other is what its author meant: the costs below say what is likelier.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from naming.convention import Convention
from naming.convention_layout import Layout
from naming.parse_readings import HASH, LONGEST_INSTANCE
from naming.regions import region_name, regions
from naming.shorten import HASH_LENGTH

_BETWEEN_WORDS = re.compile(r"[^a-z0-9]+")
_WORD = re.compile(r"[a-z][a-z0-9]*")
_NUMBER = re.compile(r"[0-9]{1,4}")
_LOOKS_HASHED = re.compile(r"[0-9](?=[a-z0-9]*[a-z])[a-z0-9]*")
# Longer names than any rule allows are not worth aligning.
_LONGEST = 300

_MISSING = 1.5
_LEFT_OVER = 1.5
_MISSPELT = 1.2
_OF_ANOTHER_KIND = 2.0
_OF_ANOTHER_WORKLOAD = 0.1
_NEVER = 1_000.0


@dataclass(frozen=True, slots=True)
class Aligned:
    """One word of a name (None: not there) and what stands in that place by the convention (None: nothing)."""

    kind: str | None
    word: str | None


class Vocabulary:
    """What single words mean in a convention, and nearly mean: `prd` is probably `prod`."""

    def __init__(self, convention: Convention, layout: Layout) -> None:
        self._convention = convention
        self._layout = layout

    @cached_property
    def known(self) -> dict[str, dict[str, str]]:
        """What stands for what exactly: by kind, word to meaning."""
        convention = self._convention
        return {
            "abbreviation": {self._layout.abbreviation: self._layout.abbreviation},
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

    def kind(self, word: str) -> str | None:
        """Return what `word` stands for, exactly or spelled otherwise, or None."""
        tables = (self.known, self.spelled_otherwise)
        return next((kind for table in tables for kind, words in table.items() if word in words), None)

    def meant(self, kind: str, word: str) -> str | None:
        """Return the full name that `word` is near to, as a word of `kind`; None where it is near none."""
        exact = self.known.get(kind, {}).get(word) or self.spelled_otherwise.get(kind, {}).get(word)
        if exact or kind != "environment":
            return exact
        spellings = {**self.known[kind], **self.spelled_otherwise[kind]}
        # "production" is prod, "development" is dev; what is no start of the other has to be very like it.
        for spelling, name in spellings.items():
            if len(spelling) > 1 and (word.startswith(spelling) or (len(word) > 1 and spelling.startswith(word))):
                return name
        near = get_close_matches(word, spellings, n=1, cutoff=0.75)
        return spellings[near[0]] if near else None

    def words_of(self, name: str) -> list[str]:
        """Return the words of a name: what stands between hyphens and the like, or what can be told apart."""
        words = [word for word in _BETWEEN_WORDS.split(name.lower()[:_LONGEST]) if word]
        return words if len(words) != 1 else self._peeled(words[0])

    def _peeled(self, text: str) -> list[str]:
        """Take known words off both ends of a name without separators; what is left between them is one word."""
        ends: list[str] = []
        start: list[str] = []
        suffix = self._layout.suffix_length
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
        found = [
            word
            for table in (self.known, self.spelled_otherwise)
            for kind, words in table.items()
            if kind not in without and kind != "workload" and not (kind == "abbreviation" and at_end)
            for word in words
            if len(word) < len(text) and (text.endswith(word) if at_end else text.startswith(word))
        ]
        return max(found, key=len, default=None)


def align(vocabulary: Vocabulary, slots: Sequence[str], words: Sequence[str]) -> list[Aligned]:
    """Return the likeliest pairing of `slots`, what the convention wants, with `words`, what the name has."""
    costs: dict[tuple[int, int], tuple[float, list[Aligned]]] = {(0, 0): (0.0, [])}
    for at in range(len(slots) + 1):
        for to in range(len(words) + 1):
            if (at, to) != (0, 0):
                costs[at, to] = min(_ways(vocabulary, slots, words, (at, to), costs), key=lambda way: way[0])
    return costs[len(slots), len(words)][1]


def _ways(
    vocabulary: Vocabulary,
    slots: Sequence[str],
    words: Sequence[str],
    here: tuple[int, int],
    costs: Mapping[tuple[int, int], tuple[float, list[Aligned]]],
) -> list[tuple[float, list[Aligned]]]:
    at, to = here
    ways = []
    if at and to:
        cost, before = costs[at - 1, to - 1]
        pair = Aligned(slots[at - 1], words[to - 1])
        ways.append((cost + _pairing(vocabulary, slots[at - 1], words[to - 1]), [*before, pair]))
    if at:
        cost, before = costs[at - 1, to]
        ways.append((cost + _absence(slots[at - 1]), [*before, Aligned(slots[at - 1], None)]))
    if to:
        cost, before = costs[at, to - 1]
        ways.append((cost + _LEFT_OVER, [*before, Aligned(None, words[to - 1])]))
    return ways


def _absence(slot: str) -> float:
    return {"instance": 0.1, HASH: 1.0}.get(slot, _MISSING)


def _pairing(vocabulary: Vocabulary, slot: str, word: str) -> float:
    kind = vocabulary.kind(word)
    if kind == slot:
        return 0.0
    if slot == HASH:
        return 0.0 if looks_hashed(word) and kind is None else _NEVER
    if slot == "instance":
        return _as_instance(word) if kind is None else _NEVER
    if kind is not None:
        return _OF_ANOTHER_KIND if slot == "workload" else _OF_ANOTHER_KIND + 2
    if slot == "workload":
        return _OF_ANOTHER_WORKLOAD if _WORD.fullmatch(word) else 1.0
    return _as_misspelt(vocabulary, slot, word)


def _as_instance(word: str) -> float:
    if _NUMBER.fullmatch(word):
        return 0.0
    return 0.5 if len(word) <= LONGEST_INSTANCE else _NEVER


def _as_misspelt(vocabulary: Vocabulary, slot: str, word: str) -> float:
    if looks_hashed(word):
        return _OF_ANOTHER_KIND
    return _MISSPELT / 2 if vocabulary.meant(slot, word) else _MISSPELT


def looks_hashed(word: str) -> bool:
    """Whether `word` is shaped like the hashes that names end in: a digit first, four to eight characters."""
    shortest = 4
    return shortest <= len(word) <= HASH_LENGTH and _LOOKS_HASHED.fullmatch(word) is not None
