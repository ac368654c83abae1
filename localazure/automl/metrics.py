"""Azure AutoML's metrics, computed with scikit-learn.

Names and definitions: learn.microsoft.com/azure/machine-learning/how-to-understand-automated-ml
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    mean_absolute_error,
    precision_score,
    r2_score,
    recall_score,
    roc_auc_score,
    root_mean_squared_error,
)

Array = NDArray[Any]


def classification_metrics(truth: Array, predicted: Array, scores: Array, classes: Array) -> Mapping[str, float]:
    """Metrics of a classifier.

    `scores` has a row for each of `truth` and a column for each of `classes`: the higher, the more likely.
    """
    chance = 1 / len(classes)
    recall = float(recall_score(truth, predicted, labels=np.unique(truth), average="macro", zero_division=0))
    return {
        "accuracy": float(accuracy_score(truth, predicted)),
        "AUC_weighted": _weighted_by_class(roc_auc_score, truth, scores, classes),
        "norm_macro_recall": (recall - chance) / (1 - chance),
        "average_precision_score_weighted": _weighted_by_class(average_precision_score, truth, scores, classes),
        "precision_score_weighted": float(precision_score(truth, predicted, average="weighted", zero_division=0)),
    }


def regression_metrics(truth: Array, predicted: Array, spread: float) -> Mapping[str, float]:
    """Metrics of a regressor. Errors are divided by `spread`, the range of the target in all of the data."""
    # A constant has no order, so it agrees with none.
    has_order = np.ptp(truth) > 0 and np.ptp(predicted) > 0
    return {
        "normalized_root_mean_squared_error": float(root_mean_squared_error(truth, predicted)) / spread,
        "r2_score": float(r2_score(truth, predicted)),
        "spearman_correlation": float(spearmanr(truth, predicted).statistic) if has_order else 0.0,
        "normalized_mean_absolute_error": float(mean_absolute_error(truth, predicted)) / spread,
    }


def _weighted_by_class(metric: Any, truth: Array, scores: Array, classes: Array) -> float:  # noqa: ANN401 - sklearn
    """The mean of a one-against-rest metric over the classes that `truth` has, weighted by how often it has them."""
    total = weight = 0.0
    for column, name in enumerate(classes):
        is_class = truth == name
        count = float(is_class.sum())
        if 0 < count < len(truth):
            total += count * float(metric(is_class, scores[:, column]))
            weight += count
    return total / weight if weight else float("nan")
