"""Labels and scores of a classifier in one form: class by class, each against the rest."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

_BINARY = 2
_LONGEST_NAME = 200


@dataclass(frozen=True)
class OneVsRest:
    """One class against the rest: `is_class` and `score` have shape (n_samples,); the higher, the more likely."""

    label: str
    is_class: NDArray[np.bool_]
    score: NDArray[np.float64]


def one_vs_rest(y_true: ArrayLike, y_score: ArrayLike, labels: ArrayLike | None = None) -> list[OneVsRest]:
    """The problem class by class; of two classes, the second alone, which is scikit-learn's positive class.

    `y_score` has shape (n_samples, n_classes), its columns in the order of `labels` (an estimator's `classes_`; else
    the sorted labels of `y_true`); for two classes (n_samples,), the score of the second, does as well. A class that
    `y_true` has not is left out. Raises ValueError when the shapes do not fit, or `y_true` has one class only.
    """
    truth, scores = np.asarray(y_true), np.asarray(y_score, dtype=float)
    present = np.unique(truth)
    known = present if labels is None else np.asarray(labels)
    if len(present) < _BINARY:
        raise ValueError("y_true has one class only: a curve needs samples of two")
    unknown = np.setdiff1d(present, known)
    if len(unknown):
        raise ValueError(f"y_true has classes that `labels` has not: {', '.join(map(str, unknown))}")
    columns = np.column_stack([-scores, scores]) if scores.ndim == 1 else scores
    if columns.shape != (len(truth), len(known)):
        raise ValueError(f"y_score has shape {scores.shape}, where y_true needs {(len(truth), len(known))}")
    classes = [OneVsRest(str(label), truth == label, score) for label, score in zip(known, columns.T, strict=True)]
    return classes[1:] if len(classes) == _BINARY else [one for one in classes if one.is_class.any()]


def metric_names(labels: Iterable[object]) -> list[str]:
    """The labels as MLflow allows them in a metric's name, at most 200 characters, and still distinct.

    MLflow takes letters, digits, `_-. ` and a little more: what it does not becomes `_`, and a name that is taken gets
    one more `_`.
    """
    names: dict[str, None] = {}
    for label in labels:
        name = "".join(c if c.isalnum() or c in "_-. " else "_" for c in str(label))[:_LONGEST_NAME]
        while name in names:
            name += "_"
        names[name] = None
    return list(names)
