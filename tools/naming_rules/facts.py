"""Reads what others say of names: the ARM specifications and the Azure Naming Tool, from files given as arguments."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.naming_rules.portable import ENDLESS, Condition, portable

ARM = "Azure/bicep-types-az, api {api}"
NAMING_TOOL = "AzureNamingTool, resourcetypes.json"
# The month in which the copies were made.
RETRIEVED = "2026-08"


@dataclass(frozen=True)
class Fact:
    """What one source says of the names of one type."""

    type: str
    condition: Condition
    scope: str | None
    source: str
    says: str
    retrieved: str


def arm(path: Path) -> Iterator[Fact]:
    """Yield what the ARM specifications say, from a file of types with api version and constraint."""
    for entry in json.loads(path.read_text("utf-8"))["rules"]:
        said = entry.get("name", {})
        condition = _condition(said)
        if condition is not None:
            yield Fact(entry["type"], condition, None, ARM.format(api=entry["api"]), _says(said), RETRIEVED)


def naming_tool(path: Path) -> dict[str, str]:
    """Return what the Azure Naming Tool says, by lower-case type."""
    return {
        f"microsoft.{entry['resource']}".lower(): f"{entry['lengthMin']}-{entry['lengthMax']}; {entry['regx']}"
        for entry in json.loads(path.read_text("utf-8"))
        if entry.get("regx") and not entry.get("property")
    }


def _condition(said: dict[str, Any]) -> Condition | None:
    words = _words(said)
    if words:
        escaped = "|".join(word.replace(".", r"\.").replace("$", r"\$") for word in words)
        return Condition(f"^(?i:{escaped})$", min(map(len, words)), max(map(len, words)))
    if not set(said) & {"pattern", "minLength", "maxLength"}:
        return None
    written = portable(said.get("pattern", ".*"))
    return Condition(
        written.pattern,
        max(written.min_length, said.get("minLength", 0)),
        min(written.max_length, said.get("maxLength", ENDLESS)),
        written.never,
        written.note,
    )


def _words(said: dict[str, Any]) -> list[str]:
    """Return the only names that there are; an alternative without a constant leaves all others open."""
    if "const" in said:
        return [said["const"]]
    alternatives = said.get("anyOf", [{}])
    return [it["const"] for it in alternatives] if all("const" in it for it in alternatives) else []


def _says(said: dict[str, Any]) -> str:
    lengths = [said.get("minLength"), said.get("maxLength")]
    words = _words(said)
    length = [] if lengths == [None, None] else ["-".join("" if it is None else str(it) for it in lengths)]
    return "; ".join(
        [*length, *([said["pattern"]] if "pattern" in said else []), *([" or ".join(words)] if words else [])]
    )
