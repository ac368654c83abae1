"""What a fitted model says, in the order of the run's classes, which need not be the model's own."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator


def predict(model: BaseEstimator, rows: pd.DataFrame | NDArray[Any], classes: tuple[Any, ...]) -> NDArray[np.float64]:
    """A number a row, or a probability a row and class of `classes`; 0 for a class that the model never saw."""
    if not classes:
        return np.asarray(model.predict(rows), dtype=float).reshape(len(rows))
    found = np.asarray(model.predict_proba(rows), dtype=float)
    whole = np.zeros((len(found), len(classes)))
    whole[:, order_of(model, classes)] = found
    return whole


def order_of(model: BaseEstimator, classes: tuple[Any, ...]) -> list[int]:
    """Where in `classes` each class of a fitted model is."""
    return [classes.index(name) for name in model.classes_.tolist()]
