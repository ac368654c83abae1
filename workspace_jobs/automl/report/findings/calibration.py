"""How far the probabilities of two classes can be trusted, and whether a fit of them would be better.

A fit is judged on rows that it has not seen.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import StratifiedKFold

from workspace_jobs.automl.errors import AutoMLError

Probabilities = NDArray[np.float64]
Truth = NDArray[np.intp]
Method = Literal["none", "sigmoid", "isotonic"]
_FOLDS, _EPSILON = 5, 1e-12


@dataclass(frozen=True)
class Calibration:
    """The method whose probabilities fit best, by log loss on rows that it was not fitted to, and the loss of each."""

    method: Method
    losses: dict[Method, float]
    expected_calibration_error: float


def calibration(truth: Truth, probability: Probabilities, *, seed: int = 0) -> Calibration:
    """Whether the probabilities of the second class, shape (rows,), would be better for a sigmoid or isotonic fit.

    Raises AutoMLError where there are not two rows of each class.
    """
    losses: dict[Method, float] = {"none": _loss(truth, probability)}
    for method, fit in _FITS.items():
        fitted = np.empty_like(probability)
        for learn, judge in folds_of(truth, seed):
            fitted[judge] = fit(probability[learn], truth[learn], probability[judge])
        losses[method] = _loss(truth, fitted)
    best = min(losses, key=lambda method: losses[method])
    return Calibration(best, losses, expected_calibration_error(truth, probability))


def expected_calibration_error(truth: Truth, probability: Probabilities, *, n_bins: int = 10) -> float:
    """The mean distance of probability and truth over bins of equal counts."""
    bins = np.array_split(np.argsort(probability, kind="stable"), n_bins)
    distances = [len(rows) * abs(probability[rows].mean() - truth[rows].mean()) for rows in bins if len(rows)]
    return float(sum(distances) / len(truth))


def folds_of(truth: Truth, seed: int) -> list[tuple[Any, Any]]:
    """Rows to choose by and rows to judge by, stratified. Raises AutoMLError where there are not two of each class."""
    rarest = int(np.bincount(truth, minlength=2).min())
    if rarest < 2:  # noqa: PLR2004 - one to choose by and one to judge by
        raise AutoMLError("a threshold or a calibration needs two rows of each class, or more")
    return list(StratifiedKFold(min(_FOLDS, rarest), shuffle=True, random_state=seed).split(truth, truth))


def _sigmoid(learned: Probabilities, truth: Truth, judged: Probabilities) -> Probabilities:
    model = LogisticRegression(C=1e6).fit(_logit(learned)[:, None], truth)
    return np.asarray(model.predict_proba(_logit(judged)[:, None])[:, 1])


def _isotonic(learned: Probabilities, truth: Truth, judged: Probabilities) -> Probabilities:
    return np.asarray(IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(learned, truth).predict(judged))


_FITS: dict[Method, Callable[[Probabilities, Truth, Probabilities], Probabilities]] = {
    "sigmoid": _sigmoid,
    "isotonic": _isotonic,
}


def _logit(probability: Probabilities) -> Probabilities:
    clipped = np.clip(probability, _EPSILON, 1 - _EPSILON)
    return np.asarray(np.log(clipped / (1 - clipped)))


def _loss(truth: Truth, probability: Probabilities) -> float:
    return float(log_loss(truth, probability, labels=[0, 1]))
