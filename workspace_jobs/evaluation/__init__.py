"""What a fitted model is worth, as figures and metrics: `log_<thing>` logs one of each through MLflow.

Knows arrays, matplotlib and scikit-learn's terms. Must not know where the model came from, or which store its run is
in.
"""

from workspace_jobs.evaluation.log import (
    log_calibration_curve,
    log_classification_report,
    log_confusion_matrix,
    log_feature_importance,
    log_learning_curve,
    log_precision_recall_curve,
    log_residuals,
    log_roc_curve,
)

__all__ = [
    "log_calibration_curve",
    "log_classification_report",
    "log_confusion_matrix",
    "log_feature_importance",
    "log_learning_curve",
    "log_precision_recall_curve",
    "log_residuals",
    "log_roc_curve",
]
