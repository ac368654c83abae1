"""Metrics: any scorer of scikit-learn and those of Azure AutoML, computed from stored predictions.

Every metric is a score here, the higher the better, as scikit-learn's scorers are.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import rankdata
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.metrics import get_scorer, get_scorer_names

from workspace_jobs.automl import azure_metrics
from workspace_jobs.automl.data.problem import RARE, is_classification
from workspace_jobs.automl.errors import AutoMLError
from workspace_jobs.automl.problem_kinds import ProblemKind
from workspace_jobs.errors import nearest

Array = NDArray[Any]
Score = Callable[[Array, Array], float]

# Of a forecast, and not one of scikit-learn's: errors are in units of the seasonal naive's own, in each series by what
# was known.
SCALED_ERROR = "neg_mean_absolute_scaled_error"
_SHOWN: dict[ProblemKind, tuple[str, ...]] = {
    "binary": ("accuracy", "roc_auc", "average_precision", "f1", "neg_log_loss"),
    "multiclass": ("accuracy", "balanced_accuracy", "f1_macro", "roc_auc_ovr", "neg_log_loss"),
    "regression": ("neg_root_mean_squared_error", "neg_mean_absolute_error", "r2"),
    "forecast": ("neg_root_mean_squared_error", "neg_mean_absolute_error", "r2", SCALED_ERROR),
}
# They compare partitions, whatever the names of the classes: a classifier that is wrong everywhere may score 1.
_CLUSTERING = frozenset({
    "adjusted_mutual_info_score", "adjusted_rand_score", "completeness_score", "fowlkes_mallows_score",
    "homogeneity_score", "mutual_info_score", "normalized_mutual_info_score", "rand_score", "v_measure_score",
})  # fmt: skip
_UNEVEN = 0.5


@dataclass(frozen=True)
class MetricChoice:
    """The metric that decides, and a sentence on why it is this one."""

    name: str
    explanation: str


def choose(problem: ProblemKind, target: pd.Series, asked: str = "auto", classes: tuple[Any, ...] = ()) -> MetricChoice:
    """The metric of a run, whose `classes` have the positive one of two last; without them the rarest is positive.

    Raises AutoMLError for a metric that does not exist or does not fit the problem.
    """
    if asked != "auto":
        _check(asked, problem)
        return MetricChoice(asked, f"Metric: {asked}, as asked.")
    if not is_classification(problem):
        told = "Metric: root mean squared error, negated, as every error is here: higher is better."
        return MetricChoice("neg_root_mean_squared_error", told)
    counts = target.value_counts()
    rarest = int(counts.min()) / len(target)
    told = f"the rarest class, {counts.idxmin()}, has {rarest:.1%} of the rows"
    if problem == "binary":
        # Of a frequent class the average precision is high whatever is predicted.
        is_about_the_rarest = not classes or counts.idxmin() == classes[-1]
        if rarest < RARE and is_about_the_rarest:
            told = f"Metric: average_precision, because {told}: accuracy would mislead."
            return MetricChoice("average_precision", told)
        return MetricChoice("roc_auc", f"Metric: roc_auc, which does not depend on a threshold ({told}).")
    if rarest < _UNEVEN / len(counts):
        return MetricChoice("balanced_accuracy", f"Metric: balanced_accuracy, because classes are uneven: {told}.")
    return MetricChoice("accuracy", "Metric: accuracy, because the classes are about equally frequent.")


def shown(problem: ProblemKind, metric: str, more: Sequence[str] = ()) -> tuple[str, ...]:
    """The metrics that a trial is judged by: the run's own first."""
    return tuple(dict.fromkeys((metric, *more, *_SHOWN[problem])))


def score_function(metric: str, problem: ProblemKind, scale: Array | None = None) -> Score:
    """The function (truth, predictions) -> score. Truth is class numbers or values, predictions as RunFolder has them.

    `scale`, shape (rows,), is what SCALED_ERROR divides errors by; nothing else takes it. NaN where the metric is not
    defined for these rows, as ROC AUC is not where there is one class only.
    """
    if metric == SCALED_ERROR:
        assert scale is not None, "errors are scaled by what was known in each split"
        return partial(scaled_error, scale)
    if metric in _FAST and is_classification(problem):
        return _FAST[metric]
    return azure_metrics.score(metric, problem) or _of_scikit_learn(metric, problem)


def scaled_error(scale: Array, truth: Array, predicted: Array) -> float:
    """The mean absolute scaled error, negated: above -1 is better than the seasonal naive was in the past."""
    found = np.abs(truth - predicted) / scale
    return -float(np.nanmean(found)) if np.isfinite(found).any() else float("nan")


def is_of_answers(metric: str) -> bool:
    """Whether a metric of classes looks at the class that is answered, and not at probabilities."""
    if metric in get_scorer_names():
        return bool(vars(get_scorer(metric))["_response_method"] == "predict")
    return metric in azure_metrics.OF_ANSWERS


def _of_scikit_learn(metric: str, problem: ProblemKind) -> Score:
    scorer = get_scorer(metric)
    wrap = _Classifier if is_classification(problem) else _Regressor

    def score(truth: Array, predictions: Array) -> float:
        try:
            return float(scorer(wrap(predictions), np.zeros((len(truth), 1)), truth))
        except (ValueError, AttributeError):
            return float("nan")

    return score


def fitting(problem: ProblemKind) -> list[str]:
    """The names of all metrics that fit `problem`."""
    found = {name for name in get_scorer_names() if name not in _CLUSTERING and _fits(name, problem)}
    if is_classification(problem):
        # An error of numbers can be computed of class numbers, and means nothing.
        found -= {name for name in found if _fits(name, "regression")}
    return sorted({*found, *azure_metrics.names(problem), *([SCALED_ERROR] if problem == "forecast" else [])})


def _fits(metric: str, problem: ProblemKind) -> bool:
    import warnings

    classes = {"binary": 2, "multiclass": 3}.get(problem, 0)
    rows = np.arange(12)
    truth = rows % classes if classes else rows.astype(float) + 1
    predictions = np.full((len(rows), classes), 1 / classes) if classes else rows + 1.5
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return not np.isnan(_of_scikit_learn(metric, problem)(truth, predictions))


def _check(metric: str, problem: ProblemKind) -> None:
    known = {*get_scorer_names(), *azure_metrics.all_names(), SCALED_ERROR}
    if metric not in known:
        raise AutoMLError(f"there is no metric {metric!r}: {nearest(metric, known)}")
    fit = fitting(problem)
    if metric not in fit:
        raise AutoMLError(f"metric {metric} does not fit a {problem} problem: {nearest(metric, fit)}")


class _Classifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # untyped
    """A classifier that has predicted already: what a scorer of scikit-learn wants to ask."""

    def __init__(self, probabilities: Array) -> None:
        self.probabilities = probabilities
        self.classes_ = np.arange(probabilities.shape[1])

    def predict(self, _: Array) -> Array:
        """The likeliest class of each row."""
        return np.asarray(self.probabilities.argmax(axis=1))

    def predict_proba(self, _: Array) -> Array:
        """The probabilities it was made of."""
        return self.probabilities


class _Regressor(RegressorMixin, BaseEstimator):  # type: ignore[misc]  # untyped
    """A regressor that has predicted already."""

    def __init__(self, predictions: Array) -> None:
        self.predictions = predictions
        self.is_fitted_ = True

    def predict(self, _: Array) -> Array:
        """The numbers it was made of."""
        return self.predictions


def _accuracy(truth: Array, predictions: Array) -> float:
    return float((predictions.argmax(axis=1) == truth).mean())


def log_loss_score(truth: Array, predictions: Array) -> float:
    """The mean log-likelihood of the truth: what breaks ties, because it is never flat where accuracy is."""
    smallest = np.finfo(predictions.dtype).eps
    likely = predictions[np.arange(len(truth)), truth]
    return float(np.log(np.clip(likely, smallest, 1 - smallest)).mean())


def _roc_auc(truth: Array, predictions: Array) -> float:
    """The area under the curve of two classes, from the ranks of the positive rows."""
    positive = truth == 1
    count = int(positive.sum())
    if not 0 < count < len(truth):
        return float("nan")
    ranks = rankdata(predictions[:, 1])[positive].sum()
    return float((ranks - count * (count + 1) / 2) / (count * (len(truth) - count)))


# The same values as scikit-learn's, without its checks of input: ensemble selection asks thousands of times.
_FAST: dict[str, Score] = {"accuracy": _accuracy, "neg_log_loss": log_loss_score, "roc_auc": _roc_auc}


def fold_scores(  # noqa: PLR0913, PLR0917 - what a score is made of
    metrics: Sequence[str],
    problem: ProblemKind,
    truth: Array,
    predictions: Array,
    judged: Sequence[NDArray[np.intp]],
    scales: Sequence[Array | None],
) -> dict[str, list[float]]:
    """Each metric on each of the row sets `judged`; `scales` are what score_function takes."""
    folds = list(zip(judged, scales, strict=True))
    return {
        name: [score_function(name, problem, scale)(truth[rows], predictions[rows]) for rows, scale in folds]
        for name in metrics
    }
