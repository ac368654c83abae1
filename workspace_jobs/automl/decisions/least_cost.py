"""The one class that scikit-learn lacks for decisions: it is pickled with the model, and imports nothing of mlws."""

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, clone


class LeastCostClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # untyped
    """Answers with the class of least expected cost.

    Parameters:
        estimator: a classifier with probabilities.
        costs: `costs[true][predicted]`, in the order of its classes.
    """

    def __init__(self, estimator: BaseEstimator, costs: tuple[tuple[float, ...], ...]) -> None:
        self.estimator = estimator
        self.costs = costs

    def fit(self, rows: Any, target: Any) -> Self:  # noqa: ANN401 - as scikit-learn takes them
        """Fit the estimator; costs need no fit."""
        self.estimator_ = clone(self.estimator).fit(rows, target)
        self.classes_ = self.estimator_.classes_
        return self

    def predict_proba(self, rows: Any) -> NDArray[np.float64]:  # noqa: ANN401
        """The estimator's probabilities, shape (rows, n_classes)."""
        return np.asarray(self.estimator_.predict_proba(rows))

    def predict(self, rows: Any) -> NDArray[Any]:  # noqa: ANN401
        """A class for each row."""
        return np.asarray(self.classes_[(self.predict_proba(rows) @ np.array(self.costs)).argmin(axis=1)])
