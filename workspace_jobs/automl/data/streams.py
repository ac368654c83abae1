"""Files as batches of rows, for tables too large to be read whole."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pandas as pd

from workspace_jobs.automl.data.delimited import Options
from workspace_jobs.automl.data.sampling import Reservoir, Sample, rows_for
from workspace_jobs.automl.errors import AutoMLError

if TYPE_CHECKING:
    import pyarrow as pa

_BATCH_ROWS = 1 << 15


class Stream(Protocol):
    """A file that is read in batches."""

    @property
    def columns(self) -> int:
        """How many columns it has."""

    @property
    def most_cells(self) -> int:
        """How many cells it has at most."""

    def batches(self) -> "Iterator[pa.RecordBatch]":
        """All of its rows, in order."""

    def frame(self, kept: "pa.Table") -> pd.DataFrame:
        """Rows that were kept, as reading the file whole would have given them."""


@dataclass(frozen=True)
class ParquetStream:
    """A Parquet file: of each group of rows no more than a batch is decoded at a time."""

    path: Path
    options: Options

    @property
    def columns(self) -> int:
        """As the file's own description has it."""
        return int(self._metadata().num_columns)

    @property
    def most_cells(self) -> int:
        """As the file's own description has it."""
        return int(self._metadata().num_rows) * self.columns

    def batches(self) -> "Iterator[pa.RecordBatch]":
        """All of its rows, in order."""
        from pyarrow import parquet

        # Buffered beforehand, all that was read stays in memory until the file is closed.
        with parquet.ParquetFile(self.path, pre_buffer=False) as file:
            yield from file.iter_batches(batch_size=_BATCH_ROWS)

    def frame(self, kept: "pa.Table") -> pd.DataFrame:
        """With the types that the file says its columns have in pandas."""
        return _frame_of(kept)

    def _metadata(self) -> "pa.parquet.FileMetaData":
        from pyarrow import parquet

        return parquet.read_metadata(self.path)


@dataclass(frozen=True)
class DatasetStream:
    """A table in many Parquet files that is more than these: of Delta, or partitioned."""

    dataset: "pa.dataset.Dataset"

    @property
    def columns(self) -> int:
        """As the table describes itself."""
        return len(self.dataset.schema)

    @property
    def most_cells(self) -> int:
        """As its files have it."""
        return int(self.dataset.count_rows()) * self.columns

    def batches(self) -> "Iterator[pa.RecordBatch]":
        """All of its rows, in order."""
        from pyarrow import dataset

        unbuffered = dataset.ParquetFragmentScanOptions(pre_buffer=False)
        yield from self.dataset.to_batches(
            batch_size=_BATCH_ROWS, batch_readahead=2, fragment_readahead=1, fragment_scan_options=unbuffered
        )

    def frame(self, kept: "pa.Table") -> pd.DataFrame:
        """With pandas' types for the table's."""
        return _frame_of(kept)


def sample_of(streams: Sequence[Stream], most_cells: int, seed: int, target: str | None) -> Sample:
    """So many rows of all `streams` that they have no more than `most_cells` cells, in their order.

    No more than what is kept, and a batch, is in memory at a time.
    """
    reservoir = Reservoir(rows_for(most_cells, max(stream.columns for stream in streams)), seed, target)
    for number, stream in enumerate(streams):
        for batch in stream.batches():
            reservoir.show(number, batch)
    parts = [streams[number].frame(rows) for number, rows in reservoir.kept()]
    # One alone needs no copy.
    frame = pd.concat(parts, ignore_index=True) if len(parts) > 1 else next(iter(parts), pd.DataFrame())
    return reservoir.sample(frame)


def delta_dataset(folder: Path) -> "pa.dataset.Dataset":
    """A Delta table at its latest version. Raises AutoMLError for one that can't be read."""
    from deltalake import DeltaTable
    from deltalake.exceptions import DeltaError

    try:
        return DeltaTable(str(folder)).to_pyarrow_dataset()
    except DeltaError as error:
        raise AutoMLError(f"{folder} is a Delta table that can't be read: {error}") from error


def partitioned_dataset(folder: Path, files: Sequence[Path]) -> "pa.dataset.Dataset":
    """Parquet `files` in folders named COLUMN=VALUE below `folder`, whose values are columns, as Hive has it.

    It has the columns of all files. Raises AutoMLError where they, or the names of folders, contradict each other.
    """
    import pyarrow as pa
    from pyarrow import dataset, fs

    # Absolute, because a path is below "." only for people.
    options = dataset.FileSystemFactoryOptions(str(folder.absolute()), dataset.HivePartitioning.discover())
    paths = [str(file.absolute()) for file in files]
    made = dataset.FileSystemDatasetFactory(fs.LocalFileSystem(), paths, dataset.ParquetFileFormat(), options)
    try:
        return made.finish(made.inspect(promote_options="permissive"))
    except pa.ArrowTypeError as error:
        raise AutoMLError(f"{folder} is no table of one kind: {error}") from error


def _frame_of(kept: "pa.Table") -> pd.DataFrame:
    frame = kept.unify_dictionaries().to_pandas(split_blocks=True, self_destruct=True)
    assert isinstance(frame, pd.DataFrame)
    return frame.reset_index(drop=True)
