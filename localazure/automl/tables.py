"""Reads the data of a task: an MLTable folder, or a folder with CSV, Parquet or JSON-lines files."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from localazure.automl.errors import AutoMLError

_ENCODINGS = {
    "utf8": "utf-8", "utf8bom": "utf-8-sig", "utf16": "utf-16", "ascii": "ascii",
    "latin1": "latin-1", "iso88591": "latin-1", "windows1252": "cp1252",
}  # fmt: skip
_NO_HEADER = "no_header"
# Options that change nothing about which values are read here.
_HARMLESS = frozenset({"infer_column_types", "support_multi_line", "include_path_column", "path_column"})


def read_table(folder: Path) -> pd.DataFrame:
    """The table that `folder` holds. Raises AutoMLError, one sentence, where it can't be read."""
    definition = folder / "MLTable"
    try:
        if definition.is_file():
            table = _read_mltable(definition)
        else:
            files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in _BY_SUFFIX)
            table = _concatenate([_BY_SUFFIX[path.suffix.lower()](path, {}) for path in files], str(folder.name))
    except (ValueError, UnicodeError, OSError, yaml.YAMLError) as error:
        reason = str(error).partition("\n")[0].rstrip(".")
        raise AutoMLError(f"The data in {folder.name} could not be read: {reason}.") from error
    table.columns = [str(name) for name in table.columns]
    return table


def _read_mltable(definition: Path) -> pd.DataFrame:
    content = yaml.safe_load(definition.read_text(encoding="utf-8"))
    if not isinstance(content, dict) or not content.get("paths"):
        raise AutoMLError(f"The MLTable file of {definition.parent.name} has no `paths`.")
    steps = [_step(raw) for raw in content.get("transformations") or []]
    readers = [(name, options) for name, options in steps if name in _BY_TRANSFORMATION]
    if len(readers) != 1:
        raise AutoMLError(
            f"The MLTable file of {definition.parent.name} must have one of {', '.join(_BY_TRANSFORMATION)} "
            "among its transformations."
        )
    name, options = readers[0]
    files = [path for entry in content["paths"] for path in _paths(definition.parent, entry)]
    table = _concatenate([_BY_TRANSFORMATION[name](path, options) for path in files], definition.parent.name)
    for name, options in steps:
        if name not in _BY_TRANSFORMATION:
            table = _transform(table, name, options)
    return table


def _step(raw: object) -> tuple[str, Any]:
    """The name and the options of a transformation, which is a word or a mapping with one key."""
    if isinstance(raw, str):
        return raw, {}
    if isinstance(raw, dict) and len(raw) == 1:
        name, options = next(iter(raw.items()))
        return str(name), {} if options is None else options
    raise AutoMLError(f"The MLTable transformation {raw!r} is not understood.")


def _paths(folder: Path, entry: object) -> list[Path]:
    if not isinstance(entry, dict) or len(entry) != 1:
        raise AutoMLError(f"The MLTable path {entry!r} is not understood: write `file:`, `folder:` or `pattern:`.")
    kind, text = next(iter(entry.items()))
    relative = str(text).removeprefix("./")
    if "://" in relative or Path(relative).is_absolute() or ".." in Path(relative).parts:
        raise AutoMLError(
            f"The MLTable path {text!r} leads out of its folder; only files beside MLTable are read here."
        )
    if kind == "folder":
        found = [path for path in sorted((folder / relative).rglob("*")) if path.is_file() and path.name != "MLTable"]
    else:
        found = sorted(folder.glob(relative)) if kind == "pattern" else [folder / relative]
    if not found or not all(path.is_file() for path in found):
        raise AutoMLError(f"The MLTable path {text!r} names no file of its folder.")
    return found


def _transform(table: pd.DataFrame, name: str, options: object) -> pd.DataFrame:
    columns = [options] if isinstance(options, str) else options
    if name == "keep_columns" and isinstance(columns, list):
        return table[columns]
    if name == "drop_columns" and isinstance(columns, list):
        return table.drop(columns=columns)
    if name == "take" and isinstance(options, int):
        return table.head(options)
    raise AutoMLError(f"Local AutoML does not know the MLTable transformation {name!r}; prepare the data beforehand.")


def _concatenate(tables: Sequence[pd.DataFrame], what: str) -> pd.DataFrame:
    if not tables:
        raise AutoMLError(f"There is no CSV, Parquet or JSON-lines file in {what}.")
    return pd.concat(tables, ignore_index=True)


def _read_delimited(path: Path, options: Mapping[str, Any]) -> pd.DataFrame:
    unknown = set(options) - _HARMLESS - {"delimiter", "encoding", "header", "empty_as_string"}
    if unknown:
        raise AutoMLError(f"Local AutoML does not know read_delimited's {', '.join(sorted(unknown))}.")
    encoding = str(options.get("encoding", "utf8"))
    return pd.read_csv(
        path,
        sep=str(options.get("delimiter", ",")),
        encoding=_ENCODINGS.get(encoding, encoding),
        header=None if options.get("header") in {_NO_HEADER, False} else 0,
        keep_default_na=not options.get("empty_as_string", False),
    )


def _read_tabs(path: Path, _: Mapping[str, Any]) -> pd.DataFrame:
    return _read_delimited(path, {"delimiter": "\t"})


def _read_parquet(path: Path, _: Mapping[str, Any]) -> pd.DataFrame:
    return pd.read_parquet(path)


def _read_json_lines(path: Path, _: Mapping[str, Any]) -> pd.DataFrame:
    return pd.read_json(path, lines=True)


_Reader = Callable[[Path, Mapping[str, Any]], pd.DataFrame]
_BY_TRANSFORMATION: Mapping[str, _Reader] = {
    "read_delimited": _read_delimited,
    "read_parquet": _read_parquet,
    "read_json_lines": _read_json_lines,
}
_BY_SUFFIX: Mapping[str, _Reader] = {
    ".csv": _read_delimited,
    ".tsv": _read_tabs,
    ".parquet": _read_parquet,
    ".jsonl": _read_json_lines,
}
