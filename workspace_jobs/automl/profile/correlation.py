"""How columns go together: Pearson's and Spearman's r of numbers, Cramer's V of labels, else the correlation ratio."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

import numpy as np

from workspace_jobs.automl.profile.columns import Categories, Codes, Column, Floats, Numbers

Measure = Literal["Pearson", "Spearman", "Cramer's V", "correlation ratio"]

# Ranks and levels are compared on so many rows at most, as an r of 10,000 rows is right to .01; so are many columns.
MAX_RANKED: Final = 10_000
_MAX_PRODUCTS: Final = 3e9
_MIN_ROWS: Final = 300
_MAX_LEVELS: Final = 30
_BLOCK: Final = 512
_ENOUGH_ROWS: Final = 5


@dataclass(frozen=True)
class Association:
    """Two columns and how strongly they go together.

    Parameters:
        first, second: the columns' names.
        measure: whichever fits their kinds, and of two numbers the stronger one.
        value: from -1 to 1 for Pearson and Spearman, else from 0 to 1.
    """

    first: str
    second: str
    measure: Measure
    value: float


class Correlations:
    """The correlations among columns of numbers; each matrix has shape (numbers, numbers), NaN where there is none."""

    def __init__(self, columns: Sequence[Numbers]) -> None:
        self.names = tuple(column.name for column in columns)
        self._columns = columns

    @cached_property
    def pearson(self) -> Floats:
        """Of each two columns, over the rows that have both; of very many columns over a part of the rows."""
        return _pearson(_matrix(self._columns, self._rows(MAX_RANKED * 20)))

    @cached_property
    def spearman(self) -> Floats:
        """The same of ranks, over at most MAX_RANKED rows."""
        matrix = _matrix(self._columns, self._rows(MAX_RANKED))
        missing = np.isnan(matrix)
        ranks = np.apply_along_axis(_ranks, 0, matrix) if matrix.size else matrix
        ranks[missing] = np.nan
        return _pearson(ranks)

    def _rows(self, limit: int) -> slice:
        """Evenly spaced rows, as many as the number of columns leaves time for."""
        rows = len(self._columns[0].values) if self._columns else 0
        affordable = max(_MIN_ROWS, int(_MAX_PRODUCTS / max(1, len(self._columns)) ** 2))
        return slice(None, None, max(1, -(-rows // min(limit, affordable))))

    def stronger(self, first: int, second: int) -> Association:
        """The association of two columns by their places, Pearson's unless Spearman's is clearly stronger."""
        pearson, spearman = float(self.pearson[first, second]), float(self.spearman[first, second])
        by_rank = not abs(pearson) >= abs(spearman) - 0.01
        measure: Measure = "Spearman" if by_rank else "Pearson"
        return Association(self.names[first], self.names[second], measure, spearman if by_rank else pearson)


def associations(columns: Sequence[Column], correlations: Correlations) -> tuple[Association, ...]:
    """The association of each two columns, the strongest first; pairs that have none are left out."""
    place = {name: number for number, name in enumerate(correlations.names)}
    labels = {column.name: _codes(column) for column in columns if isinstance(column, Categories)}
    found = []
    for number, first in enumerate(columns):
        for second in columns[:number]:
            if isinstance(first, Numbers) and isinstance(second, Numbers):
                found.append(correlations.stronger(place[second.name], place[first.name]))
            elif isinstance(first, Categories) and isinstance(second, Categories):
                value = _cramers_v(labels[first.name], labels[second.name])
                found.append(Association(second.name, first.name, "Cramer's V", value))
            else:
                coded, number_column = (first, second) if isinstance(first, Categories) else (second, first)
                assert isinstance(number_column, Numbers)
                value = _correlation_ratio(labels[coded.name], _thinned(number_column.values))
                found.append(Association(second.name, first.name, "correlation ratio", value))
    return tuple(sorted((one for one in found if np.isfinite(one.value)), key=lambda one: -abs(one.value)))


def _matrix(columns: Sequence[Numbers], rows: slice) -> Floats:
    matrix = np.empty((len(columns[0].values[rows]) if columns else 0, len(columns)))
    for place, column in enumerate(columns):
        matrix[:, place] = column.values[rows]
    matrix[~np.isfinite(matrix)] = np.nan
    return matrix


def _pearson(matrix: Floats) -> Floats:
    """Pearson's r of each two columns over the rows that have both, a block of columns at a time."""
    with np.errstate(all="ignore"):
        known = ~np.isnan(matrix)
        counts = np.maximum(known.sum(axis=0), 1)
        means = np.where(known, matrix, 0).sum(axis=0) / counts
        centred = np.where(known, matrix - means, 0)
        scales = np.abs(centred).max(axis=0, initial=0)
        centred /= np.where(scales > 0, scales, 1)
        if known.all():
            return _complete(centred)
        return np.vstack([_pairwise(centred, known, start) for start in range(0, matrix.shape[1], _BLOCK)])


def _complete(centred: Floats) -> Floats:
    lengths = np.sqrt((centred**2).sum(axis=0))
    lengths[lengths == 0] = np.nan
    unit = centred / lengths
    correlations: Floats = unit.T @ unit
    return np.clip(correlations, -1, 1, out=correlations)


def _pairwise(centred: Floats, known: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], start: int) -> Floats:
    block = slice(start, start + _BLOCK)
    present = known.astype(np.float64)
    mine, my_present = centred[:, block], present[:, block]
    counts = my_present.T @ present
    my_sums, sums = mine.T @ present, my_present.T @ centred
    products = mine.T @ centred - my_sums * sums / counts
    my_squares = (mine**2).T @ present - my_sums**2 / counts
    squares = my_present.T @ (centred**2) - sums**2 / counts
    variances = my_squares * squares
    found = np.where(variances > 1e-20, products / np.sqrt(variances), np.nan)  # noqa: PLR2004
    return np.clip(np.where(counts >= _ENOUGH_ROWS, found, np.nan), -1, 1)


def _ranks(values: Floats) -> Floats:
    """Mean ranks; those of missing values, which sort last, are of no use."""
    order = np.argsort(values)
    ordered = values[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=np.nan) != 0)
    lengths = np.diff(starts, append=len(values))
    ranks = np.empty(len(values))
    ranks[order] = np.repeat(starts + (lengths - 1) / 2, lengths)
    return ranks


def _thinned(values: Floats) -> Floats:
    return values[:: max(1, -(-len(values) // MAX_RANKED))]


def _codes(column: Categories) -> tuple[Codes, int]:
    codes, bins = column.bins(_MAX_LEVELS)
    return codes[:: max(1, -(-len(codes) // MAX_RANKED))], bins


def _cramers_v(first: tuple[Codes, int], second: tuple[Codes, int]) -> float:
    """Cramer's V, corrected for what chance alone gives (Bergsma, 2013)."""
    table = np.bincount(first[0] * second[1] + second[0], minlength=first[1] * second[1]).reshape(first[1], second[1])
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    rows, columns = table.shape
    total = table.sum()
    if min(rows, columns) < 2 or total < _ENOUGH_ROWS:  # noqa: PLR2004
        return float("nan")
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / total
    phi2 = ((table - expected) ** 2 / expected).sum() / total
    phi2 = max(0.0, phi2 - (rows - 1) * (columns - 1) / (total - 1))
    sides = [side - (side - 1) ** 2 / (total - 1) for side in (rows, columns)]
    return float(min(1.0, np.sqrt(phi2 / max(min(sides) - 1, 1e-9))))


def _correlation_ratio(labels: tuple[Codes, int], values: Floats) -> float:
    """Eta: the root of the share of the number's variance that lies between the labels, corrected for their count."""
    known = np.isfinite(values)
    codes, numbers = labels[0][known], values[known]
    counts = np.bincount(codes, minlength=labels[1])
    groups = int(np.count_nonzero(counts))
    with np.errstate(all="ignore"):
        numbers = numbers - numbers.mean() if len(numbers) else numbers
        total = (numbers**2).sum()
        sums = np.bincount(codes, numbers, labels[1])
        between = (sums**2 / np.maximum(counts, 1)).sum()
        if len(numbers) <= groups or groups < 2 or not total > 0:  # noqa: PLR2004
            return float("nan")
        unexplained = (1 - between / total) * (len(numbers) - 1) / (len(numbers) - groups)
        return float(np.sqrt(np.clip(1 - unexplained, 0, 1)))
