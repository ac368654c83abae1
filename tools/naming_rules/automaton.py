"""Reads a regular expression as an automaton, to prove what a matcher by backtracking would do with it.

Each place of the expression that takes a character is a position; a match is a path over positions. From these follow
whether matching takes linear time, which names there are of a given length, whether one expression is stricter than
another, and which characters stand where. Look-around, back references and flags are not expressions of this kind.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from re import _constants as sre  # type: ignore[attr-defined]  # Python's own parser has no public name
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

# What the parser gives with an operation differs from one operation to the next.
Argument = Any
# Every character that a rule tells apart, and some that stand for all the others of the world.
ALPHABET = "".join(map(chr, range(128))) + "éßЖ中²\u2028"
_EVERYTHING = frozenset(ALPHABET)
# A repeat of so many times at most is written out, one that may be longer is taken for an endless one.
_WRITTEN_OUT = 8
_CATEGORIES = {
    sre.CATEGORY_DIGIT: str.isdecimal,
    sre.CATEGORY_SPACE: str.isspace,
    sre.CATEGORY_WORD: lambda character: character.isalnum() or character == "_",
}
_OPPOSITES = {
    sre.CATEGORY_NOT_DIGIT: sre.CATEGORY_DIGIT,
    sre.CATEGORY_NOT_SPACE: sre.CATEGORY_SPACE,
    sre.CATEGORY_NOT_WORD: sre.CATEGORY_WORD,
}


class UnsupportedPatternError(Exception):
    """The expression looks around, refers back, or is anchored in its middle."""


@dataclass(frozen=True)
class Automaton:
    """The positions of an expression that matches whole names: what each takes, and which may follow which.

    `doubled` tells that one position follows another in two ways, which backtracking tries again and again.
    """

    takes: tuple[frozenset[str], ...]
    first: frozenset[int]
    last: frozenset[int]
    follows: tuple[frozenset[int], ...]
    accepts_empty: bool
    doubled: bool

    @classmethod
    def of(cls, pattern: str, *, exact: bool = False) -> "Automaton":
        """Read `pattern`, which starts with ^ and ends with $.

        Unless `exact`, a count that may be long, as in {0,61}, is taken for an endless repeat: matching takes time for
        the one as for the other.

        Raises:
            UnsupportedPatternError: the expression is not of this kind.
        """
        builder = _Builder(exact=exact)
        whole = builder.read(parser.parse(pattern))
        return cls(
            tuple(builder.takes),
            whole.first,
            whole.last,
            tuple(frozenset(following) for following in builder.follows),
            whole.empty,
            builder.doubled,
        )

    def is_linear(self) -> bool:
        """Whether backtracking takes time in proportion to the length of the name, whatever the name is.

        It does when no name leads along more and more paths as it grows: when no loop can be left for another loop by
        what keeps it in the first (that makes n paths), and no loop can be gone round in two ways (that makes 2 to the
        power of n).
        """
        return not self.doubled and not self._loops_in_two_ways() and not self._loop_passes_to_loop()

    def example(self, length: int) -> str | None:
        """Return a name of exactly `length` characters, letters before digits before the rest, or None."""
        if length == 0:
            return "" if self.accepts_empty else None
        ends = [self.last]
        for _ in range(length - 1):
            ends.append(frozenset(position for position in self._positions if self.follows[position] & ends[-1]))
        name = ""
        possible = self.first
        for left in reversed(ends):
            possible = possible & left
            if not possible:
                return None
            chosen = min(possible, key=lambda position: (_rank(_preferred(self.takes[position])), position))
            name += _preferred(self.takes[chosen])
            possible = self.follows[chosen]
        return name

    def within(self, other: "Automaton") -> bool:
        """Whether every name that this one takes, the other takes too."""
        start = (self.first, other.first)
        seen = {start}
        waiting = deque([start])
        while waiting:
            mine, theirs = waiting.popleft()
            for character in _representatives(self, other):
                here = frozenset(position for position in mine if character in self.takes[position])
                if not here:
                    continue
                there = frozenset(position for position in theirs if character in other.takes[position])
                if here & self.last and not there & other.last:
                    return False
                onward = (_after(self, here), _after(other, there))
                if onward not in seen:
                    seen.add(onward)
                    waiting.append(onward)
        return True

    @cached_property
    def characters(self) -> frozenset[str]:
        """All characters that a name can have."""
        return frozenset().union(*self.takes)

    @cached_property
    def starts(self) -> frozenset[str]:
        """All characters that a name can start with."""
        return frozenset().union(*(self.takes[position] for position in self.first))

    @cached_property
    def ends(self) -> frozenset[str]:
        """All characters that a name can end with."""
        return frozenset().union(*(self.takes[position] for position in self.last))

    @property
    def _positions(self) -> range:
        return range(len(self.takes))

    def _steps(self, *positions: int) -> Iterable[tuple[int, ...]]:
        """Yield where equally many paths can be after one more character that all of them take."""
        reached: list[tuple[tuple[int, ...], frozenset[str]]] = [((), _EVERYTHING)]
        for position in positions:
            reached = [
                ((*so_far, following), taken & self.takes[following])
                for so_far, taken in reached
                for following in self.follows[position]
                if taken & self.takes[following]
            ]
        return (so_far for so_far, _ in reached)

    def _reaches(self, start: tuple[int, ...], goal: tuple[int, ...]) -> bool:
        seen: set[tuple[int, ...]] = set()
        waiting = [start]
        while waiting:
            for onward in self._steps(*waiting.pop()):
                if onward == goal:
                    return True
                if onward not in seen:
                    seen.add(onward)
                    waiting.append(onward)
        return False

    @cached_property
    def _loops(self) -> list[int]:
        return [position for position in self._positions if self._reaches((position,), (position,))]

    def _loops_in_two_ways(self) -> bool:
        for loop in self._loops:
            seen = set()
            waiting: list[tuple[int, ...]] = [(loop, loop)]
            while waiting:
                for onward in self._steps(*waiting.pop()):
                    if onward not in seen:
                        seen.add(onward)
                        waiting.append(onward)
            if any(one != two and self._reaches((one, two), (loop, loop)) for one, two in seen):
                return True
        return False

    def _loop_passes_to_loop(self) -> bool:
        return any(
            one != two and self._reaches((one, one, two), (one, two, two)) for one in self._loops for two in self._loops
        )


def _after(automaton: Automaton, positions: Iterable[int]) -> frozenset[int]:
    return frozenset().union(*(automaton.follows[position] for position in positions))


def _preferred(characters: frozenset[str]) -> str:
    return min(characters, key=_rank)


def _rank(character: str) -> tuple[int, str]:
    if character.isascii() and character.isalpha():
        return (0 if character.islower() else 1, character)
    if character.isascii() and character.isdigit():
        return (2, character)
    return (3 if character.isprintable() else 4, character)


def _representatives(*automata: Automaton) -> list[str]:
    """One character for each set of characters that all the automata treat alike."""
    kinds: dict[tuple[bool, ...], str] = {}
    for character in ALPHABET:
        treated = tuple(character in taken for automaton in automata for taken in automaton.takes)
        kinds.setdefault(treated, character)
    return list(kinds.values())


@dataclass(frozen=True)
class _Part:
    """A piece of the expression: where a match of it can start and end, and whether it can be empty."""

    first: frozenset[int] = frozenset()
    last: frozenset[int] = frozenset()
    empty: bool = True


@dataclass
class _Builder:
    exact: bool
    takes: list[frozenset[str]] = field(default_factory=list)
    follows: list[set[int]] = field(default_factory=list)
    doubled: bool = False

    def read(self, items: Iterable[tuple[object, Argument]]) -> _Part:
        whole = _Part()
        for operation, argument in items:
            whole = self._joined(whole, self._one(operation, argument))
        return whole

    def _one(self, operation: object, argument: Argument) -> _Part:
        if operation is sre.AT:
            # The expression is matched against whole names, so an anchor says nothing (in its middle it would).
            return _Part()
        if operation is sre.SUBPATTERN:
            return self._group(argument)
        if operation is sre.BRANCH:
            return self._either([self.read(branch) for branch in argument[1]])
        if operation is sre.MAX_REPEAT:
            return self._repeated(*argument)
        return self._position(_taken(operation, argument))

    def _group(self, argument: Argument) -> _Part:
        _, added, removed, items = argument
        if added & ~sre.SRE_FLAG_IGNORECASE or removed:
            raise UnsupportedPatternError(argument)
        start = len(self.takes)
        part = self.read(items)
        if added:
            for position in range(start, len(self.takes)):
                taken = self.takes[position]
                self.takes[position] = frozenset(it for it in ALPHABET if {it.lower(), it.upper()} & taken)
        return part

    def _position(self, taken: frozenset[str]) -> _Part:
        self.takes.append(taken)
        self.follows.append(set())
        only = frozenset({len(self.takes) - 1})
        return _Part(only, only, empty=False)

    def _repeated(self, least: int, most: int, items: Iterable[tuple[object, Argument]]) -> _Part:
        endless = most is sre.MAXREPEAT or (most > _WRITTEN_OUT and least != most and not self.exact)
        whole = _Part()
        for _ in range(least):
            part = self.read(items)
            whole = self._joined(whole, part)
        if endless:
            if least == 0:
                part = self.read(items)
                whole = part
            self._link(part.last, part.first)
            return _Part(whole.first, whole.last, empty=whole.empty or least == 0)
        optional = _Part()
        for _ in range(most - least):
            # From the inside out: (x(x(x)?)?)?
            part = self.read(items)
            optional = self._joined(part, optional)
            optional = _Part(optional.first, optional.last, empty=True)
        return self._joined(whole, optional)

    def _either(self, parts: list[_Part]) -> _Part:
        return _Part(
            frozenset().union(*(part.first for part in parts)),
            frozenset().union(*(part.last for part in parts)),
            any(part.empty for part in parts),
        )

    def _joined(self, one: _Part, two: _Part) -> _Part:
        self._link(one.last, two.first)
        return _Part(
            one.first | two.first if one.empty else one.first,
            one.last | two.last if two.empty else two.last,
            one.empty and two.empty,
        )

    def _link(self, lasts: frozenset[int], firsts: frozenset[int]) -> None:
        for last in lasts:
            self.doubled |= bool(self.follows[last] & firsts)
            self.follows[last] |= firsts


def _taken(operation: object, argument: Argument) -> frozenset[str]:
    if operation is sre.ANY:
        return _EVERYTHING - {"\n"}
    if operation is sre.LITERAL:
        return frozenset({chr(argument)})
    if operation is sre.NOT_LITERAL:
        return _EVERYTHING - {chr(argument)}
    if operation is sre.IN:
        return _of_a_class(argument)
    raise UnsupportedPatternError(str(operation))


def _of_a_class(members: list[tuple[object, Argument]]) -> frozenset[str]:
    negated = members[0][0] is sre.NEGATE
    taken: frozenset[str] = frozenset()
    for operation, argument in members[negated:]:
        taken |= _members(operation, argument)
    return _EVERYTHING - taken if negated else taken


def _members(operation: object, argument: Argument) -> frozenset[str]:
    if operation is sre.LITERAL:
        return frozenset({chr(argument)})
    if operation is sre.RANGE:
        low, high = argument
        return frozenset(it for it in ALPHABET if low <= ord(it) <= high)
    if operation is sre.CATEGORY and argument in _CATEGORIES:
        return frozenset(filter(_CATEGORIES[argument], ALPHABET))
    if operation is sre.CATEGORY and argument in _OPPOSITES:
        return _EVERYTHING - frozenset(filter(_CATEGORIES[_OPPOSITES[argument]], ALPHABET))
    raise UnsupportedPatternError(str(operation))
