"""What a `log_` function says it logged is in the store, and is what scikit-learn measures."""

from typing import Any

import mlflow
import numpy as np
import pytest
from sklearn import metrics
from sklearn.datasets import load_diabetes
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import learning_curve

from tests.workspace_jobs.evaluation.conftest import Fit
from workspace_jobs.evaluation import (
    log_calibration_curve,
    log_classification_report,
    log_confusion_matrix,
    log_feature_importance,
    log_learning_curve,
    log_precision_recall_curve,
    log_residuals,
    log_roc_curve,
)

pytestmark = pytest.mark.xdist_group("evaluation")  # one database, one set of fits


def stored(run_id: str) -> tuple[dict[str, float], set[str]]:
    client = mlflow.MlflowClient()
    return client.get_run(run_id).data.metrics, {file.path for file in client.list_artifacts(run_id)}


def test_the_report_of_each_iris_is_a_metric(iris: Fit, run_id: str) -> None:
    log_classification_report(iris.y_true, iris.y_pred, target_names=iris.names)
    logged, files = stored(run_id)
    expected = metrics.classification_report(iris.y_true, iris.y_pred, target_names=iris.names, output_dict=True)
    assert files == {"classification_report.png"}
    assert logged.pop("accuracy") == pytest.approx(expected.pop("accuracy"))
    rows = {"macro": expected.pop("macro avg"), "weighted": expected.pop("weighted avg"), **expected}
    kinds = {"precision": "precision", "recall": "recall", "f1": "f1-score", "support": "support"}
    for name, value in logged.items():
        kind, _, label = name.partition("_")
        assert value == pytest.approx(rows[label][kinds[kind]]), name
    assert set(logged) == {
        f"{kind}_{label}"
        for kind in kinds
        for label in rows
        if (kind, label) != ("support", label) or label in expected
    }


def test_a_class_named_like_a_mean_keeps_its_own_metrics(run_id: str) -> None:
    logged = log_classification_report(["macro", "micro", "micro"], ["macro", "macro", "micro"])
    assert logged["recall_macro"] == pytest.approx(0.75)
    assert logged["recall_macro_"] == pytest.approx(1.0)


def test_two_classes_have_one_curve_and_plain_names(cancer: Fit, run_id: str) -> None:
    log_roc_curve(cancer.y_true, cancer.y_prob)
    log_precision_recall_curve(cancer.y_true, cancer.y_prob[:, 1], artifact_file="pr.svg")
    log_calibration_curve(cancer.y_true, cancer.y_prob)
    log_confusion_matrix(cancer.y_true, cancer.y_pred)
    logged, files = stored(run_id)
    assert files == {"roc_curve.png", "pr.svg", "calibration_curve.png", "confusion_matrix.png"}
    positive = cancer.y_prob[:, 1]
    assert logged == pytest.approx(
        {
            "roc_auc": metrics.roc_auc_score(cancer.y_true, positive),
            "average_precision": metrics.average_precision_score(cancer.y_true, positive),
            "brier_score_loss": metrics.brier_score_loss(cancer.y_true, positive),
            "accuracy": metrics.accuracy_score(cancer.y_true, cancer.y_pred),
            "balanced_accuracy": metrics.balanced_accuracy_score(cancer.y_true, cancer.y_pred),
            "matthews_corrcoef": metrics.matthews_corrcoef(cancer.y_true, cancer.y_pred),
        }
    )


def test_several_classes_have_a_metric_each_and_their_mean(iris: Fit, run_id: str) -> None:
    labels = np.array(iris.names)
    truth = labels[iris.y_true]
    log_roc_curve(truth, iris.y_prob, labels=labels)
    log_precision_recall_curve(truth, iris.y_prob, labels=labels)
    log_calibration_curve(truth, iris.y_prob, labels=labels)
    logged, _ = stored(run_id)
    assert len(logged) == 3 * (len(labels) + 1)
    assert logged["roc_auc_ovr"] == pytest.approx(metrics.roc_auc_score(iris.y_true, iris.y_prob, multi_class="ovr"))
    assert logged["average_precision_virginica"] == pytest.approx(
        metrics.average_precision_score(iris.y_true == 2, iris.y_prob[:, 2])
    )
    assert logged["brier_score_loss_setosa"] == pytest.approx(
        metrics.brier_score_loss(iris.y_true == 0, iris.y_prob[:, 0])
    )


def test_the_heaviest_features_are_metrics(cancer: Fit, run_id: str) -> None:
    log_feature_importance(cancer.model, top=3)
    logged, files = stored(run_id)
    weights = dict(zip(cancer.model.feature_names_in_, cancer.model[-1].coef_[0], strict=True))
    heaviest = sorted(weights, key=lambda name: -abs(weights[name]))[:3]
    assert logged == pytest.approx({f"coefficient_{name}": weights[name] for name in heaviest})
    assert files == {"feature_importance.png"}


def test_a_regressor_leaves_residuals_and_a_learning_curve(run_id: str) -> None:
    data = load_diabetes()
    predicted = LinearRegression().fit(data.data, data.target).predict(data.data)
    log_residuals(data.target, predicted)
    sizes, train, test = learning_curve(LinearRegression(), data.data, data.target, cv=3)
    log_learning_curve(sizes, train, test)
    logged, files = stored(run_id)
    expected: dict[str, Any] = {
        "r2": metrics.r2_score(data.target, predicted),
        "root_mean_squared_error": metrics.root_mean_squared_error(data.target, predicted),
        "mean_absolute_error": metrics.mean_absolute_error(data.target, predicted),
        "max_error": metrics.max_error(data.target, predicted),
        "train_score": train[-1].mean(),
        "test_score": test[-1].mean(),
    }
    assert logged == pytest.approx(expected)
    assert files == {"residuals.png", "learning_curve.png"}
