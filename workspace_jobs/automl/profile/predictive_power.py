"""How well a column predicts the target alone, judged on rows that the prediction was not made from.

A column's values are put into bins, a bin for missing values among them. Each fifth of the rows is predicted by what
the other four fifths have in the same bin: no model to fit, any shape of dependence, and no credit for learning rows
by heart.
"""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from workspace_jobs.automl.profile.columns import Codes, Column, Floats, Mask, Numbers

Measure = Literal["ROC AUC", "R2"]

FOLDS: Final = 5
_ROWS_A_BIN: Final = 3
_MAX_BINS: Final = 64
_MAX_LEVELS: Final = 1_024
# Of more classes, the rarer ones are taken together.
_MAX_CLASSES: Final = 20
# How many neighbouring bins of numbers are taken together, besides each alone: few rows want wide bins.
_WIDTHS: Final = (1, 4, 12)
_NO_SKILL: Final = {"ROC AUC": 0.5, "R2": 0.0}

Counts = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Power:
    """What a column alone tells of the target.

    Parameters:
        column: the column's name.
        measure: `ROC AUC` (the mean over classes, each against the rest) of a class, `R2` of a number's ranks.
        value: 1 is perfect; .5 and 0 are no better than chance, and what is worse is told as chance.
        standard_error: by how much `value` varies where the column tells nothing.
    """

    column: str
    measure: Measure
    value: float
    standard_error: float

    @property
    def strength(self) -> float:
        """`value` from 0, chance, to 1, perfect."""
        chance = _NO_SKILL[self.measure]
        return (self.value - chance) / (1 - chance)

    @property
    def errors_above_chance(self) -> float:
        """How many standard errors `value` is above chance."""
        return (self.value - _NO_SKILL[self.measure]) / self.standard_error


class ClassPower:
    """Judges columns by the classes of a target, codes of shape (rows,), that has no missing value."""

    def __init__(self, classes: Codes, seed: int = 0) -> None:
        self._classes, counts = _frequent(classes)
        self._count = len(counts)
        self._base = _folds(self._classes, seed) * self._count + self._classes
        positives = counts[counts > 0]
        negatives = len(classes) - positives
        variances = (len(classes) + 1) / (12.0 * positives * np.maximum(negatives, 1))
        self._error = float(np.sqrt(variances.mean() / (1 if self._count < 3 else len(positives))))  # noqa: PLR2004

    def of(self, column: Column, rows: Mask | None = None) -> Power:
        """The power of `column`; `rows` are those of it whose target is known."""
        codes, bins = _bins(column, rows)
        shape = (bins, FOLDS, self._count)
        cells = np.bincount(codes * (FOLDS * self._count) + self._base, minlength=int(np.prod(shape)))
        table = cells.reshape(shape).astype(np.float64)
        value = max(0.5, *(_auc(_merged(table, width)) for width in _widths(column, bins)))
        return Power(column.name, "ROC AUC", value, self._error)


class NumberPower:
    """Judges columns by a target of numbers, finite floats of shape (rows,)."""

    def __init__(self, target: Floats, seed: int = 0) -> None:
        order = np.argsort(target, kind="stable")
        places = np.empty(len(target))
        places[order] = np.arange(len(target))
        level_of = np.unique(target, return_inverse=True)[1]
        self._ranks = (np.bincount(level_of, places) / np.bincount(level_of))[level_of]
        self._ranks = (self._ranks - self._ranks.mean()) / (self._ranks.std() or 1.0)
        self._folds = np.random.default_rng(seed).permutation(len(target)) % FOLDS
        self._error = 1 / np.sqrt(len(target))

    def of(self, column: Column, rows: Mask | None = None) -> Power:
        """The power of `column`; `rows` are those of it whose target is known."""
        codes, bins = _bins(column, rows)
        cells = codes * FOLDS + self._folds
        counts = np.asarray(np.bincount(cells, minlength=bins * FOLDS), dtype=np.float64).reshape(bins, FOLDS)
        sums = np.asarray(np.bincount(cells, self._ranks, bins * FOLDS), dtype=np.float64).reshape(bins, FOLDS)
        scores = (_r2(_merged(counts, width), _merged(sums, width)) for width in _widths(column, bins))
        return Power(column.name, "R2", max(0.0, *scores), float(self._error))


def _bins(column: Column, rows: Mask | None) -> tuple[Codes, int]:
    """The codes of the rows and the number of bins, as many as the rows give reason for."""
    count = len(column.missing) if rows is None else int(rows.sum())
    limit = min(_MAX_BINS, max(2, count // _ROWS_A_BIN)) if isinstance(column, Numbers) else _MAX_LEVELS
    codes, bins = column.bins(limit)
    return (codes if rows is None else codes[rows]), bins


def _widths(column: Column, bins: int) -> tuple[int, ...]:
    if not isinstance(column, Numbers):
        return (1, bins + 1)
    return tuple(width for width in _WIDTHS if width < bins) or (1, 1)


def _merged(table: Counts, width: int) -> Counts:
    """Neighbouring bins taken together, all but the last, which is of missing values."""
    if width == 1:
        return table
    starts = np.append(np.arange(0, len(table) - 1, width), len(table) - 1)
    return np.asarray(np.add.reduceat(table, np.unique(starts), axis=0))


def _frequent(classes: Codes) -> tuple[Codes, Codes]:
    """The classes as codes without gaps, the rarest taken together where there are many, and their counts."""
    counts = np.bincount(classes)
    order = np.argsort(-counts, kind="stable")
    to_class = np.empty(len(counts), dtype=np.int64)
    to_class[order] = np.minimum(np.arange(len(counts)), _MAX_CLASSES - 1)
    found = to_class[classes]
    return found, np.bincount(found)


def _folds(classes: Codes, seed: int) -> Codes:
    """The fold of each row, every class spread over all folds at random; shape (rows,)."""
    shuffled = np.random.default_rng(seed).permutation(len(classes))
    by_class = shuffled[np.argsort(classes[shuffled], kind="stable")]
    folds = np.empty(len(classes), dtype=np.int64)
    folds[by_class] = np.arange(len(classes)) % FOLDS
    return folds


def _auc(table: Counts) -> float:
    """Mean area under the curve over the classes; `table` has shape (bins, folds, classes)."""
    others = table.sum(axis=1, keepdims=True) - table
    prior = others.sum(axis=0) / np.maximum(others.sum(axis=(0, 2))[:, None], 1)
    scores = (others + prior) / (others.sum(axis=2, keepdims=True) + 1)
    # Cells in the order of their scores; two cells with one score are as good in one order as in the other.
    order = np.argsort(scores.reshape(-1, table.shape[2]), axis=0, kind="stable")
    hits = np.take_along_axis(table.reshape(-1, table.shape[2]), order, axis=0)
    misses = table.sum(axis=2).ravel()[order] - hits
    pairs = hits.sum(axis=0) * misses.sum(axis=0)
    areas = (hits * (np.cumsum(misses, axis=0) - misses / 2)).sum(axis=0)
    return float((areas[pairs > 0] / pairs[pairs > 0]).mean()) if (pairs > 0).any() else 0.5


def _r2(counts: Counts, sums: Counts) -> float:
    """Share of the variance that is predicted, of a target of mean 0 and variance 1; tables of shape (bins, folds)."""
    others = counts.sum(axis=1, keepdims=True) - counts
    means = (sums.sum(axis=1, keepdims=True) - sums) / np.maximum(others, 1)
    unexplained = counts.sum() - 2 * (means * sums).sum() + (means**2 * counts).sum()
    return float(1 - unexplained / max(counts.sum(), 1))
