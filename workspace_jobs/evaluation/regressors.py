"""Figures of a regressor: arrays in, a matplotlib figure out."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray

from workspace_jobs.evaluation.canvas import HUES, INK, add_legend, empty_axes, shown, thinned


def residuals(y_true: NDArray[np.floating], y_pred: NDArray[np.floating]) -> Figure:
    """Actual less predicted, over predicted; arrays of shape (n_samples,), of which at most 1,000 are drawn."""
    figure, axes = empty_axes("Residuals", "Predicted", "Actual less predicted")
    axes.axhline(0, color=INK, linewidth=0.8, linestyle=":")
    predicted, residual = thinned(y_pred, y_true - y_pred)
    axes.plot(predicted, residual, "o", color=HUES[0], alpha=0.6, markersize=3, markeredgewidth=0)
    return figure


def forecast(
    times: pd.Series,
    y_true: NDArray[np.floating],
    y_pred: NDArray[np.floating],
    half_widths: NDArray[np.floating] | None = None,
) -> Figure:
    """What came and what was predicted, over `times` (dates or numbers); the mean where a time has several rows.

    `half_widths` are of intervals around what was predicted, which are drawn where no time has several rows.
    """
    figure, axes = empty_axes("Forecast", shown(times.name), "Value")
    every, place = np.unique(times.to_numpy(), return_inverse=True)
    for hue, values, label in ((INK, y_true, "actual"), (HUES[0], y_pred, "predicted")):
        axes.plot(every, np.bincount(place, values) / np.bincount(place), color=hue, linewidth=1.2, label=label)
    if half_widths is not None and len(every) == len(place):
        middle, width = y_pred[np.argsort(place)], half_widths[np.argsort(place)]
        axes.fill_between(every, middle - width, middle + width, color=HUES[0], alpha=0.2, linewidth=0, label="90%")
    add_legend(axes)
    axes.tick_params(axis="x", rotation=30)  # dates are long
    return figure
