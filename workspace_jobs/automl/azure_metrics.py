"""Azure AutoML's own metrics, by the names it logs, each as a score: errors are negated.

Names and definitions: learn.microsoft.com/azure/machine-learning/how-to-understand-automated-ml
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import (
    average_precision_score,
    mean_absolute_error,
    precision_score,
    r2_score,
    recall_score,
    roc_auc_score,
    root_mean_squared_error,
)

from workspace_jobs.automl.problem_kinds import ProblemKind

Array = NDArray[Any]
Score = Callable[[Array, Array], float]


def names(problem: ProblemKind) -> list[str]:
    """The metrics of a problem that scikit-learn has under no name of its own."""
    return list(_CLASSIFICATION if problem in {"binary", "multiclass"} else _REGRESSION)


def all_names() -> list[str]:
    """The metrics of every problem."""
    return [*_CLASSIFICATION, *_REGRESSION]


def score(metric: str, problem: ProblemKind) -> Score | None:
    """The function (truth, predictions) -> score; None for a metric that is not Azure's."""
    return (_CLASSIFICATION if problem in {"binary", "multiclass"} else _REGRESSION).get(metric)


def is_error(metric: str) -> bool:
    """Whether Azure logs `metric` as an error, the lower the better; as a score it is negated."""
    return metric in _ERRORS


def as_azure_has_it(metric: str, score: float) -> float:
    """What Azure logs for a score."""
    return -score if is_error(metric) else score


def _auc_weighted(truth: Array, predictions: Array) -> float:
    return _weighted_by_class(roc_auc_score, truth, predictions)


def _average_precision_weighted(truth: Array, predictions: Array) -> float:
    return _weighted_by_class(average_precision_score, truth, predictions)


def _weighted_by_class(metric: Callable[[Array, Array], float], truth: Array, predictions: Array) -> float:
    """The mean of a one-against-rest metric over the classes that `truth` has, weighted by how often it has them."""
    total = weight = 0.0
    for number in range(predictions.shape[1]):
        is_class = truth == number
        count = float(is_class.sum())
        if 0 < count < len(truth):
            total += count * float(metric(is_class, predictions[:, number]))
            weight += count
    return total / weight if weight else float("nan")


def _norm_macro_recall(truth: Array, predictions: Array) -> float:
    chance = 1 / predictions.shape[1]
    predicted = predictions.argmax(axis=1)
    recall = float(recall_score(truth, predicted, labels=np.unique(truth), average="macro", zero_division=0))
    return float((recall - chance) / (1 - chance))


def _precision_weighted(truth: Array, predictions: Array) -> float:
    return float(precision_score(truth, predictions.argmax(axis=1), average="weighted", zero_division=0))


def _normalized_rmse(truth: Array, predictions: Array) -> float:
    return -float(root_mean_squared_error(truth, predictions)) / _spread(truth)


def _normalized_mae(truth: Array, predictions: Array) -> float:
    return -float(mean_absolute_error(truth, predictions)) / _spread(truth)


def _spread(truth: Array) -> float:
    return float(np.ptp(truth)) or float("nan")


def _spearman(truth: Array, predictions: Array) -> float:
    from scipy.stats import spearmanr

    # A constant has no order, so it agrees with none.
    has_order = np.ptp(truth) > 0 and np.ptp(predictions) > 0
    return float(spearmanr(truth, predictions).statistic) if has_order else 0.0


def _r2(truth: Array, predictions: Array) -> float:
    return float(r2_score(truth, predictions))


_ERRORS = frozenset({"normalized_root_mean_squared_error", "normalized_mean_absolute_error"})
# Of a class, not of probabilities.
OF_ANSWERS = frozenset({"norm_macro_recall", "precision_score_weighted"})
_CLASSIFICATION: dict[str, Score] = {
    "AUC_weighted": _auc_weighted,
    "norm_macro_recall": _norm_macro_recall,
    "average_precision_score_weighted": _average_precision_weighted,
    "precision_score_weighted": _precision_weighted,
}
_REGRESSION: dict[str, Score] = {
    "normalized_root_mean_squared_error": _normalized_rmse,
    "r2_score": _r2,
    "spearman_correlation": _spearman,
    "normalized_mean_absolute_error": _normalized_mae,
}
