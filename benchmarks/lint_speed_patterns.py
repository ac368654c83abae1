"""What `benchmarks.lint_speed` compares with: somebody else's patterns through Python's `re`, over a table of names.

`python -m benchmarks.lint_speed_patterns PATTERNS NAMES`: PATTERNS is azurecaf's resourceDefinition.json or
AzureNamingTool's resourcetypes.json. Does what a short script of a user would do, and less than a linter does: no
uniqueness, no reserved words, no sentence.
"""

import csv
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from naming.lint.sources.places import path
from naming.lint.sources.terraform import azurerm_templates


def main(patterns: str, names: str) -> None:
    """Print how many names do not match, and how many have no pattern."""
    known = dict(_compiled(json.loads(Path(patterns).read_text("utf-8-sig"))))
    wrong = without = 0
    with Path(names).open(newline="", encoding="utf-8") as text:
        for row in csv.DictReader(text):
            pattern = known.get(row["type"].lower())
            if pattern is None:
                without += 1
            elif not pattern.match(row["name"]):
                wrong += 1
    print(f"{wrong} wrong, {without} without a pattern")


def _compiled(entries: list[dict[str, str]]) -> Iterator[tuple[str, re.Pattern[str]]]:
    for kind, pattern in _patterns(entries):
        try:
            yield kind.lower(), re.compile(pattern)
        except re.error as error:
            print(f"{kind} is left out, since Python does not take {pattern!r}: {error}")


def _patterns(entries: list[dict[str, str]]) -> Iterator[tuple[str, str]]:
    for entry in entries:
        if "validation_regex" in entry:
            template = azurerm_templates().get(entry["name"])
            if template is not None:
                yield path(template).type, entry["validation_regex"].strip('"')
        elif entry.get("regx"):
            yield f"Microsoft.{entry['resource']}", entry["regx"]


if __name__ == "__main__":
    main(*sys.argv[1:3])
