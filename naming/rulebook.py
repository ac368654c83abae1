"""Reads the rules from `naming/rules/*.toml` and finds the one that a user means."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from naming.errors import NamingError, did_you_mean
from naming.rule import Case, ReservedWords, Rule, Scope, Source

_FOLDER = Path(__file__).parent / "rules"
_RESERVED_WORDS = _FOLDER / "reserved-words.toml"
_REQUIRED = {
    "type",
    "label",
    "min",
    "max",
    "pattern",
    "scope",
    "case",
    "separator",
    "description",
    "sources",
    "good",
    "bad",
}
_OPTIONAL = {"variant", "variant_aliases", "abbreviation", "note", "reserved_words"}


@cache
def rules() -> tuple[Rule, ...]:
    """Return every rule, in the order of the files and of the rules in each.

    Raises:
        NamingError: a file of rules is not of the shape that foundation.toml describes.
    """
    words = _read_reserved_words()
    found: list[Rule] = []
    for path in sorted(_FOLDER.glob("*.toml")):
        if path != _RESERVED_WORDS:
            entries = tomllib.loads(path.read_text("utf-8"))["rule"]
            found.extend(_rule(entry, words, path.name) for entry in entries)
    return tuple(found)


def rule_for(resource_type: str, variant: str | None = None) -> Rule:
    """Return the rule of an ARM type, a CAF abbreviation or a label, in upper or lower case.

    Without a variant, the first one in the data is meant: for computes the compute cluster. ARM's own kinds of
    compute and of workspace are variants too, also where several share a rule.

    Raises:
        NamingError: there is no such type or variant; the sentence names the nearest one.
    """
    variants = _spellings().get(resource_type.strip().lower())
    if variants is None:
        known = [rule.type for rule in rules()] + [rule.label for rule in rules()] + sorted(_abbreviations())
        raise NamingError(f"no naming rule for the resource type {resource_type!r}: {_nearest(resource_type, known)}")
    if variant is None:
        return variants[0]
    names = {name: rule for rule in variants for name in (rule.variant, *rule.variant_aliases) if name}
    for name, rule in names.items():
        if name.lower() == variant.lower():
            return rule
    if not names:
        raise NamingError(f"{variants[0].type} has no variants: leave out [{variant}].")
    raise NamingError(f"{variants[0].type} has no variant {variant!r}: {did_you_mean(variant, names)}")


def rule_for_key(key: str) -> Rule:
    """Return the rule of `TYPE` or `TYPE[VARIANT]`, as users write it and as `Rule.key` is.

    Raises:
        NamingError: there is no such type or variant; the sentence names the nearest one.
    """
    resource_type, bracket, variant = key.partition("[")
    if not bracket:
        return rule_for(key)
    if not variant.endswith("]"):
        raise NamingError(f"{key!r} has no closing bracket: write {key}].")
    return rule_for(resource_type, variant.removesuffix("]"))


def rules_matching(key: str) -> tuple[Rule, ...]:
    """Return every rule that `key` can mean: all variants of a type that is written without one.

    Raises:
        NamingError: there is no such type or variant; the sentence names the nearest one.
    """
    return _spellings().get(key.strip().lower()) or (rule_for_key(key),)


def _nearest(word: str, known: list[str]) -> str:
    sentence = did_you_mean(word, known)
    if sentence.startswith("did you mean"):
        return sentence
    return "write an ARM type such as Microsoft.KeyVault/vaults, or see `mlws names explain`."


@cache
def _spellings() -> dict[str, tuple[Rule, ...]]:
    found: dict[str, tuple[Rule, ...]] = {}
    for rule in rules():
        found[rule.type.lower()] = (*found.get(rule.type.lower(), ()), rule)
    for rule in rules():
        # A label or an abbreviation means exactly the variant that carries it.
        for spelling in filter(None, (rule.label, rule.abbreviation)):
            found.setdefault(spelling.lower(), (rule,))
    return found


def _abbreviations() -> set[str]:
    return {rule.abbreviation for rule in rules() if rule.abbreviation}


def _read_reserved_words() -> ReservedWords:
    read = tomllib.loads(_RESERVED_WORDS.read_text("utf-8"))
    return ReservedWords(frozenset(read["whole"]), tuple(read["part"]), tuple(read["start"]))


def _rule(entry: dict[str, Any], words: ReservedWords, file: str) -> Rule:
    where = f"naming/rules/{file}: {entry.get('type', 'a rule without a type')}"
    keys = set(entry)
    if missing := _REQUIRED - keys:
        raise NamingError(f"{where} lacks {', '.join(sorted(missing))}.")
    if unknown := keys - _REQUIRED - _OPTIONAL:
        nearest = did_you_mean(min(unknown), _REQUIRED | _OPTIONAL)
        raise NamingError(f"{where} has the unknown key {min(unknown)!r}: {nearest}")
    try:
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
            variant_aliases=tuple(entry.get("variant_aliases", ())),
            good=tuple(entry["good"]),
            bad=tuple(entry["bad"]),
            reserved_words=words if entry.get("reserved_words") else None,
        )
    except (ValueError, TypeError) as error:
        raise NamingError(f"{where}: {error}.") from error
