"""Figures of any estimator: what it looks at, and what more data would bring."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from workspace_jobs.evaluation.canvas import HUES, INK, add_legend, empty_axes, shown


@dataclass(frozen=True)
class FeatureImportance:
    """Features, the heaviest first, with their `values` of shape (n_features,).

    `kind` is "coefficient" (signed) or "importance". Of a classifier of several classes, a coefficient is the mean of
    the absolute values.
    """

    kind: str
    names: tuple[str, ...]
    values: NDArray[np.float64]


def feature_importance(estimator: Any, feature_names: Sequence[str] | None = None) -> FeatureImportance:  # noqa: ANN401
    """What a fitted estimator says of its features: `coef_`, else `feature_importances_`.

    Of a pipeline it is what the last step says of what the steps before make. Raises ValueError when the estimator has
    neither, or `feature_names` are not as many as it has.
    """
    names, model = _last_step(estimator, feature_names)
    for kind, attribute in (("coefficient", "coef_"), ("importance", "feature_importances_")):
        if hasattr(model, attribute):
            values = np.atleast_2d(np.asarray(getattr(model, attribute), dtype=float))
            return _heaviest_first(kind, names, values[0] if len(values) == 1 else np.abs(values).mean(axis=0))
    raise ValueError(f"{type(model).__name__} has neither coefficients nor importances: try permutation_importance")


def feature_importance_chart(importance: FeatureImportance, *, top: int = 20) -> Figure:
    """Bars of the `top` heaviest features."""
    names, values = importance.names[:top], importance.values[:top]
    kind = importance.kind.capitalize()
    title = kind if len(names) == len(importance.names) else f"{kind}: {len(names)} of {len(importance.names)} features"
    figure, axes = empty_axes(title, kind, "", (5.6, 1.4 + 0.26 * len(names)))
    rows = np.arange(len(names))
    axes.barh(rows, values, color=[HUES[0] if value >= 0 else HUES[1] for value in values])
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.set_yticks(rows, [shown(name) for name in names])
    axes.invert_yaxis()
    return figure


def learning_curve(train_sizes: ArrayLike, train_scores: ArrayLike, test_scores: ArrayLike) -> Figure:
    """Scores over the number of samples, as scikit-learn's `learning_curve` returns them; bands are one deviation.

    `train_sizes` has shape (n_ticks,), the scores (n_ticks, n_folds).
    """
    figure, axes = empty_axes("Learning curve", "Training samples", "Score")
    sizes = np.asarray(train_sizes)
    for name, scores, hue in (("training", train_scores, HUES[1]), ("validation", test_scores, HUES[0])):
        folds = np.asarray(scores, dtype=float)
        mean, deviation = folds.mean(axis=1), folds.std(axis=1)
        axes.plot(sizes, mean, color=hue, marker="o", markersize=3, label=name)
        axes.fill_between(sizes, mean - deviation, mean + deviation, color=hue, alpha=0.2, linewidth=0)
    add_legend(axes)
    return figure


def _last_step(estimator: Any, feature_names: Sequence[str] | None) -> tuple[Sequence[str] | None, Any]:  # noqa: ANN401
    """The names of the features that the model itself sees, as far as they are known, and that model."""
    if hasattr(estimator, "steps"):
        before, model = estimator[:-1], estimator[-1]
        return list(before.get_feature_names_out(feature_names)) if len(before) else feature_names, model
    return feature_names if feature_names is not None else getattr(estimator, "feature_names_in_", None), estimator


def _heaviest_first(kind: str, names: Sequence[str] | None, values: NDArray[np.float64]) -> FeatureImportance:
    known = [f"x{position}" for position in range(len(values))] if names is None else [str(name) for name in names]
    if len(known) != len(values):
        raise ValueError(f"feature_names has {len(known)} names for {len(values)} features")
    order = np.argsort(-np.abs(values), kind="stable")
    return FeatureImportance(kind, tuple(known[position] for position in order), values[order])
