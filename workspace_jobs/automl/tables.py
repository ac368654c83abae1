"""Reads tables: CSV, Parquet, JSON lines, Delta, MLTable folders, and the data sets that scikit-learn carries."""

import csv
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from workspace_jobs.automl.errors import AutoMLError
from workspace_jobs.automl.mltable import read_mltable
from workspace_jobs.errors import nearest

_BUNDLED = ("breast_cancer", "diabetes", "digits", "iris", "linnerud", "wine")
_SEPARATORS = ",;\t|"
Options = Mapping[str, Any]


def read(source: str | Path | pd.DataFrame) -> pd.DataFrame:
    """The table that `source` names: a file, a folder, or a data set of scikit-learn (`digits`, `wine`, ...).

    Raises AutoMLError, one sentence, where there is none, it can't be read, is empty, or has a name twice.
    """
    if isinstance(source, pd.DataFrame):
        return _checked(source.reset_index(drop=True), "the table")
    if str(source) in _BUNDLED and not Path(source).exists():
        return _bundled(str(source))
    path = Path(source)
    try:
        return _checked(_read_path(path), str(path))
    except pd.errors.EmptyDataError as error:
        raise AutoMLError(f"{path} is empty: it needs a line of column names and rows") from error
    except (ValueError, UnicodeError, OSError, yaml.YAMLError) as error:
        reason = str(error).partition("\n")[0].rstrip(".")
        raise AutoMLError(f"{path} can't be read: {reason}") from error


def _read_path(path: Path) -> pd.DataFrame:
    if path.is_dir():
        return _read_folder(path)
    if not path.is_file():
        raise AutoMLError(f"{path} is neither a file, a folder nor a data set of scikit-learn: {_instead(path)}")
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise AutoMLError(f"{path} is no table: name a file that ends in {', '.join(READERS)}")
    return reader(path, {})


def _instead(path: Path) -> str:
    beside = path.parent.glob("*") if path.parent.is_dir() else ()
    tables = [str(file) for file in beside if file.suffix.lower() in READERS]
    return nearest(str(path), [*_BUNDLED, *tables[:20]])


def _read_folder(folder: Path) -> pd.DataFrame:
    if (folder / "_delta_log").is_dir():
        return _read_delta(folder)
    if (folder / "MLTable").is_file():
        return read_mltable(folder / "MLTable", READERS_OF_MLTABLE)
    files = sorted(file for file in folder.rglob("*") if file.suffix.lower() in READERS)
    if not files:
        raise AutoMLError(f"{folder} holds no CSV, Parquet or JSON-lines file, no MLTable and no Delta table")
    return pd.concat([READERS[file.suffix.lower()](file, {}) for file in files], ignore_index=True)


def _read_delta(folder: Path) -> pd.DataFrame:
    from deltalake import DeltaTable
    from deltalake.exceptions import DeltaError

    try:
        frame = DeltaTable(str(folder)).to_pandas()
    except DeltaError as error:
        raise AutoMLError(f"{folder} is a Delta table that can't be read: {error}") from error
    assert isinstance(frame, pd.DataFrame)
    return frame


def _read_delimited(path: Path, options: Options) -> pd.DataFrame:
    encoding = options.get("encoding", "utf-8-sig")
    with path.open(encoding=encoding, newline="") as file:
        first = file.readline()
    separator = options.get("separator") or max(_SEPARATORS, key=first.count)
    header = options.get("header", 0)
    if header is not None:
        _refuse_duplicates(next(csv.reader([first], delimiter=separator), []), str(path))
    return pd.read_csv(
        path,
        sep=separator,
        encoding=encoding,
        header=header,
        keep_default_na=options.get("keep_default_na", True),
        low_memory=False,
    )


def _read_parquet(path: Path, _: Options) -> pd.DataFrame:
    return pd.read_parquet(path)


def _read_json_lines(path: Path, _: Options) -> pd.DataFrame:
    return pd.read_json(path, lines=True)


def _bundled(name: str) -> pd.DataFrame:
    from sklearn import datasets

    frame = getattr(datasets, f"load_{name}")(as_frame=True).frame
    assert isinstance(frame, pd.DataFrame)
    return frame


def _checked(frame: pd.DataFrame, what: str) -> pd.DataFrame:
    frame.columns = pd.Index([str(name) for name in frame.columns])
    _refuse_duplicates(list(frame.columns), what)
    if frame.empty:
        raise AutoMLError(f"{what} has no rows")
    return frame


def _refuse_duplicates(names: list[str], what: str) -> None:
    twice = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
    if twice:
        raise AutoMLError(f"{what} has more than one column named {twice[0]!r}: give each column a name of its own")


READERS: Mapping[str, Callable[[Path, Options], pd.DataFrame]] = {
    ".csv": _read_delimited,
    ".tsv": _read_delimited,
    ".parquet": _read_parquet,
    ".jsonl": _read_json_lines,
}
READERS_OF_MLTABLE = {
    "read_delimited": _read_delimited,
    "read_parquet": _read_parquet,
    "read_json_lines": _read_json_lines,
}
