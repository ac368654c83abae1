"""Thresholds, costs and calibration, on probabilities whose truth is known."""

import numpy as np
import pytest
from sklearn import metrics
from sklearn.metrics import accuracy_score, f1_score, log_loss

from workspace_jobs.automl.errors import AutoMLError
from workspace_jobs.automl.report.findings import calibration, decisions


def drawn(rows: int = 2000, *, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Calibrated probabilities of shape (rows,), and truth drawn by them."""
    generator = np.random.default_rng(seed)
    probability = generator.beta(0.7, 2, rows)
    return (generator.random(rows) < probability).astype(int), probability


def test_a_miss_that_costs_five_alarms_is_answered_from_a_sixth() -> None:
    assert decisions.cheapest_threshold([[0, 1], [5, 0]]) == pytest.approx(1 / 6)
    assert decisions.cheapest_threshold([[-2, 1], [5, 0]]) == pytest.approx(3 / 8)


def test_the_cheapest_class_is_the_one_of_least_expected_cost() -> None:
    costs = [[0, 1, 9], [1, 0, 9], [4, 4, 0]]
    probabilities = np.array([[0.6, 0.3, 0.1], [0.1, 0.3, 0.6], [0.05, 0.03, 0.92]])
    expected = [int(np.argmin([probabilities[row] @ np.array(costs)[:, k] for k in range(3)])) for row in range(3)]
    assert decisions.cheapest_classes(probabilities, costs).tolist() == expected == [0, 1, 2]


def test_calibrated_probabilities_are_cheapest_at_the_threshold_of_their_costs() -> None:
    truth, probability = drawn(20_000)
    costs = [[0, 1], [5, 0]]

    def cost(threshold: float) -> float:
        return decisions.mean_cost(truth, (probability >= threshold).astype(int), costs)

    best = decisions.cheapest_threshold(costs)
    assert cost(best) < min(cost(0.5), cost(0.05))
    labels = decisions.cheapest_classes(np.column_stack([1 - probability, probability]), costs)
    assert decisions.mean_cost(truth, labels, costs) == pytest.approx(cost(best))


@pytest.mark.parametrize(
    ("costs", "sentence"),
    [
        ([[0, 1]], "needs 2 rows of 2 costs"),
        ([[0, 1], [1]], "needs 2 rows of 2 costs"),
        ([[0, 1], [0, 0]], "as cheap as being right"),
    ],
)
def test_a_cost_matrix_that_is_none_is_told(costs: list[list[float]], sentence: str) -> None:
    with pytest.raises(AutoMLError, match=sentence):
        decisions.cheapest_threshold(costs)


def test_rare_positives_get_a_threshold_below_one_half_for_f1() -> None:
    truth, probability = drawn()
    found = decisions.best_threshold(truth, probability, decisions.SCORES["f1"])
    assert found.value < 0.45
    assert found.score > found.default_score
    assert found.default_score == pytest.approx(f1_score(truth, probability >= 0.5))


@pytest.mark.parametrize("name", decisions.SCORES)
def test_scores_of_thresholds_are_scikit_learns(name: str) -> None:
    truth, probability = drawn(60)
    probability = probability.round(1)  # with ties
    metric = getattr(metrics, name if name == "matthews_corrcoef" else f"{name}_score")
    found = decisions.best_threshold(truth, probability, decisions.SCORES[name])
    assert found.default_score == pytest.approx(metric(truth, probability >= 0.5))
    every = [metric(truth, probability >= value) for value in np.linspace(-0.05, 1.05, 12)]
    assert metric(truth, probability >= found.value) == pytest.approx(max(every))


def test_a_threshold_can_be_chosen_for_costs() -> None:
    truth, probability = drawn(20_000)
    found = decisions.best_threshold(truth, probability, decisions.score_of_costs([[0, 1], [5, 0]]))
    assert found.value == pytest.approx(1 / 6, abs=0.03)
    assert found.default_score == pytest.approx(
        -decisions.mean_cost(truth, (probability >= 0.5).astype(int), [[0, 1], [5, 0]])
    )


def test_the_score_of_a_threshold_is_of_rows_that_did_not_choose_it() -> None:
    generator = np.random.default_rng(3)
    truth, noise = generator.integers(0, 2, 400), generator.random(400)
    found = decisions.best_threshold(truth, noise, decisions.SCORES["accuracy"])
    chosen_on_all = accuracy_score(truth, noise >= found.value)
    assert chosen_on_all > 0.5
    assert found.score < chosen_on_all


def test_a_distorted_probability_is_better_for_a_sigmoid() -> None:
    truth, probability = drawn(4000)
    logit = np.log(probability / (1 - probability))
    distorted = 1 / (1 + np.exp(-3 * logit - 1))
    found = calibration.calibration(truth, distorted)
    assert found.method == "sigmoid"
    assert found.losses["none"] == pytest.approx(log_loss(truth, distorted))
    assert found.losses["sigmoid"] == pytest.approx(log_loss(truth, probability), abs=0.01)


def test_probabilities_that_are_right_are_left_alone() -> None:
    truth, probability = drawn(4000, seed=5)
    found = calibration.calibration(truth, probability)
    assert found.losses[found.method] == pytest.approx(found.losses["none"], abs=0.003)
    assert found.expected_calibration_error < 0.03


def test_the_calibration_error_is_the_mean_distance_of_the_bins() -> None:
    truth, probability = np.array([0, 1, 1, 1]), np.array([0.2, 0.4, 0.6, 0.8])
    assert calibration.expected_calibration_error(truth, probability, n_bins=2) == pytest.approx((0.2 + 0.3) / 2)


def test_one_class_has_no_threshold() -> None:
    with pytest.raises(AutoMLError, match="two rows of each class"):
        decisions.best_threshold(np.ones(5, dtype=int), np.linspace(0, 1, 5), decisions.SCORES["f1"])
