import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from localazure.automl.metrics import classification_metrics, regression_metrics

CLASSES = np.array(["a", "b", "c"])


def test_a_perfect_classifier_scores_one_and_one_that_guesses_one_class_has_no_recall_beyond_chance() -> None:
    truth = np.array(["a", "b", "c", "c"])
    perfect = classification_metrics(truth, truth, (truth[:, None] == CLASSES).astype(float), CLASSES)
    assert all(value == pytest.approx(1.0) for value in perfect.values())
    constant = classification_metrics(truth, np.full(4, "a"), np.ones((4, 3)), CLASSES)
    assert constant["norm_macro_recall"] == pytest.approx(0.0)
    assert constant["AUC_weighted"] == pytest.approx(0.5)


def test_auc_weighted_is_scikit_learns_one_against_rest() -> None:
    generator = np.random.default_rng(0)
    truth = generator.choice(CLASSES, 60)
    scores = generator.dirichlet(np.ones(3), 60)
    ours = classification_metrics(truth, truth, scores, CLASSES)["AUC_weighted"]
    assert ours == pytest.approx(roc_auc_score(truth, scores, multi_class="ovr", average="weighted"))


def test_a_class_that_a_fold_lacks_does_not_spoil_its_metrics() -> None:
    truth = np.array(["a", "b", "a", "b"])
    scores = np.array([[0.8, 0.1, 0.1], [0.1, 0.8, 0.1]] * 2)
    assert classification_metrics(truth, truth, scores, CLASSES)["AUC_weighted"] == pytest.approx(1.0)


def test_errors_are_divided_by_the_range_of_all_of_the_target() -> None:
    metrics = regression_metrics(np.array([0.0, 2.0]), np.array([1.0, 3.0]), spread=10.0)
    assert metrics["normalized_root_mean_squared_error"] == pytest.approx(0.1)
    assert metrics["normalized_mean_absolute_error"] == pytest.approx(0.1)
    assert metrics["spearman_correlation"] == pytest.approx(1.0)
    assert regression_metrics(np.array([0.0, 2.0]), np.array([1.0, 1.0]), 1.0)["spearman_correlation"] == 0.0
