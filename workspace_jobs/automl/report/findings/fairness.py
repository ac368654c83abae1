"""How the model does for each group of rows: the groups of one column, or every group that a column makes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workspace_jobs.automl.data.groups import MOST_GROUPS, check_groups, group_labels
from workspace_jobs.automl.errors import AutoMLError
from workspace_jobs.automl.report.predictions import answers, judged, members, predictions_of, score_of_rows, truth
from workspace_jobs.automl.run_folder import RunFolder
from workspace_jobs.errors import nearest

# Enough to find where the model is weak, in a second or two.
_MOST_COLUMNS, _MOST_ROWS = 100, 20_000
# A score of fewer rows is chance.
_FEWEST_ROWS = 30


@dataclass(frozen=True)
class Group:
    """Rows that share `value` in `column`, by their out-of-fold predictions.

    `score` is the run's metric. `rate` is the share that the model answers with the second of two classes, or the mean
    of predicted values; None for more classes. `true_rate` is the same of the truth.
    """

    column: str
    value: str
    rows: int
    score: float
    rate: float | None
    true_rate: float | None


@dataclass(frozen=True)
class Fairness:
    """The groups of a column, and between the highest and the lowest of them difference and ratio of score and rate.

    A ratio is the lowest over the highest: 1 is even; NaN where values have different signs, or there is no rate.
    """

    groups: tuple[Group, ...]
    score_difference: float
    score_ratio: float
    rate_difference: float
    rate_ratio: float


def fairness(folder: RunFolder, column: str) -> Fairness:
    """How the run's model does for each value of `column` (a number: each quarter of its values).

    Raises AutoMLError for a column that the table has not, or one of a single value.
    """
    train = folder.train()
    if column not in train.columns:
        raise AutoMLError(f"--fairness-column {column}: the data has no such column; {nearest(column, train.columns)}")
    check_groups(train[column])
    groups = tuple(_Judged(folder).groups(column))
    scores = np.array([group.score for group in groups])
    rates = np.array([np.nan if group.rate is None else group.rate for group in groups])
    return Fairness(groups, *_difference_and_ratio(scores), *_difference_and_ratio(rates))


def weakest_groups(folder: RunFolder, *, count: int = 10) -> list[Group]:
    """The groups of at least 30 rows with the lowest scores, the lowest first.

    Of many columns the first 100 are looked at, and of many rows 20,000 drawn at random.
    """
    rows, columns = _Judged(folder, most_rows=_MOST_ROWS), folder.definition().schema.features[:_MOST_COLUMNS]
    found = [group for column in columns for group in rows.groups(column)]
    known = [group for group in found if group.rows >= _FEWEST_ROWS and not np.isnan(group.score)]
    return sorted(known, key=lambda group: group.score)[:count]


class _Judged:
    """The rows that have predictions, with the predictions of the run's model."""

    def __init__(self, folder: RunFolder, *, most_rows: int | None = None) -> None:
        predictions, definition = predictions_of(folder, members(folder)), folder.definition()
        rows = judged(predictions)
        self._answers = answers(folder, predictions)
        if most_rows is not None and len(rows) > most_rows:
            rows = np.sort(np.random.default_rng(definition.seed).choice(rows, most_rows, replace=False))
        self._frame = folder.train().iloc[rows].reset_index(drop=True)
        self._rows, self._predictions, self._truth = rows, predictions[rows], truth(folder)[rows]
        self._problem = definition.problem
        self._score = score_of_rows(folder)

    def groups(self, column: str) -> Iterator[Group]:
        """The groups of a column, by value; none for a column of too many values."""
        labels = group_labels(self._frame[column])
        if labels.nunique() > MOST_GROUPS:
            return
        for value, rows in labels.groupby(labels, sort=True).indices.items():
            yield self._group(column, str(value), np.asarray(rows))

    def _group(self, column: str, value: str, rows: NDArray[np.intp]) -> Group:
        truth, predictions = self._truth[rows], self._predictions[rows]
        rate, true_rate = self._rates(truth, self._answers[self._rows[rows]])
        single = self._problem in {"binary", "multiclass"} and len(np.unique(truth)) == 1
        return Group(
            column, value, len(rows), np.nan if single else self._score(self._rows[rows], predictions), rate, true_rate
        )

    def _rates(self, truth: NDArray[Any], answers: NDArray[Any]) -> tuple[float | None, float | None]:
        if self._problem == "multiclass":
            return None, None
        return float(answers.mean()), float(truth.mean())


def _difference_and_ratio(values: NDArray[np.float64]) -> tuple[float, float]:
    known = np.abs(values[~np.isnan(values)]) if (values[~np.isnan(values)] <= 0).all() else values[~np.isnan(values)]
    if len(known) == 0 or known.min() < 0 or known.max() == 0:
        return (float(np.ptp(known)) if len(known) else np.nan), np.nan
    return float(np.ptp(known)), float(known.min() / known.max())
