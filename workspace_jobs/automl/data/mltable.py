"""MLTable, Azure ML's own description of a table: a folder with data, and a file that says how to load them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from workspace_jobs.automl.errors import AutoMLError

_ENCODINGS = {
    "utf8": "utf-8-sig", "utf8bom": "utf-8-sig", "utf16": "utf-16", "ascii": "ascii",
    "latin1": "latin-1", "iso88591": "latin-1", "windows1252": "cp1252",
}  # fmt: skip
# Options that change nothing about which values are read here.
_HARMLESS = frozenset({"infer_column_types", "support_multi_line", "include_path_column", "path_column"})
_UNDERSTOOD = frozenset({"delimiter", "encoding", "header", "empty_as_string"})


@dataclass(frozen=True)
class MLTable:
    """What the file says: which files there are, which transformation reads them, and what is done with the table."""

    files: tuple[Path, ...]
    reader: str
    options: Mapping[str, Any]
    steps: tuple[tuple[str, Any], ...]

    @property
    def is_cut(self) -> bool:
        """Whether only its first rows are wanted."""
        return any(name == "take" for name, _ in self.steps)

    def transformed(self, table: pd.DataFrame) -> pd.DataFrame:
        """The table once it is read."""
        for name, options in self.steps:
            table = _transform(table, name, options)
        return table


def parse(definition: Path, readers: Collection[str]) -> MLTable:
    """What the file `definition` says; `readers` are the names of the transformations that read."""
    content = yaml.safe_load(definition.read_text(encoding="utf-8"))
    if not isinstance(content, dict) or not content.get("paths"):
        raise AutoMLError(f"The MLTable file of {definition.parent.name} has no `paths`")
    steps = [_step(raw) for raw in content.get("transformations") or []]
    reading = [step for step in steps if step[0] in readers]
    if len(reading) != 1:
        raise AutoMLError(
            f"The MLTable file of {definition.parent.name} must have one of {', '.join(readers)} "
            "among its transformations"
        )
    name, options = reading[0]
    files = tuple(path for entry in content["paths"] for path in _paths(definition.parent, entry))
    asked = _delimited(options) if name == "read_delimited" else {}
    return MLTable(files, name, asked, tuple(step for step in steps if step[0] not in readers))


def _step(raw: object) -> tuple[str, Any]:
    """The name and the options of a transformation, which is a word or a mapping with one key."""
    if isinstance(raw, str):
        return raw, {}
    if isinstance(raw, dict) and len(raw) == 1:
        name, options = next(iter(raw.items()))
        return str(name), {} if options is None else options
    raise AutoMLError(f"The MLTable transformation {raw!r} is not understood")


def _paths(folder: Path, entry: object) -> Sequence[Path]:
    if not isinstance(entry, dict) or len(entry) != 1:
        raise AutoMLError(f"The MLTable path {entry!r} is not understood: write `file:`, `folder:` or `pattern:`")
    kind, text = next(iter(entry.items()))
    relative = str(text).removeprefix("./")
    if "://" in relative or Path(relative).is_absolute() or ".." in Path(relative).parts:
        raise AutoMLError(f"The MLTable path {text!r} leads out of its folder; only files beside MLTable are read here")
    if kind == "folder":
        found = [path for path in sorted((folder / relative).rglob("*")) if path.is_file() and path.name != "MLTable"]
    else:
        found = sorted(folder.glob(relative)) if kind == "pattern" else [folder / relative]
    if not found or not all(path.is_file() for path in found):
        raise AutoMLError(f"The MLTable path {text!r} names no file of its folder")
    return found


def _delimited(options: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(options) - _HARMLESS - _UNDERSTOOD
    if unknown:
        raise AutoMLError(f"AutoML does not know read_delimited's {', '.join(sorted(unknown))}")
    encoding = str(options.get("encoding", "utf8"))
    return {
        "separator": str(options.get("delimiter", ",")),
        "encoding": _ENCODINGS.get(encoding, encoding),
        "header": None if options.get("header") in {"no_header", False} else 0,
        "keep_default_na": not options.get("empty_as_string", False),
    }


def _transform(table: pd.DataFrame, name: str, options: object) -> pd.DataFrame:
    columns = [options] if isinstance(options, str) else options
    if name == "keep_columns" and isinstance(columns, list):
        return table[columns]
    if name == "drop_columns" and isinstance(columns, list):
        return table.drop(columns=columns)
    if name == "take" and isinstance(options, int):
        return table.head(options)
    raise AutoMLError(f"AutoML does not know the MLTable transformation {name!r}; prepare the data beforehand")
