"""Reads documentation.txt: what Azure's documentation says of the names of each type, in short form."""

import re
from collections.abc import Iterator
from pathlib import Path

from tools.naming_rules.description import describe
from tools.naming_rules.facts import Fact
from tools.naming_rules.portable import NEVER_IN_AN_ID, Condition

NAME = "Azure documentation, Naming rules and restrictions for Azure resources, 2023-11-20"
RETRIEVED = "2026-11-20"
_FILE = Path(__file__).with_name("documentation.txt")
_SCOPES = {"G": "global", "T": "tenant", "S": "subscription", "R": "region", "RG": "resource group", "P": "parent"}
_SETS = {"an": "a-zA-Z0-9", "lc": "a-z0-9", "dg": "0-9", "L": "a-zA-Z", "l": "a-z"}


def read() -> Iterator[Fact]:
    """Yield what the documentation says, one fact for each type."""
    for line in _FILE.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            yield _fact(*line.split(" "))


def _fact(type_: str, scope: str, lengths: str, characters: str, *edges: str) -> Fact:
    least, most = map(int, lengths.split("-"))
    pattern, never = _pattern(characters.replace("␠", " "), [edge.replace("␠", " ") for edge in edges])
    condition = Condition(pattern, least, most, never)
    length = str(most) if least == most else f"{least}-{most}"
    says = f"{length}; {describe(pattern, never)}; {_SCOPES[scope]}"
    return Fact(type_, condition, _SCOPES[scope], NAME, says, RETRIEVED)


def _pattern(characters: str, edges: list[str]) -> tuple[str, tuple[str, ...]]:
    if characters.startswith("is="):
        return f"^(?i:{re.escape(characters.removeprefix('is=')).replace(chr(92) + '|', '|')})$", ()
    anywhere = _class(characters)
    start = end = anywhere
    never: list[str] = []
    for edge in edges:
        if edge.startswith("!"):
            never.append(edge[1:])
        elif edge.startswith("^!"):
            start = _without(characters, edge[2:])
        elif edge.startswith("$!"):
            end = _without(characters, edge[2:])
        elif edge.startswith("^"):
            start = _class(edge[1:])
        else:
            end = _class(edge[1:])
    return _joined(start, anywhere, end), tuple(never)


def _joined(start: str, anywhere: str, end: str) -> str:
    if end == anywhere:
        return f"^{anywhere}+$" if start == anywhere else f"^{start}{anywhere}*$"
    if start == anywhere:
        return f"^{anywhere}*{end}$"
    return f"^{start}(?:{anywhere}*{end})?$"


def _class(characters: str) -> str:
    name, _, more = characters.partition("+")
    # A hyphen at the end of a class is a hyphen in every dialect.
    hyphen = "-" if "-" in more else ""
    rest = "".join(f"\\{it}" if it in r"\]^[" else it for it in more if it not in "-/" or (it == "/" and name in _SETS))
    if name in {"not", "any"}:
        return f"[^{rest}{NEVER_IN_AN_ID}{hyphen}]"
    return f"[{_SETS[name]}{rest}{hyphen}]"


def _without(characters: str, barred: str) -> str:
    if characters.startswith(("not", "any")):
        return _class(characters + "".join(it for it in barred if it not in characters))
    name, _, more = characters.partition("+")
    return _class(f"{name}+{''.join(it for it in more if it not in barred)}" if set(more) - set(barred) else name)
