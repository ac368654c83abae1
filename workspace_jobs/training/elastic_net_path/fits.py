"""Elastic nets over a grid of alphas and l1 ratios, from one Gram matrix, each fit begun where the one before ended."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import enet_path

Array = NDArray[np.float64]
# As fine as repeated fits get within scikit-learn's own limits.
_TOLERANCE = 1e-6
_ITERATIONS = 10_000


@dataclass(frozen=True)
class Split:
    """A table, parted: features of shape (rows, columns) and target of shape (rows,)."""

    train_features: Array
    test_features: Array
    train_target: Array
    test_target: Array


@dataclass(frozen=True)
class Fit:
    """How well one elastic net does on the test rows."""

    alpha: float
    l1_ratio: float
    mse: float
    r2: float


def fit_grid(split: Split, alphas: Sequence[float], l1_ratios: Sequence[float]) -> Iterator[Fit]:
    """Fit every pair of an alpha and an l1 ratio, in that order of the grid."""
    means, mean = split.train_features.mean(axis=0), split.train_target.mean()
    features, target = split.train_features - means, split.train_target - mean
    gram, correlation = features.T @ features, features.T @ target
    # The path goes from the strongest penalty to the weakest.
    order = np.argsort(alphas)[::-1]
    variance = float(((split.test_target - split.test_target.mean()) ** 2).mean())
    errors = np.empty((len(alphas), len(l1_ratios)))
    for column, l1_ratio in enumerate(l1_ratios):
        _, weights, _ = enet_path(
            features,
            target,
            l1_ratio=l1_ratio,
            alphas=np.asarray(alphas)[order],
            precompute=gram,
            Xy=correlation,
            tol=_TOLERANCE,
            max_iter=_ITERATIONS,
            check_input=False,
        )
        predicted = (split.test_features - means) @ weights + mean
        errors[order, column] = ((predicted - split.test_target[:, np.newaxis]) ** 2).mean(axis=0)
    for row, alpha in enumerate(alphas):
        for column, l1_ratio in enumerate(l1_ratios):
            mse = float(errors[row, column])
            yield Fit(float(alpha), float(l1_ratio), mse, 1 - mse / variance)
