"""Writes `naming/rules/types/`: what the product reads, one file for each provider and an index."""

import json
import shutil
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "naming" / "rules" / "types"

Entry = dict[str, Any]


def derived(folder: Path = FOLDER) -> list[Entry]:
    """Return the rules in the folder that were derived from facts, as they were written."""
    return [entry for path in sorted(folder.glob("*.json")) for entry in _entries(path) if "area" not in entry]


def files(
    curated: Iterable[Entry],
    derived: Iterable[Entry],
    reserved_words: dict[str, list[str]],
    published: dict[str, list[Entry]],
) -> dict[str, str]:
    """Return the text of every file by its name within the folder. A rule written by hand replaces a derived one."""
    by_hand: dict[str, list[Entry]] = defaultdict(list)
    for entry in curated:
        by_hand[entry["type"].lower()].append(entry)
    all_types = {**{entry["type"].lower(): [entry] for entry in derived}, **by_hand}
    providers: dict[str, dict[str, list[Entry]]] = defaultdict(dict)
    for key in sorted(all_types):
        providers[key.partition("/")[0]][key] = [_compact(entry) for entry in all_types[key]]
    found = {f"{provider}.json": _lines(types) for provider, types in sorted(providers.items())}
    spellings = _spellings(entry for entries in by_hand.values() for entry in entries)
    found["index/spellings.json"] = _lines(spellings)
    found["index/types.json"] = _lines([all_types[key][0]["type"] for key in sorted(all_types)])
    found["index/reserved-words.json"] = _lines(reserved_words)
    found["index/published.json"] = _lines(published)
    return found


def write(texts: dict[str, str], folder: Path = FOLDER) -> None:
    """Replace the folder by these files."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "index").mkdir(parents=True)
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")


def _entries(path: Path) -> Iterable[Entry]:
    for entries in json.loads(path.read_text("utf-8")).values():
        yield from entries


def _compact(entry: Entry) -> Entry:
    return {key: value for key, value in entry.items() if value not in ("", [], None) or key == "separator"}


def _spellings(curated: Iterable[Entry]) -> dict[str, str]:
    """Return the key of the rule for each label and abbreviation; the first to carry one has it."""
    found: dict[str, str] = {}
    for entry in curated:
        key = f"{entry['type']}[{entry['variant']}]" if "variant" in entry else entry["type"]
        for spelling in filter(None, (entry["label"], entry.get("abbreviation"))):
            found.setdefault(spelling.lower(), key)
    return dict(sorted(found.items()))


def _lines(value: dict[str, Any] | list[Any]) -> str:
    """Write JSON with one line for each item, which shows in a diff what changed."""
    dumped = [json.dumps(item, ensure_ascii=False, separators=(",", ":")) for item in value]
    if isinstance(value, dict):
        dumped = [
            f"{key}:{json.dumps(value[name], ensure_ascii=False, separators=(',', ':'))}"
            for key, name in zip(dumped, value, strict=True)
        ]
        return "{\n" + ",\n".join(dumped) + "\n}\n"
    return "[\n" + ",\n".join(dumped) + "\n]\n"
