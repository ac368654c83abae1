"""Finds the rule that a user means, in `naming/rules/types/`: one small file for each provider, read when it is needed.

A run that judges one name reads one of these files; `rules()` reads them all.
"""

import json
import os.path
from functools import cache

from naming.errors import NamingError, did_you_mean, shown
from naming.rule import Case, ReservedWords, Rule, Scope, Source

# As in typing, whose import takes longer than finding a rule.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_FOLDER = os.path.join(os.path.dirname(__file__), "rules", "types")  # noqa: PTH118, PTH120 - pathlib takes 5 ms to import


# How alike two words must be for one to be meant by the other, where every type or label could be.
_NEAR = 0.75
# Longer than any provider's name, and no longer than that of a file may be.
_LONGEST_PROVIDER = 100


@cache
def rules() -> tuple[Rule, ...]:
    """Return every rule, in the order of the types; where a type has variants, first the one that is meant without."""
    return tuple(rule for resource_type in _types() for rule in _rules_of(resource_type.lower()) or ())


def rule_for(resource_type: str, variant: str | None = None) -> Rule:
    """Return the rule of an ARM type, a CAF abbreviation or a label, in upper or lower case.

    Without a variant, the first one in the data is meant: for computes the compute cluster. ARM's own kinds of
    compute and of workspace are variants too, also where several share a rule.

    Raises:
        NamingError: there is no such type or variant; the sentence names the nearest one.
    """
    variants = _variants(resource_type)
    if variants is None:
        raise NamingError(f"no naming rule for the resource type {shown(resource_type)}: {_nearest(resource_type)}")
    if variant is None:
        return variants[0]
    # An abbreviation and a label are those of one variant, and stand for the type of all.
    variants = _rules_of(variants[0].type.lower()) or variants
    names = {name: rule for rule in variants for name in (rule.variant, *rule.variant_aliases) if name}
    for name, rule in names.items():
        if name.lower() == variant.lower():
            return rule
    if not names:
        raise NamingError(f"{variants[0].type} has no variants: leave out {shown(variant)}.")
    raise NamingError(f"{variants[0].type} has no variant {shown(variant)}: {did_you_mean(variant, names)}")


def rule_for_key(key: str) -> Rule:
    """Return the rule of `TYPE` or `TYPE[VARIANT]`, as users write it and as `Rule.key` is.

    Raises:
        NamingError: there is no such type or variant; the sentence names the nearest one.
    """
    resource_type, bracket, variant = key.partition("[")
    if not bracket:
        return rule_for(key)
    if not variant.endswith("]"):
        raise NamingError(f"{shown(key)} has no closing bracket: write it after the variant.")
    return rule_for(resource_type, variant.removesuffix("]"))


def known_type(resource_type: str) -> str | None:
    """Return how its rule spells an ARM type, None where there is no rule; the nearest one is not sought."""
    found = _rules_of(resource_type.lower()) if "/" in resource_type else None
    return found[0].type if found else None


def rules_matching(key: str) -> tuple[Rule, ...]:
    """Return every rule that `key` can mean: all variants of a type that is written without one.

    Raises:
        NamingError: there is no such type or variant; the sentence names the nearest one.
    """
    return _variants(key) or (rule_for_key(key),)


def _variants(spelling: str) -> tuple[Rule, ...] | None:
    """Return the rules of a type, or the one rule that has this label or abbreviation, or None."""
    key = spelling.strip().lower()
    if "/" in key:
        return _rules_of(key)
    meant = _spellings().get(key)
    return (rule_for_key(meant),) if meant else None


def _nearest(word: str) -> str:
    if "/" in word:
        provider = word.partition("/")[0].lower()
        # Types of a provider that is spelt quite otherwise are alike by accident.
        known = [one for one in _types() if one.lower().startswith(f"{provider}/")] or _types()
        sentence = did_you_mean(word, known, cutoff=0.6 if len(known) < len(_types()) else _NEAR)
    elif ends := [one for one in _types() if one.lower().endswith(f"/{word.lower()}")]:
        sentence = f"did you mean {min(ends, key=lambda one: (not rule_for(one).curated, len(one)))!r}?"
    else:
        sentence = did_you_mean(word, (*(rule.label for rule in rules() if rule.curated), *_spellings()), cutoff=_NEAR)
    if sentence.startswith("did you mean"):
        return sentence
    return "write an ARM type such as Microsoft.KeyVault/vaults, or see `mlws names explain`."


@cache
def _rules_of(key: str) -> tuple[Rule, ...] | None:
    entries = _provider(key.partition("/")[0]).get(key)
    return tuple(map(_rule, entries)) if entries else None


@cache
def _provider(provider: str) -> "dict[str, list[dict[str, Any]]]":
    """Return the rules of a provider by lower-case type, as they are written; none where it has no file."""
    if not provider.replace(".", "").isalnum() or len(provider) > _LONGEST_PROVIDER:
        return {}
    try:
        read: dict[str, list[dict[str, Any]]] = _read(f"{provider}.json")
    except FileNotFoundError:
        return {}
    return read


@cache
def _types() -> tuple[str, ...]:
    return tuple(_read("index/types.json"))


@cache
def _spellings() -> dict[str, str]:
    """Return the key of the rule for each abbreviation and each label, in lower case."""
    read: dict[str, str] = _read("index/spellings.json")
    return read


@cache
def _reserved_words() -> ReservedWords:
    read = _read("index/reserved-words.json")
    return ReservedWords(frozenset(read["whole"]), tuple(read["part"]), tuple(read["start"]))


def _read(file: str) -> "Any":  # noqa: ANN401 - what JSON holds; each caller knows its file
    with open(f"{_FOLDER}/{file}", encoding="utf-8") as stream:  # noqa: PTH123 - pathlib takes 5 ms to import
        return json.load(stream)


def _rule(entry: "dict[str, Any]") -> Rule:
    return Rule(
        type=entry["type"],
        variant=entry.get("variant"),
        label=entry["label"],
        abbreviation=entry.get("abbreviation"),
        min_length=entry["min"],
        max_length=entry["max"],
        pattern=entry["pattern"],
        scope=Scope(entry["scope"]),
        case=Case(entry["case"]),
        separator=entry["separator"],
        description=entry["description"],
        sources=tuple(Source(**source) for source in entry["sources"]),
        note=entry.get("note", ""),
        never=tuple(entry.get("never", ())),
        max_with_parent=entry.get("max_with_parent"),
        area=entry.get("area"),
        variant_aliases=tuple(entry.get("variant_aliases", ())),
        good=tuple(entry.get("good", ())),
        bad=tuple(entry.get("bad", ())),
        reserved_words=_reserved_words() if entry.get("reserved_words") else None,
    )
