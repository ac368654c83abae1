"""From probabilities to decisions: the threshold or class that a metric or costs ask for.

A threshold is judged on rows that did not choose it, so that its score is not flattered.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from workspace_jobs.automl.decisions.calibration import Probabilities, Truth, folds_of
from workspace_jobs.automl.errors import AutoMLError

_EPSILON = 1e-12


class Counts(NamedTuple):
    """The cells of confusion matrices of two classes, an array of counts each."""

    true_negatives: NDArray[np.float64]
    false_positives: NDArray[np.float64]
    false_negatives: NDArray[np.float64]
    true_positives: NDArray[np.float64]


CountScore = Callable[[Counts], NDArray[np.float64]]


@dataclass(frozen=True)
class Threshold:
    """Answer with the second class from this probability on.

    `score` is what that brings on rows that did not choose it, `default_score` what one half brings on the same.
    """

    value: float
    score: float
    default_score: float


def best_threshold(truth: Truth, probability: Probabilities, score: CountScore, *, seed: int = 0) -> Threshold:
    """The threshold with the highest `score`; arrays of shape (rows,), truth 0 or 1.

    `score` is one of SCORES, or of `score_of_costs`. Raises AutoMLError where a class has fewer than three rows.
    """
    return Threshold(
        highest(truth, probability, score),
        _score_of(truth, unseen_answers(truth, probability, score, seed=seed), score),
        _score_of(truth, probability >= 0.5, score),  # noqa: PLR2004 - one half
    )


def unseen_answers(truth: Truth, probability: Probabilities, score: CountScore, *, seed: int = 0) -> NDArray[np.bool_]:
    """Which rows get the second class, each by a threshold that other rows chose.

    Raises AutoMLError where a class has fewer than three rows.
    """
    chosen = np.empty(len(truth), dtype=bool)
    for learn, judge in folds_of(truth, seed):
        chosen[judge] = probability[judge] >= highest(truth[learn], probability[learn], score)
    return chosen


def score_of_costs(costs: Sequence[Sequence[float]]) -> CountScore:
    """What a row brings on average, the negative of its cost: `costs[true][predicted]`, two by two."""
    matrix = cost_matrix(costs, 2)
    return lambda counts: -np.tensordot(matrix.ravel(), np.array(counts), axes=1) / sum(counts)


def cheapest_threshold(costs: Sequence[Sequence[float]]) -> float:
    """The probability from which on the second class costs less: `costs[true][predicted]`, two by two.

    It holds for calibrated probabilities. Raises AutoMLError for a matrix of another shape, or one in which a mistake
    costs no more than being right.
    """
    matrix = cost_matrix(costs, 2)
    false_alarm, miss = matrix[0, 1] - matrix[0, 0], matrix[1, 0] - matrix[1, 1]
    return float(false_alarm / (false_alarm + miss))


def cheapest_classes(probabilities: Probabilities, costs: Sequence[Sequence[float]]) -> Truth:
    """For each row the class of least expected cost; `probabilities` (rows, n_classes), `costs[true][predicted]`."""
    return np.asarray((probabilities @ cost_matrix(costs, probabilities.shape[1])).argmin(axis=1))


def mean_cost(truth: Truth, labels: Truth, costs: Sequence[Sequence[float]]) -> float:
    """What a row costs on average; `costs[true][predicted]`."""
    return float(np.asarray(costs, dtype=float)[truth, labels].mean())


def highest(truth: Truth, probability: Probabilities, score: CountScore) -> float:
    """Half-way between the probabilities where the score is highest; of several the nearest to one half."""
    found, first = np.unique(np.sort(probability), return_index=True)
    between = np.concatenate([[0.0], (found[1:] + found[:-1]) / 2, [1.0]])
    # From each threshold down: how many rows of each class lie below.
    ordered = truth[np.argsort(probability, kind="stable")]
    below = np.append(first, len(truth))
    positives_below = np.concatenate([[0], np.cumsum(ordered)])[below]
    negatives_below, positives = below - positives_below, int(truth.sum())
    scores = score(
        Counts(
            negatives_below.astype(float),
            (len(truth) - positives - negatives_below).astype(float),
            positives_below.astype(float),
            (positives - positives_below).astype(float),
        )
    )
    best = between[np.flatnonzero(np.isclose(scores, scores.max(), rtol=0, atol=_EPSILON))]
    return float(best[np.abs(best - 0.5).argmin()])


def _score_of(truth: Truth, positive: NDArray[np.bool_], score: CountScore) -> float:
    cells = [((truth == true) & (positive == answer)).sum() for true in (0, 1) for answer in (False, True)]
    return float(score(Counts(*(np.array([cell], dtype=float) for cell in cells)))[0])


def _accuracy(counts: Counts) -> NDArray[np.float64]:
    return (counts.true_negatives + counts.true_positives) / sum(counts)


def _balanced_accuracy(counts: Counts) -> NDArray[np.float64]:
    negatives = counts.true_negatives + counts.false_positives
    positives = counts.true_positives + counts.false_negatives
    return (counts.true_negatives / negatives + counts.true_positives / positives) / 2


def _f1(counts: Counts) -> NDArray[np.float64]:
    wrong = counts.false_positives + counts.false_negatives
    return 2 * counts.true_positives / (2 * counts.true_positives + wrong)


def _matthews_corrcoef(counts: Counts) -> NDArray[np.float64]:
    negative, alarm, missed, hit = counts
    product = (hit + alarm) * (hit + missed) * (negative + alarm) * (negative + missed)
    # With one answer only there is nothing to correlate.
    return np.divide(hit * negative - alarm * missed, np.sqrt(product), out=np.zeros(len(hit)), where=product > 0)


# scikit-learn's metrics of labels, by their names, for all thresholds at once.
SCORES: dict[str, CountScore] = {
    "accuracy": _accuracy,
    "balanced_accuracy": _balanced_accuracy,
    "f1": _f1,
    "matthews_corrcoef": _matthews_corrcoef,
}


def cost_matrix(costs: Sequence[Sequence[float]], classes: int) -> NDArray[np.float64]:
    """The costs as an array. Raises AutoMLError for another shape, and a mistake no dearer than being right."""
    matrix = np.array(costs, dtype=float) if len({len(row) for row in costs}) == 1 else np.empty(0)
    if matrix.shape != (classes, classes):
        raise AutoMLError(f"the cost matrix needs {classes} rows of {classes} costs: one row a true class")
    right = np.diag(matrix)[:, None]
    if (matrix - right + np.eye(classes) <= 0).any():
        raise AutoMLError("the cost matrix makes a mistake as cheap as being right: raise what mistakes cost")
    return matrix
