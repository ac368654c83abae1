"""Figures of a regressor: arrays in, a matplotlib figure out."""

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from workspace_jobs.evaluation.canvas import HUES, INK, empty_axes, thinned


def residuals(y_true: NDArray[np.floating], y_pred: NDArray[np.floating]) -> Figure:
    """Actual less predicted, over predicted; arrays of shape (n_samples,), of which at most 1,000 are drawn."""
    figure, axes = empty_axes("Residuals", "Predicted", "Actual less predicted")
    axes.axhline(0, color=INK, linewidth=0.8, linestyle=":")
    predicted, residual = thinned(y_pred, y_true - y_pred)
    axes.plot(predicted, residual, "o", color=HUES[0], alpha=0.6, markersize=3, markeredgewidth=0)
    return figure


def forecast(steps: NDArray[np.floating], y_true: NDArray[np.floating], y_pred: NDArray[np.floating]) -> Figure:
    """What came and what was predicted, over time; of shape (n_steps,), the mean where a step has several rows."""
    figure, axes = empty_axes("Forecast", "Step", "Value")
    every, place = np.unique(steps, return_inverse=True)
    rows = np.bincount(place)
    for hue, values, label in ((INK, y_true, "actual"), (HUES[0], y_pred, "predicted")):
        axes.plot(every, np.bincount(place, values) / rows, color=hue, linewidth=1.2, label=label)
    axes.legend()
    return figure
