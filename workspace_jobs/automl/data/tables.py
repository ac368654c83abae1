"""Reads tables: CSV, Parquet, JSON lines, Delta, MLTable folders, and the data sets that scikit-learn carries."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import yaml
from pandas.api import types

from workspace_jobs.automl.data import data_assets
from workspace_jobs.automl.data.delimited import DelimitedStream, Options, read_delimited, refuse_duplicates
from workspace_jobs.automl.data.mltable import MLTable, parse
from workspace_jobs.automl.data.sampling import Sample, sampled
from workspace_jobs.automl.data.streams import (
    DatasetStream,
    ParquetStream,
    Stream,
    delta_dataset,
    partitioned_dataset,
    sample_of,
)
from workspace_jobs.automl.errors import AutoMLError
from workspace_jobs.errors import nearest

if TYPE_CHECKING:
    import pyarrow as pa

_BUNDLED = ("breast_cancer", "diabetes", "digits", "iris", "linnerud", "wine")


def read(source: str | Path | pd.DataFrame, config: Path | None = None) -> pd.DataFrame:
    """The table that `source` names: a file, a folder, a data asset, or a data set of scikit-learn (`digits`, ...).

    Data assets are of the workspace that `config`, else the nearest config.json, names. Raises AutoMLError, one
    sentence, where there is none, it can't be read, is empty, or has a name twice.
    """
    if data_assets.is_data_asset(source):
        with data_assets.downloaded(str(source), config) as path:
            return read(path)
    if isinstance(source, pd.DataFrame):
        return _checked(source.reset_index(drop=True), "the table")
    if is_bundled(source) and not Path(source).exists():
        return _bundled(str(source))
    path = Path(source)
    with _explained(path):
        return _checked(_read_path(path), str(path))


def is_bundled(source: str | Path) -> bool:
    """Whether a data set of scikit-learn has that name."""
    return str(source) in _BUNDLED


def check_exists(path: Path) -> None:
    """Raise AutoMLError where there is no such file or folder, and say what may be meant."""
    if not path.exists():
        told = "neither a file, a folder, a data asset (azureml:NAME:VERSION) nor a data set of scikit-learn"
        raise AutoMLError(f"{path} is {told}: {_instead(path)}")


def read_sample(
    source: str | Path | pd.DataFrame,
    most_cells: int,
    seed: int,
    target: str | None = None,
    config: Path | None = None,
) -> Sample:
    """As `read`, but of a table with more than `most_cells` cells a random part of the rows.

    CSV, Parquet and Delta tables, and folders of them, are never in memory as a whole. `target` is the column of
    classes of which the rare ones keep more rows than their share.
    """
    if data_assets.is_data_asset(source):
        with data_assets.downloaded(str(source), config) as path:
            return read_sample(path, most_cells, seed, target)
    if isinstance(source, str | Path) and Path(source).exists():
        path = Path(source)
        with _explained(path):
            streams = _streams(path)
            if sum(stream.most_cells for stream in streams) > most_cells:
                sample = sample_of(streams, most_cells, seed, target)
                frame = _mltable(path).transformed(sample.frame) if (path / "MLTable").is_file() else sample.frame
                return replace(sample, frame=_checked(frame, str(path)))
    return sampled(read(source), most_cells, seed, target)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Raise AutoMLError for whatever the libraries have to say of a file that is no table."""
    try:
        yield
    except pd.errors.EmptyDataError as error:
        raise AutoMLError(f"{path} is empty: it needs a line of column names and rows") from error
    except (ValueError, UnicodeError, OSError, yaml.YAMLError) as error:
        reason = str(error).partition("\n")[0].rstrip(".")
        raise AutoMLError(f"{path} can't be read: {reason}") from error


def _streams(path: Path) -> Sequence[Stream]:
    """The files of a table, where each can be read in batches; else none."""
    whole = _dataset(path)
    if whole is not None:
        return [DatasetStream(whole)]
    if (path / "MLTable").is_file():
        return _streams_of(_mltable(path))
    files = _tables_in(path) if path.is_dir() else [path]
    found = [_STREAMS.get(file.suffix.lower()) for file in files]
    return [] if None in found else [stream(file, {}) for stream, file in zip(found, files, strict=True) if stream]


def _streams_of(table: MLTable) -> Sequence[Stream]:
    stream = _STREAMS_OF_MLTABLE.get(table.reader)
    return [] if stream is None or table.is_cut else [stream(file, table.options) for file in table.files]


def _mltable(folder: Path) -> MLTable:
    return parse(folder / "MLTable", READERS_OF_MLTABLE)


def _read_path(path: Path) -> pd.DataFrame:
    if path.is_dir():
        return _read_folder(path)
    check_exists(path)
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise AutoMLError(f"{path} is no table: name a file that ends in {', '.join(READERS)}")
    return reader(path, {})


def _instead(path: Path) -> str:
    beside = path.parent.glob("*") if path.parent.is_dir() else ()
    tables = [str(file) for file in beside if file.suffix.lower() in READERS]
    return nearest(str(path), [*_BUNDLED, *tables[:20]])


def _read_folder(folder: Path) -> pd.DataFrame:
    whole = _dataset(folder)
    if whole is not None:
        return DatasetStream(whole).frame(whole.to_table())
    if (folder / "MLTable").is_file():
        table = _mltable(folder)
        read_one = READERS_OF_MLTABLE[table.reader]
        return table.transformed(pd.concat([read_one(file, table.options) for file in table.files], ignore_index=True))
    files = _tables_in(folder)
    if not files:
        raise AutoMLError(f"{folder} holds no CSV, Parquet or JSON-lines file, no MLTable and no Delta table")
    return pd.concat([READERS[file.suffix.lower()](file, {}) for file in files], ignore_index=True)


def _tables_in(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.suffix.lower() in READERS)


def _dataset(folder: Path) -> "pa.dataset.Dataset | None":
    """A folder that is one table; None for a file, and for a folder whose files are tables of the same columns."""
    if (folder / "_delta_log").is_dir():
        return delta_dataset(folder)
    files = _tables_in(folder) if folder.is_dir() and not (folder / "MLTable").is_file() else []
    is_partitioned = any("=" in part.name for file in files for part in file.relative_to(folder).parents)
    if not is_partitioned or {file.suffix.lower() for file in files} != {".parquet"}:
        return None
    return partitioned_dataset(folder, files)


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
    refuse_duplicates(list(frame.columns), what)
    if frame.empty:
        raise AutoMLError(f"{what} has no rows")
    decimals = [name for name, column in frame.items() if _is_decimal(column)]
    return frame.astype(dict.fromkeys(decimals, float)) if decimals else frame


def _is_decimal(column: pd.Series) -> bool:
    """Whether its values are decimals, as Parquet and Delta have them: numbers, which pandas takes for anything."""
    first = column.first_valid_index() if column.dtype == object else None
    # The first value tells most columns apart at once.
    is_first = first is not None and isinstance(column.loc[first], Decimal)
    return is_first and types.infer_dtype(column, skipna=True) == "decimal"


READERS: Mapping[str, Callable[[Path, Options], pd.DataFrame]] = {
    ".csv": read_delimited,
    ".tsv": read_delimited,
    ".parquet": _read_parquet,
    ".jsonl": _read_json_lines,
}
READERS_OF_MLTABLE = {
    "read_delimited": read_delimited,
    "read_parquet": _read_parquet,
    "read_json_lines": _read_json_lines,
}
# Those that can be sampled while they are read.
_STREAMS: Mapping[str, Callable[[Path, Options], Stream]] = {
    ".csv": DelimitedStream,
    ".tsv": DelimitedStream,
    ".parquet": ParquetStream,
}
_STREAMS_OF_MLTABLE: Mapping[str, Callable[[Path, Options], Stream]] = {
    "read_delimited": DelimitedStream,
    "read_parquet": ParquetStream,
}
