"""Derives the rule of a type from what the documentation and the ARM specification say: the stricter of the two."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from tools.naming_rules.automaton import Automaton
from tools.naming_rules.description import describe
from tools.naming_rules.facts import NAMING_TOOL, RETRIEVED, Fact
from tools.naming_rules.portable import ENDLESS

# What most types of Azure's documentation stop at; taken where nobody publishes a longest name.
_LONGEST = 260
_WORKSPACE = "microsoft.machinelearningservices/workspaces/"
_NO_LONGEST = f"No source gives a longest name; {_LONGEST} characters, where most types stop, are taken."


def derive(documented: Fact | None, specified: Fact | None, naming_tool: str | None) -> dict[str, Any]:
    """Return the rule of one type in the shape of a rule file, from at least one fact."""
    facts = [fact for fact in (documented, specified) if fact]
    followed = _followed(facts)
    never = tuple(dict.fromkeys(it for fact in facts for it in fact.condition.never))
    pattern = followed.condition.pattern
    least = max(1, *(fact.condition.min_length for fact in facts))
    most = min(fact.condition.max_length for fact in facts)
    notes = [note for fact in facts if (note := fact.condition.note)]
    if most == ENDLESS:
        most = max(_LONGEST, least)
        notes.append(_NO_LONGEST)
    if disagreement := _disagreement(facts, followed):
        notes.append(disagreement)
    least, most = _reachable(pattern, least, most)
    sources = [
        {"name": fact.source, "says": fact.says, "retrieved": fact.retrieved}
        for fact in sorted(facts, key=lambda fact: fact is not followed)
    ]
    if naming_tool:
        sources.append({"name": NAMING_TOOL, "says": naming_tool, "retrieved": RETRIEVED})
    return {
        "type": (specified or followed).type,
        "label": (specified or followed).type,
        "min": least,
        "max": most,
        "pattern": pattern,
        "never": list(never),
        "scope": (documented and documented.scope) or _scope(followed.type),
        "case": case(pattern),
        "separator": separator(pattern, never, least, most),
        "description": describe(pattern, never),
        "note": " ".join(notes),
        "sources": sources,
    }


def case(pattern: str) -> str:
    """Whether a name has lower-case letters only, or is the same in any case, as nearly all are in Azure."""
    characters = Automaton.of(pattern).characters
    return (
        "lower"
        if any(it.islower() for it in characters) and not any("A" <= it <= "Z" for it in characters)
        else "insensitive"
    )


def separator(pattern: str, never: Iterable[str], least: int, most: int) -> str:
    """Return what may stand between two words: a hyphen, an underscore or nothing."""
    for character in "-_":
        for length in range(max(least, 3), min(most, max(least, 3) + 2) + 1):
            name = Automaton.of(pattern, exact=True).example(length) or ""
            words = f"{name[:1]}{character}{name[2:]}"
            if name and re.fullmatch(pattern, words) and not any(re.search(it, words) for it in never):
                return character
    return ""


def by_type(facts: Iterable[Fact]) -> Mapping[str, Fact]:
    """Return the facts by lower-case type."""
    return {fact.type.lower(): fact for fact in facts}


def _followed(facts: list[Fact]) -> Fact:
    """Return the stricter of the facts, and the documentation where neither is."""
    if len(facts) == 1:
        return facts[0]
    documented, specified = facts
    stricter = Automaton.of(specified.condition.pattern).within(Automaton.of(documented.condition.pattern))
    looser = Automaton.of(documented.condition.pattern).within(Automaton.of(specified.condition.pattern))
    return specified if stricter and not looser else documented


def _disagreement(facts: list[Fact], followed: Fact) -> str:
    if len(facts) == 1:
        return ""
    one, two = (fact.condition for fact in facts)
    said = []
    if (one.min_length, one.max_length) != (two.min_length, two.max_length):
        said.append("on the length, of which what both allow is taken")
    mine, other = (
        Automaton.of(fact.condition.pattern) for fact in sorted(facts, key=lambda fact: fact is not followed)
    )
    if not other.within(mine):
        both = "the stricter is followed" if mine.within(other) else "the documentation is followed"
        said.append(f"on the characters, where {both}")
    return f"The documentation and the ARM specification disagree {' and '.join(said)}." if said else ""


def _reachable(pattern: str, least: int, most: int) -> tuple[int, int]:
    """Return the nearest lengths that a name can have."""
    automaton = Automaton.of(pattern, exact=True)
    while least < most and automaton.example(least) is None:
        least += 1
    while most > least and automaton.example(most) is None:
        most -= 1
    return least, most


def _scope(type_: str) -> str:
    _, *names = type_.split("/")
    if type_.lower().startswith(_WORKSPACE):
        return "parent" if names[2:] else "workspace"
    return "parent" if names[1:] else "resource group"
