"""The two forms that a column takes: numbers, or codes into levels. Every check works on these arrays at once."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
Mask = npt.NDArray[np.bool_]
Kind = Literal["number", "date", "boolean", "category", "text", "mixed", "empty"]

MISSING = -1
_MISSING_HASH = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_SHIFT = np.uint64(29)


@dataclass(frozen=True, eq=False)
class Numbers:
    """A column of numbers or dates.

    Parameters:
        name: of the column.
        kind: `number`, or `date`.
        dtype: what pandas calls its type.
        values: shape (rows,); NaN where a value is missing, a date as seconds since 1970.
    """

    name: str
    kind: Kind
    dtype: str
    values: Floats

    @cached_property
    def missing(self) -> Mask:
        """Which rows have no value; shape (rows,)."""
        return np.isnan(self.values)

    @cached_property
    def ordered(self) -> Floats:
        """The finite values in ascending order; shape (at most rows,)."""
        return np.sort(self.values[np.isfinite(self.values)])

    @cached_property
    def infinite(self) -> int:
        """How many values are infinite."""
        return int(np.isinf(self.values).sum())

    @cached_property
    def levels(self) -> Floats:
        """The distinct finite values in ascending order."""
        return self.ordered[self._starts]

    @cached_property
    def counts(self) -> Codes:
        """How many rows have each level; shape (levels,)."""
        return np.diff(self._starts, append=len(self.ordered))

    @cached_property
    def _starts(self) -> Codes:
        return np.flatnonzero(np.diff(self.ordered, prepend=-np.inf))

    @property
    def distinct(self) -> int:
        """How many distinct values there are, infinity being one."""
        return len(self.levels) + bool(self.infinite)

    @cached_property
    def is_whole(self) -> bool:
        """Whether every finite value is a whole number."""
        return bool(np.array_equal(self.levels, np.floor(self.levels)))

    @cached_property
    def hashes(self) -> Hashes:
        """A 64-bit number for each row, the same for equal values in any column; shape (rows,)."""
        bits = (self.values + 0.0).view(np.uint64)
        return np.where(self.missing, _MISSING_HASH, _mixed(bits))

    def bins(self, limit: int) -> tuple[Codes, int]:
        """The bin of each row and how many bins there are: a bin a value, or of equal size, and one for missing."""
        levels = self.levels
        if len(levels) <= limit:
            edges = levels[1:]
        else:
            at = (np.arange(1, limit) * len(self.ordered)) // limit
            edges = np.unique(self.ordered[at])
        codes = np.searchsorted(edges, self.values, side="right")
        codes[self.missing] = len(edges) + 1
        return codes, len(edges) + 2


@dataclass(frozen=True, eq=False)
class Categories:
    """A column of anything else: the codes of its rows, and the text of each level.

    Parameters:
        name: of the column.
        kind: `boolean`, `category`, `text`, `mixed` or `empty`.
        dtype: what pandas calls its type.
        codes: shape (rows,); the number of the row's level, -1 where a value is missing.
        levels: shape (distinct,), each level as text.
        types: the Python types of the values, the most frequent first, where there are several.
    """

    name: str
    kind: Kind
    dtype: str
    codes: Codes
    levels: npt.NDArray[np.object_]
    types: tuple[str, ...] = ()

    @cached_property
    def missing(self) -> Mask:
        """Which rows have no value; shape (rows,)."""
        return np.asarray(self.codes == MISSING)

    @cached_property
    def counts(self) -> Codes:
        """How many rows have each level; shape (levels,)."""
        return np.bincount(self.codes[~self.missing], minlength=len(self.levels)).astype(np.int64)

    @cached_property
    def by_frequency(self) -> Codes:
        """The levels' numbers, the most frequent first; those that no row has are left out."""
        order = np.argsort(-self.counts, kind="stable")
        return order[: self.distinct].astype(np.int64)

    @property
    def distinct(self) -> int:
        """How many distinct values there are."""
        return int(np.count_nonzero(self.counts))

    @cached_property
    def hashes(self) -> Hashes:
        """A 64-bit number for each row, the same for equal values in any column; shape (rows,)."""
        if not len(self.levels):
            return np.full(len(self.codes), _MISSING_HASH)
        of_levels = pd.util.hash_array(self.levels, categorize=False)
        return np.where(self.missing, _MISSING_HASH, of_levels[self.codes])

    def bins(self, limit: int) -> tuple[Codes, int]:
        """The bin of each row and how many bins there are: the most frequent levels, all others, and missing."""
        kept = self.by_frequency[:limit]
        to_bin = np.full(len(self.levels) + 1, len(kept), dtype=np.int64)
        to_bin[kept] = np.arange(len(kept))
        to_bin[-1] = len(kept) + 1
        return to_bin[self.codes], len(kept) + 2


Column = Numbers | Categories


def _mixed(bits: Hashes) -> Hashes:
    with np.errstate(over="ignore"):
        stirred = (bits ^ (bits >> _SHIFT)) * _MIX
        return np.asarray(stirred ^ (stirred >> _SHIFT), dtype=np.uint64)
