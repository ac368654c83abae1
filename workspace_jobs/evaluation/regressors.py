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
