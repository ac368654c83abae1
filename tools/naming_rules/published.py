"""Reads naming/rules/published/examples.toml: the names that Microsoft publishes, by the rule that they belong to."""

import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

FILE = Path(__file__).parents[2] / "naming" / "rules" / "published" / "examples.toml"


def read(file: Path = FILE) -> dict[str, list[dict[str, Any]]]:
    """Return what each page says of a rule's names, by the rule's key; the pages in the order of the file."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for page in tomllib.loads(file.read_text("utf-8"))["page"]:
        said = {kind: page.get(kind, {}) for kind in ("good", "bad", "disputed")}
        for key in dict.fromkeys(key for names in said.values() for key in names):
            names = {kind: by_key[key] for kind, by_key in said.items() if key in by_key}
            found[key].append({"title": page["title"], "url": page["url"], "date": page["date"], **names})
    return dict(sorted(found.items()))
