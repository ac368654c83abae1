"""Each function logs one thing about a fitted model to the active MLflow run: one figure, and one call for its metrics.

All of them return the metrics, and take `artifact_file`, the figure's path in the run; its ending chooses the format
(`.png`, `.svg`). Without an active run MLflow starts one, as it does for `mlflow.log_metrics`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray
from sklearn import metrics as sklearn_metrics

from workspace_jobs.evaluation import classifiers, estimators, regressors
from workspace_jobs.evaluation.classes import OneVsRest, metric_names, one_vs_rest

Metrics = dict[str, float]


def log_classification_report(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    labels: ArrayLike | None = None,
    target_names: Sequence[str] | None = None,
    artifact_file: str = "classification_report.png",
) -> Metrics:
    """Precision, recall, F1 and support of each class (`precision_setosa`), their means (`f1_macro`), and accuracy.

    `labels` and `target_names` are those of scikit-learn's `classification_report`.
    """
    known = _labels(y_true, y_pred) if labels is None else np.asarray(labels)
    precision, recall, f1, support = sklearn_metrics.precision_recall_fscore_support(
        y_true, y_pred, labels=known, zero_division=0
    )
    scores = {"precision": precision, "recall": recall, "f1": f1}
    titles = [str(name) for name in (known if target_names is None else target_names)]
    names = metric_names(["macro", "weighted", *titles])
    metrics = {"accuracy": sklearn_metrics.accuracy_score(y_true, y_pred)}
    for kind, values in scores.items():
        means = (np.mean(values), np.average(values, weights=support))
        metrics |= {f"{kind}_{name}": value for name, value in zip(names, [*means, *values], strict=True)}
    metrics |= {f"support_{name}": count for name, count in zip(names[2:], support, strict=True)}
    return _log(classifiers.classification_report(titles, scores), metrics, artifact_file)


def log_confusion_matrix(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    labels: ArrayLike | None = None,
    artifact_file: str = "confusion_matrix.png",
) -> Metrics:
    """The confusion matrix, and what it comes to: `accuracy`, `balanced_accuracy`, `matthews_corrcoef`."""
    known = _labels(y_true, y_pred) if labels is None else np.asarray(labels)
    matrix = sklearn_metrics.confusion_matrix(y_true, y_pred, labels=known)
    metrics = {
        "accuracy": sklearn_metrics.accuracy_score(y_true, y_pred),
        "balanced_accuracy": sklearn_metrics.balanced_accuracy_score(y_true, y_pred),
        "matthews_corrcoef": sklearn_metrics.matthews_corrcoef(y_true, y_pred),
    }
    return _log(classifiers.confusion_matrix(matrix, [str(label) for label in known]), metrics, artifact_file)


def log_roc_curve(
    y_true: ArrayLike, y_score: ArrayLike, *, labels: ArrayLike | None = None, artifact_file: str = "roc_curve.png"
) -> Metrics:
    """ROC curves and `roc_auc`; of several classes one each against the rest (`roc_auc_setosa`), and `roc_auc_ovr`.

    `y_score` has shape (n_samples,) for two classes or (n_samples, n_classes); `labels` orders its columns.
    Raises ValueError when the shapes do not fit, or `y_true` has one class only.
    """
    classes = one_vs_rest(y_true, y_score, labels)
    areas = [float(sklearn_metrics.roc_auc_score(one.is_class, one.score)) for one in classes]
    return _log(classifiers.roc_curve(classes), _by_class("roc_auc", "roc_auc_ovr", classes, areas), artifact_file)


def log_precision_recall_curve(
    y_true: ArrayLike,
    y_score: ArrayLike,
    *,
    labels: ArrayLike | None = None,
    artifact_file: str = "precision_recall_curve.png",
) -> Metrics:
    """Precision-recall curves and `average_precision`; of several classes one each, and `average_precision_macro`.

    Arguments and errors are those of `log_roc_curve`.
    """
    classes = one_vs_rest(y_true, y_score, labels)
    averages = [float(sklearn_metrics.average_precision_score(one.is_class, one.score)) for one in classes]
    metrics = _by_class("average_precision", "average_precision_macro", classes, averages)
    return _log(classifiers.precision_recall_curve(classes), metrics, artifact_file)


def log_calibration_curve(
    y_true: ArrayLike,
    y_prob: ArrayLike,
    *,
    labels: ArrayLike | None = None,
    n_bins: int = 10,
    artifact_file: str = "calibration_curve.png",
) -> Metrics:
    """Calibration curves and `brier_score_loss`; of several classes one each, and `brier_score_loss_macro`.

    `y_prob` are probabilities; arguments and errors are otherwise those of `log_roc_curve`.
    """
    classes = one_vs_rest(y_true, y_prob, labels)
    losses = [float(sklearn_metrics.brier_score_loss(one.is_class, one.score)) for one in classes]
    metrics = _by_class("brier_score_loss", "brier_score_loss_macro", classes, losses)
    return _log(classifiers.calibration_curve(classes, n_bins=n_bins), metrics, artifact_file)


def log_feature_importance(
    estimator: Any,  # noqa: ANN401 - scikit-learn has no types
    feature_names: Sequence[str] | None = None,
    *,
    top: int = 20,
    artifact_file: str = "feature_importance.png",
) -> Metrics:
    """The `top` heaviest features of a fitted estimator or pipeline: `coefficient_<name>` or `importance_<name>`.

    Raises ValueError when the estimator has neither, or `feature_names` are not as many as it has.
    """
    importance = estimators.feature_importance(estimator, feature_names)
    names = metric_names(importance.names[:top])
    metrics = {f"{importance.kind}_{name}": value for name, value in zip(names, importance.values, strict=False)}
    return _log(estimators.feature_importance_chart(importance, top=top), metrics, artifact_file)


def log_residuals(y_true: ArrayLike, y_pred: ArrayLike, *, artifact_file: str = "residuals.png") -> Metrics:
    """Residuals over predictions, and `r2`, `root_mean_squared_error`, `mean_absolute_error`, `max_error`."""
    truth, predicted = np.asarray(y_true, dtype=float), np.asarray(y_pred, dtype=float)
    metrics = {
        "r2": sklearn_metrics.r2_score(truth, predicted),
        "root_mean_squared_error": sklearn_metrics.root_mean_squared_error(truth, predicted),
        "mean_absolute_error": sklearn_metrics.mean_absolute_error(truth, predicted),
        "max_error": sklearn_metrics.max_error(truth, predicted),
    }
    return _log(regressors.residuals(truth, predicted), metrics, artifact_file)


def log_learning_curve(
    train_sizes: ArrayLike,
    train_scores: ArrayLike,
    test_scores: ArrayLike,
    *,
    artifact_file: str = "learning_curve.png",
) -> Metrics:
    """The curve that scikit-learn's `learning_curve` returned, and its last means: `train_score`, `test_score`.

    `train_sizes` has shape (n_ticks,), the scores (n_ticks, n_folds).
    """
    metrics = {
        "train_score": np.asarray(train_scores, dtype=float)[-1].mean(),
        "test_score": np.asarray(test_scores, dtype=float)[-1].mean(),
    }
    return _log(estimators.learning_curve(train_sizes, train_scores, test_scores), metrics, artifact_file)


def _labels(y_true: ArrayLike, y_pred: ArrayLike) -> NDArray[np.generic]:
    return np.unique(np.concatenate([np.asarray(y_true), np.asarray(y_pred)]))


def _by_class(name: str, mean_name: str, classes: Sequence[OneVsRest], values: Sequence[float]) -> Metrics:
    """One value of a problem of two classes; else one a class, and their mean."""
    if len(values) == 1:
        return {name: values[0]}
    labels = metric_names([one.label for one in classes])
    by_class = {f"{name}_{label}": value for label, value in zip(labels, values, strict=True)}
    return {**by_class, mean_name: float(np.mean(values))}


def _log(figure: Figure, metrics: Mapping[str, float], artifact_file: str) -> Metrics:
    import mlflow

    logged = {name: float(value) for name, value in metrics.items()}
    mlflow.log_metrics(logged)
    mlflow.log_figure(figure, artifact_file)
    return logged
