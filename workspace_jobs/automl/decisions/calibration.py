"""How far probabilities can be trusted, and the fit of scikit-learn's that makes them better, where there is one.

A fit is judged on rows that it has not seen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.calibration import CalibratedClassifierCV
from sklearn.frozen import FrozenEstimator
from sklearn.metrics import log_loss
from sklearn.model_selection import StratifiedKFold

from workspace_jobs.automl.errors import AutoMLError

Probabilities = NDArray[np.float64]
Truth = NDArray[np.intp]
Method = Literal["none", "sigmoid", "temperature", "isotonic"]
# A free curve needs rows: scikit-learn's guide warns of it below a thousand.
_ROWS_FOR_ISOTONIC = 1_000
_FOLDS, _LEAST_ROWS = 5, 3
# More probabilities only take longer: a calibration has few parameters.
_ENOUGH_CELLS = 50_000


@dataclass(frozen=True)
class Calibration:
    """The method whose probabilities fit best, by log loss on rows that it was not fitted to, and the loss of each.

    `unseen`, shape (rows, n_classes), is what each row gets of this method where the fit has not seen it.
    """

    method: Method
    losses: Mapping[Method, float]
    unseen: Probabilities


def calibration(truth: Truth, probabilities: Probabilities, *, seed: int = 0) -> Calibration:
    """Which fit, if any, makes `probabilities`, shape (rows, n_classes), better; `truth` are class numbers.

    Raises AutoMLError where a class has fewer than three rows.
    """
    methods: list[Method] = ["none", "sigmoid", "temperature"]
    if len(truth) >= _ROWS_FOR_ISOTONIC:
        methods.append("isotonic")
    folds = folds_of(truth, seed)
    found = {method: unseen(method, truth, probabilities, folds) for method in methods}
    losses = {method: _loss(truth, fair) for method, fair in found.items()}
    best = min(losses, key=lambda method: losses[method])
    return Calibration(best, losses, found[best])


def fit_calibrator(method: Method, truth: Truth, probabilities: Probabilities) -> CalibratedClassifierCV:
    """scikit-learn's calibration fitted to probabilities that are there, over class numbers; of many rows to some."""
    given = FrozenEstimator(_Given(probabilities.shape[1]).fit())
    rows = _some(truth, probabilities.size)
    return CalibratedClassifierCV(given, method=method, cv=2).fit(probabilities[rows], truth[rows])


def expected_calibration_error(truth: Truth, probability: Probabilities, *, n_bins: int = 10) -> float:
    """The mean distance of the second class's probability, shape (rows,), and truth over bins of equal counts."""
    bins = np.array_split(np.argsort(probability, kind="stable"), n_bins)
    distances = [len(rows) * abs(probability[rows].mean() - truth[rows].mean()) for rows in bins if len(rows)]
    return float(sum(distances) / len(truth))


def folds_of(truth: Truth, seed: int) -> list[tuple[Any, Any]]:
    """Rows to choose by and rows to judge by, stratified. Raises AutoMLError where a class has fewer than three."""
    counts = np.bincount(truth, minlength=2)
    rarest = int(counts.min())
    if rarest < _LEAST_ROWS:
        raise AutoMLError("a threshold or a calibration needs three judged rows of each class, or more")
    return list(StratifiedKFold(min(_FOLDS, rarest), shuffle=True, random_state=seed).split(truth, truth))


def unseen(
    method: Method, truth: Truth, probabilities: Probabilities, folds: Sequence[tuple[Any, Any]]
) -> Probabilities:
    """The probabilities after a calibration, each row's fitted to the other `folds`."""
    if method == "none":
        return probabilities
    found = np.empty_like(probabilities)
    for learn, judge in folds:
        found[judge] = fit_calibrator(method, truth[learn], probabilities[learn]).predict_proba(probabilities[judge])
    return found


class _Given(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # untyped
    """A classifier whose rows are the probabilities: what calibration asks in place of a model."""

    def __init__(self, n_classes: int) -> None:
        self.n_classes = n_classes

    def fit(self, _: object = None, __: object = None) -> Self:
        """There is nothing to learn."""
        self.classes_ = np.arange(self.n_classes)
        return self

    def predict(self, rows: Probabilities) -> Truth:
        """The likeliest class of each row."""
        return np.asarray(np.asarray(rows).argmax(axis=1))

    def predict_proba(self, rows: Probabilities) -> Probabilities:
        """The rows."""
        return np.asarray(rows)


def _some(truth: Truth, cells: int) -> Truth:
    """Rows of each class by its share, as many as a fit needs; all of them where a class would have too few."""
    step = max(1, cells // _ENOUGH_CELLS)
    chosen = np.argsort(truth, kind="stable")[::step]
    is_enough = (np.bincount(truth[chosen], minlength=int(truth.max()) + 1) >= _LEAST_ROWS).all()
    return np.sort(chosen) if is_enough else np.arange(len(truth))


def _loss(truth: Truth, probabilities: Probabilities) -> float:
    return float(log_loss(truth, probabilities, labels=np.arange(probabilities.shape[1])))
