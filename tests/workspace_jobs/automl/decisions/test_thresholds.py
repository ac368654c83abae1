"""Thresholds and costs, on probabilities whose truth is known."""

import numpy as np
import pytest
from sklearn import metrics
from sklearn.metrics import accuracy_score, f1_score

from workspace_jobs.automl.decisions import thresholds
from workspace_jobs.automl.errors import AutoMLError


def drawn(rows: int = 2000, *, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Calibrated probabilities of shape (rows,), and truth drawn by them."""
    generator = np.random.default_rng(seed)
    probability = generator.beta(0.7, 2, rows)
    return (generator.random(rows) < probability).astype(int), probability


def test_a_miss_that_costs_five_alarms_is_answered_from_a_sixth() -> None:
    assert thresholds.cheapest_threshold([[0, 1], [5, 0]]) == pytest.approx(1 / 6)
    assert thresholds.cheapest_threshold([[-2, 1], [5, 0]]) == pytest.approx(3 / 8)


def test_the_cheapest_class_is_the_one_of_least_expected_cost() -> None:
    costs = [[0, 1, 9], [1, 0, 9], [4, 4, 0]]
    probabilities = np.array([[0.6, 0.3, 0.1], [0.1, 0.3, 0.6], [0.05, 0.03, 0.92]])
    expected = [int(np.argmin([probabilities[row] @ np.array(costs)[:, k] for k in range(3)])) for row in range(3)]
    assert thresholds.cheapest_classes(probabilities, costs).tolist() == expected == [0, 1, 2]


def test_calibrated_probabilities_are_cheapest_at_the_threshold_of_their_costs() -> None:
    truth, probability = drawn(20_000)
    costs = [[0, 1], [5, 0]]

    def cost(threshold: float) -> float:
        return thresholds.mean_cost(truth, (probability >= threshold).astype(int), costs)

    best = thresholds.cheapest_threshold(costs)
    assert cost(best) < min(cost(0.5), cost(0.05))
    labels = thresholds.cheapest_classes(np.column_stack([1 - probability, probability]), costs)
    assert thresholds.mean_cost(truth, labels, costs) == pytest.approx(cost(best))


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
        thresholds.cheapest_threshold(costs)


def test_rare_positives_get_a_threshold_below_one_half_for_f1() -> None:
    truth, probability = drawn()
    found = thresholds.best_threshold(truth, probability, thresholds.SCORES["f1"])
    assert found.value < 0.45
    assert found.score > found.default_score
    assert found.default_score == pytest.approx(f1_score(truth, probability >= 0.5))


@pytest.mark.parametrize("name", thresholds.SCORES)
def test_scores_of_thresholds_are_scikit_learns(name: str) -> None:
    truth, probability = drawn(60)
    probability = probability.round(1)  # with ties
    metric = getattr(metrics, name if name == "matthews_corrcoef" else f"{name}_score")
    found = thresholds.best_threshold(truth, probability, thresholds.SCORES[name])
    assert found.default_score == pytest.approx(metric(truth, probability >= 0.5))
    every = [metric(truth, probability >= value) for value in np.linspace(-0.05, 1.05, 12)]
    assert metric(truth, probability >= found.value) == pytest.approx(max(every))


def test_a_threshold_can_be_chosen_for_costs() -> None:
    truth, probability = drawn(20_000)
    found = thresholds.best_threshold(truth, probability, thresholds.score_of_costs([[0, 1], [5, 0]]))
    assert found.value == pytest.approx(1 / 6, abs=0.03)
    assert found.default_score == pytest.approx(
        -thresholds.mean_cost(truth, (probability >= 0.5).astype(int), [[0, 1], [5, 0]])
    )


def test_the_score_of_a_threshold_is_of_rows_that_did_not_choose_it() -> None:
    generator = np.random.default_rng(3)
    truth, noise = generator.integers(0, 2, 400), generator.random(400)
    found = thresholds.best_threshold(truth, noise, thresholds.SCORES["accuracy"])
    chosen_on_all = accuracy_score(truth, noise >= found.value)
    assert chosen_on_all > 0.5
    assert found.score < chosen_on_all


def test_one_class_has_no_threshold() -> None:
    with pytest.raises(AutoMLError, match="three judged rows of each class"):
        thresholds.best_threshold(np.ones(5, dtype=int), np.linspace(0, 1, 5), thresholds.SCORES["f1"])
