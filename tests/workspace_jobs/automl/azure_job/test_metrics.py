"""Azure's metrics, as scores."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from workspace_jobs.automl.azure_metrics import as_azure_has_it, names, score


def value(metric: str, truth: list[float], predictions: object) -> float:
    problem = "regression" if isinstance(predictions, list) else "multiclass"
    found = score(metric, problem)  # type: ignore[arg-type]
    assert found is not None
    return found(np.array(truth), np.array(predictions))


def test_a_perfect_classifier_scores_one_and_one_that_guesses_one_class_has_no_recall_beyond_chance() -> None:
    truth = [0, 1, 2, 2]
    perfect, constant = np.eye(3)[truth], np.tile([1.0, 0.0, 0.0], (4, 1))
    assert all(value(name, [*truth], perfect) == pytest.approx(1.0) for name in names("multiclass"))
    assert value("norm_macro_recall", [*truth], constant) == pytest.approx(0.0)
    assert value("AUC_weighted", [*truth], constant) == pytest.approx(0.5)


def test_auc_weighted_is_scikit_learns_one_against_rest() -> None:
    generator = np.random.default_rng(0)
    truth, predictions = generator.integers(0, 3, 60), generator.dirichlet(np.ones(3), 60)
    expected = roc_auc_score(truth, predictions, multi_class="ovr", average="weighted")
    assert value("AUC_weighted", truth.tolist(), predictions) == pytest.approx(expected)


def test_a_class_that_a_fold_lacks_does_not_spoil_its_metrics() -> None:
    predictions = np.array([[0.8, 0.1, 0.1], [0.1, 0.8, 0.1]] * 2)
    assert value("AUC_weighted", [0, 1, 0, 1], predictions) == pytest.approx(1.0)


def test_errors_are_divided_by_the_range_of_the_target_and_negated() -> None:
    error = value("normalized_root_mean_squared_error", [0.0, 10.0], [1.0, 11.0])
    assert error == pytest.approx(-0.1)
    assert as_azure_has_it("normalized_root_mean_squared_error", error) == pytest.approx(0.1)
    assert value("normalized_mean_absolute_error", [0.0, 10.0], [1.0, 11.0]) == pytest.approx(-0.1)
    assert value("spearman_correlation", [0.0, 2.0], [1.0, 3.0]) == pytest.approx(1.0)
    assert value("spearman_correlation", [0.0, 2.0], [1.0, 1.0]) == 0.0
    assert as_azure_has_it("r2_score", 0.5) == 0.5
