"""Which metric a problem gets, which it may have, and what they say."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from workspace_jobs.automl import metrics
from workspace_jobs.automl.errors import AutoMLError


def test_a_rare_class_changes_the_metric() -> None:
    even, rare = pd.Series([0, 1] * 50), pd.Series([0] * 95 + [1] * 5)
    assert metrics.choose("binary", even).name == "roc_auc"
    assert metrics.choose("binary", rare).name == "average_precision"
    assert "5.0%" in metrics.choose("binary", rare).explanation
    assert metrics.choose("binary", rare, classes=(0, 1)).name == "average_precision"
    assert metrics.choose("binary", rare, classes=(1, 0)).name == "roc_auc"
    assert metrics.choose("multiclass", pd.Series([0, 1, 2] * 30)).name == "accuracy"
    assert metrics.choose("multiclass", pd.Series([0] * 60 + [1] * 30 + [2] * 5)).name == "balanced_accuracy"


@pytest.mark.parametrize(
    ("problem", "metric", "sentence"),
    [
        ("binary", "acuracy", "did you mean `accuracy`"),
        ("binary", "r2", "does not fit a binary problem"),
        ("multiclass", "roc_auc", "did you mean `roc_auc_ov"),
        ("regression", "accuracy", "does not fit a regression problem"),
        ("multiclass", "rand_score", "does not fit"),
    ],
)
def test_a_metric_that_does_not_fit_is_refused(problem: Any, metric: str, sentence: str) -> None:
    with pytest.raises(AutoMLError, match=sentence):
        metrics.choose(problem, pd.Series([0, 1] * 9), metric)


@pytest.mark.parametrize("problem", ["binary", "multiclass", "regression"])
def test_every_fitting_metric_has_a_value_and_knows_better_from_worse(problem: Any) -> None:
    generator = np.random.default_rng(0)
    classes = {"binary": 2, "multiclass": 3}.get(problem, 0)
    truth = generator.integers(0, classes, 60) if classes else generator.random(60) + 1
    good = np.eye(classes)[truth] * 0.8 + 0.2 / classes if classes else truth + 0.01
    bad = np.roll(good, 1, axis=1) if classes else truth[::-1] + 2
    for name in metrics.fitting(problem):
        score = metrics.score_function(name, problem)
        assert score(truth, good) >= score(truth, bad), name


def test_quick_metrics_are_those_of_scikit_learn() -> None:
    from sklearn.metrics import accuracy_score, log_loss, roc_auc_score

    generator = np.random.default_rng(0)
    truth, predicted = generator.integers(0, 3, 50), generator.dirichlet([1, 1, 1], 50)
    assert metrics.score_function("accuracy", "multiclass")(truth, predicted) == pytest.approx(
        accuracy_score(truth, predicted.argmax(axis=1))
    )
    assert metrics.score_function("neg_log_loss", "multiclass")(truth, predicted) == pytest.approx(
        -log_loss(truth, predicted)
    )
    certain = np.eye(3)[(truth + (np.arange(50) == 0)) % 3]  # and wrong once
    assert metrics.score_function("neg_log_loss", "multiclass")(truth, certain) == pytest.approx(
        -log_loss(truth, certain), rel=1e-9
    )
    # Rounded, so that there are ties.
    two, likely = truth % 2, predicted[:, :2].round(1)
    auc = metrics.score_function("roc_auc", "binary")
    assert auc(two, likely) == pytest.approx(roc_auc_score(two, likely[:, 1]))
    assert np.isnan(auc(two * 0, likely))
