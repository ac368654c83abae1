"""A table as the checks see it: its columns, of all rows or of a sample that is said."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from workspace_jobs.automl.errors import AutoMLError
from workspace_jobs.automl.profile.alerts import listed
from workspace_jobs.automl.profile.columns import Column, Hashes
from workspace_jobs.automl.profile.reading import read_column

# What is looked at, so that a table of any size takes seconds. Of more, rows are drawn at random.
MAX_ROWS: Final = 200_000
MAX_CELLS: Final = 12_000_000
MIN_ROWS: Final = 2_000
SEED: Final = 0


@dataclass(frozen=True)
class Table:
    """Columns of equal length by name, in the frame's order; of `total_rows` there are `rows`, all or a sample."""

    columns: dict[str, Column]
    rows: int
    total_rows: int

    @property
    def is_sample(self) -> bool:
        """Whether the columns hold a sample of the rows."""
        return self.rows < self.total_rows

    def row_hashes(self, names: list[str]) -> Hashes:
        """A 64-bit number for each row, the same for rows that are equal in the columns `names`; shape (rows,)."""
        combined = np.zeros(self.rows, dtype=np.uint64)
        with np.errstate(over="ignore"):
            for name in names:
                combined = combined * np.uint64(1_000_003) + self.columns[name].hashes
        return combined


def read_table(frame: pd.DataFrame) -> Table:
    """Read a frame, or a random sample of its rows where it is large.

    Raises:
        AutoMLError: the frame has no row or no column, or two columns of one name.
    """
    names = [str(name) for name in frame.columns]
    if not names or not len(frame):
        raise AutoMLError(f"the table has {len(frame)} rows and {len(names)} columns: there is nothing to learn from")
    twice = sorted({name for name, is_twice in zip(names, pd.Index(names).duplicated(), strict=True) if is_twice})
    if twice:
        raise AutoMLError(f"several columns are called {listed(twice)}: give each a name of its own")
    total = len(frame)
    limit = max(MIN_ROWS, min(MAX_ROWS, MAX_CELLS // len(names)))
    if total > limit:
        drawn = np.sort(np.random.default_rng(SEED).choice(total, size=limit, replace=False))
        frame = frame.iloc[drawn]
    columns = {name: read_column(name, frame.iloc[:, position]) for position, name in enumerate(names)}
    return Table(columns, len(frame), total)
