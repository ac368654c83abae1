"""Calibration of probabilities whose truth is known."""

import numpy as np
import pytest
from sklearn.metrics import log_loss

from tests.workspace_jobs.automl.decisions.test_thresholds import drawn
from workspace_jobs.automl.decisions.calibration import calibration, expected_calibration_error


def both(probability: np.ndarray) -> np.ndarray:
    return np.column_stack([1 - probability, probability])


def test_exaggerated_probabilities_are_cooled_down() -> None:
    truth, probability = drawn(4000)
    logit = np.log(probability / (1 - probability))
    exaggerated = 1 / (1 + np.exp(-3 * logit))
    found = calibration(truth, both(exaggerated))
    assert found.method == "temperature"
    assert found.losses["none"] == pytest.approx(log_loss(truth, exaggerated))
    assert found.losses["temperature"] == pytest.approx(log_loss(truth, probability), abs=0.01)
    assert log_loss(truth, found.unseen) == pytest.approx(found.losses["temperature"])


def test_probabilities_that_are_right_are_hardly_bettered() -> None:
    truth, probability = drawn(4000, seed=5)
    found = calibration(truth, both(probability))
    assert found.losses[found.method] == pytest.approx(found.losses["none"], abs=0.003)
    assert expected_calibration_error(truth, probability) < 0.03


def test_few_rows_get_no_free_curve() -> None:
    truth, probability = drawn(300)
    assert "isotonic" not in calibration(truth, both(probability)).losses


def test_noise_is_not_made_to_look_like_knowledge() -> None:
    """No class follows from these probabilities: what unseen rows get is no likelier than a coin."""
    generator = np.random.default_rng(0)
    truth, noise = generator.integers(0, 2, 400), generator.random(400)
    assert log_loss(truth, calibration(truth, both(noise)).unseen) > 0.69


def test_the_calibration_error_is_the_mean_distance_of_the_bins() -> None:
    truth, probability = np.array([0, 1, 1, 1]), np.array([0.2, 0.4, 0.6, 0.8])
    assert expected_calibration_error(truth, probability, n_bins=2) == pytest.approx((0.2 + 0.3) / 2)
