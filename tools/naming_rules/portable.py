"""Turns the expressions of specifications into portable ones that take linear time and say nothing about length.

Specifications use ECMA expressions with look-around, counts and missing anchors. Most can be rewritten as they are read
here; `conversions.toml` has those that a person had to think about.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from re import _constants as sre  # type: ignore[attr-defined]  # Python's own parser has no public name
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from tools.naming_rules.automaton import Argument, Automaton, UnsupportedPatternError

# A name is one segment of a resource's id, so whatever a specification says, these cannot be in it.
NEVER_IN_AN_ID = r"/\x00-\x1f\x7f"
ENDLESS = int(sre.MAXREPEAT)
_CONVERSIONS = Path(__file__).with_name("conversions.toml")
_CATEGORIES = {sre.CATEGORY_DIGIT: "0-9", sre.CATEGORY_WORD: "a-zA-Z0-9_", sre.CATEGORY_SPACE: r"\s"}
_ORDER = ("a-z", "A-Z", "0-9")


@dataclass(frozen=True)
class Condition:
    """What a source says of a name: its length, an expression for the whole, and what may not be found in it."""

    pattern: str
    min_length: int
    max_length: int
    never: tuple[str, ...] = ()
    note: str = ""


class NotPortableError(Exception):
    """The expression needs an entry in conversions.toml."""


def portable(original: str) -> Condition:
    """Return what `original` says; a length without end is `ENDLESS`.

    Raises:
        NotPortableError: it looks around or can take more than linear time, and conversions.toml does not have it.
    """
    if original in _conversions():
        entry = _conversions()[original]
        pattern, never, note = entry["pattern"], tuple(entry.get("never", ())), entry.get("note", "")
        least, most = _widths(parser.parse(pattern))
        return Condition(pattern, entry.get("min", least), entry.get("max", most), never, note)
    # Python refuses a class in which a hyphen follows a category; ECMA takes the hyphen for itself.
    tree = parser.parse(original.replace(r"\w-", r"\w\-").replace(r"\d-", r"\d\-"))
    least, most = _widths(tree)
    try:
        pattern = f"^{_text(tree, without_counts=_counts_are_the_length(tree))}$"
        linear = Automaton.of(pattern).is_linear()
    except UnsupportedPatternError as error:
        raise NotPortableError(original) from error
    if not linear:
        raise NotPortableError(original)
    return Condition(pattern, least, most)


@cache
def _conversions() -> dict[str, dict[str, Any]]:
    read = tomllib.loads(_CONVERSIONS.read_text("utf-8"))
    return {original: entry for entry in read["conversion"] for original in entry["of"]}


def _widths(tree: "parser.SubPattern") -> tuple[int, int]:
    least, most = tree.getwidth()
    # Python's own bound for what has no end is a little less than its mark for a repeat without one.
    return least, most if most < ENDLESS // 2 else ENDLESS


def _counts_are_the_length(tree: "parser.SubPattern") -> bool:
    """Whether the one count in the expression bounds the length of the whole name and nothing else."""
    variable = [item for item in _repeats(tree) if item[0] != item[1]]
    optional = [item for item in variable if item != (0, 1)]
    if len(optional) != 1 or optional[0][1] == ENDLESS:
        return False
    # An alternative that is shorter by itself, such as a single letter, is fine.
    return variable in (optional, [(0, 1), *optional], [*optional, (0, 1)])


def _repeats(items: Iterable[tuple[object, Argument]]) -> Iterable[tuple[int, int]]:
    for operation, argument in items:
        if operation is sre.MAX_REPEAT:
            yield int(argument[0]), int(argument[1])
            yield from _repeats(argument[2])
        elif operation is sre.SUBPATTERN:
            yield from _repeats(argument[3])
        elif operation is sre.BRANCH:
            for branch in argument[1]:
                yield from _repeats(branch)


def _text(items: Iterable[tuple[object, Argument]], *, without_counts: bool) -> str:
    return "".join(_piece(operation, argument, without_counts=without_counts) for operation, argument in items)


def _piece(operation: object, argument: Argument, *, without_counts: bool) -> str:
    if operation is sre.AT:
        return ""
    if operation is sre.SUBPATTERN:
        return _text(argument[3], without_counts=without_counts)
    if operation is sre.BRANCH:
        texts = [_text(branch, without_counts=without_counts) for branch in argument[1]]
        return f"(?:{'|'.join(filter(None, texts))}){'' if all(texts) else '?'}"
    if operation is sre.MAX_REPEAT:
        return _repeat(*argument, without_counts=without_counts)
    return _class(operation, argument)


def _bracketed(items: Iterable[tuple[object, Argument]], *, without_counts: bool) -> str:
    items = list(items)
    text = _text(items, without_counts=without_counts)
    single = len(items) == 1 and items[0][0] in {sre.IN, sre.LITERAL, sre.NOT_LITERAL, sre.ANY}
    return text if single or (text.startswith("(?:") and _closes_at_the_end(text)) else f"(?:{text})"


def _closes_at_the_end(text: str) -> bool:
    depth = 0
    for position, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return position == len(text) - 1
    return False


def _repeat(least: int, most: int, items: Iterable[tuple[object, Argument]], *, without_counts: bool) -> str:
    items = list(items)
    content = _text(items, without_counts=without_counts)
    if len(items) != 1 or items[0][0] in {sre.MAX_REPEAT, sre.SUBPATTERN}:
        content = _bracketed(items, without_counts=without_counts)
    if (int(least), int(most)) == (1, 1):
        return content
    if without_counts and least != most and (least, most) != (0, 1):
        most = ENDLESS
        least = min(least, 1)
    counts = {(0, ENDLESS): "*", (1, ENDLESS): "+", (0, 1): "?"}
    count = counts.get((int(least), int(most)))
    if count is None:
        upper = "" if most == ENDLESS else most
        count = f"{{{least}}}" if least == most else f"{{{least},{upper}}}"
    return f"{content}{count}"


def _class(operation: object, argument: Argument) -> str:
    if operation is sre.ANY:
        return f"[^{NEVER_IN_AN_ID}]"
    if operation is sre.LITERAL:
        return _escaped(chr(argument))
    if operation is sre.NOT_LITERAL:
        return _members([(sre.NEGATE, None), (sre.LITERAL, argument)])
    if operation is sre.IN:
        return _members(argument)
    raise UnsupportedPatternError(str(operation))


def _members(members: list[tuple[object, Argument]]) -> str:
    negated = members[0][0] is sre.NEGATE
    texts = [_member(operation, argument) for operation, argument in members[negated:]]
    if negated:
        kept = [text for text in dict.fromkeys(texts) if text not in {"/", r"\x00-\x1f", r"\x7f"}]
        return f"[^{''.join(kept)}{NEVER_IN_AN_ID}]"
    joined = "".join(texts)
    ranges = [it for it in _ORDER if it in joined]
    for it in _ORDER:
        joined = joined.replace(it, "")
    spans = [(it[0], it[-1]) for it in ranges]
    rest = sorted(set(texts) - set(_ORDER) - {"a-zA-Z0-9_", "-"}, key=lambda it: (it != "_", it))
    rest = [it for it in rest if len(it) > 1 or not any(low <= it <= high for low, high in spans)]
    if "a-zA-Z0-9_" in texts and "_" not in rest:
        rest.insert(0, "_")
    return f"[{''.join(ranges)}{''.join(rest)}{'-' if '-' in texts else ''}]"


def _member(operation: object, argument: Argument) -> str:
    if operation is sre.LITERAL:
        return _escaped_in_class(chr(argument))
    if operation is sre.RANGE:
        low, high = argument
        return f"{_escaped_in_class(chr(low))}-{_escaped_in_class(chr(high))}"
    if operation is sre.CATEGORY and argument in _CATEGORIES:
        return _CATEGORIES[argument]
    raise UnsupportedPatternError(str(operation))


def _escaped(character: str) -> str:
    return f"\\{character}" if character in r"\.^$*+?{}[]|()" else character


def _escaped_in_class(character: str) -> str:
    if not character.isprintable():
        return f"\\x{ord(character):02x}"
    return f"\\{character}" if character in r"\]^[" else character
