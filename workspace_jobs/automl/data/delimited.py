"""Delimited text: read whole, or in batches of text that are given their types once it is known which rows are kept."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from workspace_jobs.automl.errors import AutoMLError

if TYPE_CHECKING:
    import pyarrow as pa

_SEPARATORS = ",;\t|"
_BLOCK_BYTES = 1 << 24
Options = Mapping[str, Any]


@dataclass(frozen=True)
class Dialect:
    """How a file is written. `names` are of its columns, None where it has no line of names."""

    separator: str
    encoding: str
    names: tuple[str, ...] | None
    width: int
    keep_default_na: bool = True

    @classmethod
    def of(cls, path: Path, options: Options) -> "Dialect":
        """The dialect of a file, as its first line and `options` have it. Raises AutoMLError for a name twice."""
        encoding = options.get("encoding", "utf-8-sig")
        with path.open(encoding=encoding, newline="") as file:
            first = file.readline()
        separator = options.get("separator") or max(_SEPARATORS, key=first.count)
        fields = tuple(next(csv.reader([first], delimiter=separator), []))
        names = fields if options.get("header", 0) is not None else None
        if names is not None:
            refuse_duplicates(list(names), str(path))
        return cls(separator, encoding, names, len(fields), options.get("keep_default_na", True))


def read_delimited(path: Path, options: Options) -> pd.DataFrame:
    """The whole table."""
    return _parsed(path, Dialect.of(path, options))


@dataclass(frozen=True)
class DelimitedStream:
    """A file in batches of text."""

    path: Path
    options: Options

    @property
    def columns(self) -> int:
        """How many columns it has."""
        return Dialect.of(self.path, self.options).width

    @property
    def most_cells(self) -> int:
        """How many cells it has at most: each takes a character and a separator."""
        return self.path.stat().st_size // 2

    def batches(self) -> "Iterator[pa.RecordBatch]":
        """All of its rows, in order, every value as text."""
        import pyarrow as pa
        from pyarrow import csv as arrow

        dialect = Dialect.of(self.path, self.options)
        names = list(dialect.names or map(str, range(dialect.width)))
        with arrow.open_csv(
            self.path,
            arrow.ReadOptions(
                block_size=_BLOCK_BYTES,
                encoding=dialect.encoding.removesuffix("-sig"),
                column_names=names,
                skip_rows=0 if dialect.names is None else 1,
            ),
            arrow.ParseOptions(delimiter=dialect.separator, newlines_in_values=True),
            arrow.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
        ) as reader:
            yield from reader

    def frame(self, kept: "pa.Table") -> pd.DataFrame:
        """Rows that were kept, with the types that reading them alone would have given them."""
        from pyarrow import csv as arrow

        text = io.BytesIO()
        arrow.write_csv(kept, text)
        text.seek(0)
        dialect = Dialect.of(self.path, self.options)
        return _parsed(text, Dialect(",", "utf-8", tuple(kept.column_names), dialect.width, dialect.keep_default_na))


def refuse_duplicates(names: list[str], what: str) -> None:
    """Raise AutoMLError for a name that two columns have."""
    twice = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
    if twice:
        raise AutoMLError(f"{what} has more than one column named {twice[0]!r}: give each column a name of its own")


def _parsed(source: Path | io.BytesIO, dialect: Dialect) -> pd.DataFrame:
    return pd.read_csv(
        source,
        sep=dialect.separator,
        encoding=dialect.encoding,
        header=None if dialect.names is None else 0,
        keep_default_na=dialect.keep_default_na,
        low_memory=False,
    )
