"""Reads the rules that were written by hand, `naming/rules/*.toml`, and says what is wrong with one."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from naming.errors import did_you_mean
from naming.rule import Case, Scope

FOLDER = Path(__file__).parents[2] / "naming" / "rules"
RESERVED_WORDS = "reserved-words.toml"
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
_OPTIONAL = {"variant", "variant_aliases", "abbreviation", "never", "max_with_parent", "note", "reserved_words"}


class RuleFileError(Exception):
    """A rule is not of the shape that foundation.toml describes; the sentence names file and type."""


def read(folder: Path = FOLDER) -> Iterator[dict[str, Any]]:
    """Yield each rule with the `area` that its file is about, in the order of the files and of the rules in each.

    Raises:
        RuleFileError: a rule lacks a key, has one too many, or a value that is none of the known ones.
    """
    for path in sorted(folder.glob("*.toml")):
        if path.name != RESERVED_WORDS:
            for entry in tomllib.loads(path.read_text("utf-8"))["rule"]:
                _check(entry, f"naming/rules/{path.name}: {entry.get('type', 'a rule without a type')}")
                yield {**entry, "area": path.stem}


def reserved_words(folder: Path = FOLDER) -> dict[str, list[str]]:
    """Return the words that Azure keeps for itself: `whole` names, any `part` of one, and its `start`."""
    return tomllib.loads((folder / RESERVED_WORDS).read_text("utf-8"))


def _check(entry: dict[str, Any], where: str) -> None:
    keys = set(entry)
    if missing := _REQUIRED - keys:
        raise RuleFileError(f"{where} lacks {', '.join(sorted(missing))}.")
    if unknown := keys - _REQUIRED - _OPTIONAL:
        nearest = did_you_mean(min(unknown), _REQUIRED | _OPTIONAL)
        raise RuleFileError(f"{where} has the unknown key {min(unknown)!r}: {nearest}")
    for key, kind in (("scope", Scope), ("case", Case)):
        if entry[key] not in list(kind):
            raise RuleFileError(f"{where} has the {key} {entry[key]!r}: {did_you_mean(str(entry[key]), list(kind))}")
    for source in entry["sources"]:
        if set(source) != {"name", "says", "retrieved"}:
            raise RuleFileError(f"{where} has a source that is not of name, says and retrieved.")
