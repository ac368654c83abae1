"""Figures of a classifier: arrays in, a matplotlib figure out."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from numpy.typing import NDArray
from sklearn import calibration, metrics

from workspace_jobs.evaluation.canvas import HUES, INK, add_legend, empty_axes, line_styles, shown, thinned
from workspace_jobs.evaluation.classes import OneVsRest

# Opaque cells bring a background of their own, whatever the page's.
_CELLS = LinearSegmentedColormap.from_list("cells", ["#eaf2fb", "#0b4a94"])
# More cells cannot hold a number that reads, more rows no label, and more curves no legend.
_MOST_NUMBERED, _MOST_LABELLED, _MOST_CURVES = 15, 40, 10
_LONGEST_LEVEL_LABELS, _DARK_CELL = 30, 0.5


def confusion_matrix(matrix: NDArray[np.integer], labels: Sequence[str]) -> Figure:
    """Counts of shape (n_classes, n_classes), rows true and columns predicted; the colour is the share of the row."""
    side, longest = min(4.2 + 0.25 * len(labels), 9), max(len(shown(label)) for label in labels)
    size = (side + 0.07 * longest, side * 0.86 + 0.05 * longest)
    figure, axes = empty_axes("Confusion matrix", "Predicted", "True", size)
    axes.grid(visible=False)
    shares = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    axes.imshow(shares, cmap=_CELLS, vmin=0, vmax=1)
    if len(labels) <= _MOST_LABELLED:
        names = [shown(label) for label in labels]
        axes.set_xticks(range(len(names)), names, rotation=45 if len("".join(names)) > _LONGEST_LEVEL_LABELS else 0)
        axes.set_yticks(range(len(names)), names)
    if len(labels) <= _MOST_NUMBERED:
        _number(axes, matrix, shares)
    return figure


def classification_report(labels: Sequence[str], scores: Mapping[str, NDArray[np.floating]]) -> Figure:
    """The scores of each class: `scores` has names (precision, recall, ...) and arrays of shape (n_classes,)."""
    height = min(1.6 + 0.35 * len(labels), 12)
    figure, axes = empty_axes("Quality of each class", "Score", "", (5.6, height))
    rows = np.arange(len(labels))
    for (name, values), hue, marker in zip(scores.items(), HUES, "os^v", strict=False):
        axes.plot(values, rows, marker, color=hue, label=name, linestyle="none")
    axes.set_xlim(-0.02, 1.02)
    axes.set_yticks(rows, [shown(label) for label in labels])
    axes.set_ylim(len(labels) - 0.5, -0.5)
    add_legend(axes)
    return figure


def roc_curve(classes: Sequence[OneVsRest]) -> Figure:
    """The receiver operating characteristic: a curve for each class, at most the ten most frequent."""
    drawn = most_frequent(classes)
    figure, axes = empty_axes(_title("ROC", drawn, classes), "False positive rate", "True positive rate")
    axes.plot([0, 1], [0, 1], color=INK, linewidth=0.8, linestyle=":")
    for one, (hue, dash) in zip(drawn, line_styles(len(drawn)), strict=True):
        false_rate, true_rate, _ = metrics.roc_curve(one.is_class, one.score)
        area = metrics.auc(false_rate, true_rate)
        false_rate, true_rate = thinned(false_rate, true_rate)
        axes.plot(false_rate, true_rate, color=hue, linestyle=dash, label=f"{shown(one.label)}: AUC {area:.3f}")
    add_legend(axes, "lower right")
    return figure


def precision_recall_curve(classes: Sequence[OneVsRest]) -> Figure:
    """Precision over recall: a curve for each class, at most the ten most frequent."""
    drawn = most_frequent(classes)
    figure, axes = empty_axes(_title("Precision and recall", drawn, classes), "Recall", "Precision")
    axes.set_ylim(-0.02, 1.02)
    for one, (hue, dash) in zip(drawn, line_styles(len(drawn)), strict=True):
        precision, recall, _ = metrics.precision_recall_curve(one.is_class, one.score)
        average = metrics.average_precision_score(one.is_class, one.score)
        recall, precision = thinned(recall, precision)
        label = f"{shown(one.label)}: AP {average:.3f}"
        axes.plot(recall, precision, color=hue, linestyle=dash, label=label, drawstyle="steps-pre")
    add_legend(axes, "lower left")
    return figure


def calibration_curve(classes: Sequence[OneVsRest], *, n_bins: int = 10) -> Figure:
    """How often it was so, over the probability given: bins of equal counts, at most the ten most frequent classes."""
    drawn = most_frequent(classes)
    figure, axes = empty_axes(_title("Calibration", drawn, classes), "Mean predicted probability", "Share that it was")
    axes.plot([0, 1], [0, 1], color=INK, linewidth=0.8, linestyle=":")
    for one, (hue, dash) in zip(drawn, line_styles(len(drawn)), strict=True):
        share, predicted = calibration.calibration_curve(one.is_class, one.score, n_bins=n_bins, strategy="quantile")
        axes.plot(predicted, share, color=hue, linestyle=dash, marker="o", markersize=3, label=shown(one.label))
    add_legend(axes, "upper left")
    return figure


def most_frequent(classes: Sequence[OneVsRest]) -> list[OneVsRest]:
    """The classes that a figure shows, in their order: the ten with the most samples."""
    kept = sorted(range(len(classes)), key=lambda position: -int(classes[position].is_class.sum()))[:_MOST_CURVES]
    return [classes[position] for position in sorted(kept)]


def _title(name: str, drawn: Sequence[OneVsRest], classes: Sequence[OneVsRest]) -> str:
    return name if len(drawn) == len(classes) else f"{name}: {len(drawn)} of {len(classes)} classes"


def _number(axes: Axes, matrix: NDArray[np.integer], shares: NDArray[np.floating]) -> None:
    for (row, column), count in np.ndenumerate(matrix):
        ink = "#ffffff" if shares[row, column] > _DARK_CELL else "#101010"
        axes.text(column, row, str(count), color=ink, ha="center", va="center", fontsize="small")
