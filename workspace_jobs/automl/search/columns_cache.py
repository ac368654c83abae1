"""Prepared columns, kept between trials: candidates share a preprocessing, which costs as much as a quick model."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Larger tables would fill the disk, and preparing them is a small part of a trial there.
_MOST_CELLS = 5_000_000


@dataclass(frozen=True)
class PreparedColumns:
    """The rows to learn from and to judge by, as the model sees them.

    `fit_seconds` and `predict_seconds` are what making them took, `size_bytes` the size of what made them: a pipeline
    has them in any case, also where a trial found them here.
    """

    learn: NDArray[Any]
    judge: NDArray[Any]
    fit_seconds: float
    predict_seconds: float
    size_bytes: int


@dataclass(frozen=True)
class ColumnsCache:
    """Files in `folder`, one for each preprocessing and fold, shared by the trials of one machine."""

    folder: Path

    def get(self, key: str, fold: int) -> PreparedColumns | None:
        """What is kept, None for nothing."""
        try:
            with np.load(self._file(key, fold)) as parts:
                fit_seconds, predict_seconds, size_bytes = parts["costs"].tolist()
                return PreparedColumns(parts["learn"], parts["judge"], fit_seconds, predict_seconds, int(size_bytes))
        except FileNotFoundError:
            return None

    def put(self, key: str, fold: int, columns: PreparedColumns, number: int) -> None:
        """Keep `columns`; `number` is the trial's own, so that two trials do not write one draft."""
        if columns.learn.size > _MOST_CELLS:
            return
        draft = self.folder / f"draft-{number}.npz"
        costs = [columns.fit_seconds, columns.predict_seconds, columns.size_bytes]
        np.savez(draft, learn=columns.learn, judge=columns.judge, costs=costs)
        draft.replace(self._file(key, fold))

    def _file(self, key: str, fold: int) -> Path:
        return self.folder / f"{key}-{fold}.npz"
