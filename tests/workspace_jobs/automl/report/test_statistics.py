"""What is concluded from fold scores: against scipy where it has the same test, by hand and by simulation elsewhere."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from workspace_jobs.automl.report.findings import statistics

scores = st.integers(2, 6).flatmap(
    lambda folds: st.lists(st.lists(st.floats(0, 1), min_size=folds, max_size=folds), min_size=1, max_size=6).map(
        np.array
    )
)


def test_without_overlap_the_interval_is_students() -> None:
    folds = np.array([0.7, 0.8, 0.75, 0.9])
    expected = stats.t.interval(0.95, 3, loc=folds.mean(), scale=stats.sem(folds))
    assert statistics.interval(folds, 0) == pytest.approx(expected)


def test_shared_training_rows_widen_the_interval() -> None:
    folds = np.array([0.7, 0.8, 0.75, 0.9])
    low, high = statistics.interval(folds, 0)
    wider = statistics.interval(folds, 0.25)
    # Four folds: 1/4 + 1/4 in place of 1/4 of the variance.
    assert np.ptp(wider) == pytest.approx((high - low) * np.sqrt(2))


def test_without_overlap_two_trials_are_compared_as_scipy_does() -> None:
    first, second = np.array([0.7, 0.8, 0.75, 0.9]), np.array([0.72, 0.85, 0.74, 0.95])
    expected = stats.ttest_rel(first, second).pvalue
    assert statistics.same_probability(first, np.array([second]), 0) == pytest.approx([expected])


def test_a_constant_difference_is_a_difference() -> None:
    first = np.array([0.5, 0.75, 1.0])
    assert statistics.same_probability(first, np.array([first, first - 0.25]), 0.25).tolist() == [1, 0]


def test_groups_tell_who_is_worse_from_who_is_as_good() -> None:
    generator = np.random.default_rng(0)
    folds = generator.normal(0, 0.01, 10)
    noise = generator.normal(0, 0.002, (5, 10))
    trials = np.array([0.9, 0.9, 0.8, 0.8, 0.5])[:, None] + folds + noise
    assert statistics.groups(trials, 0.1) == [1, 1, 2, 2, 3]


@given(scores)
def test_every_trial_has_a_group_and_the_best_is_in_the_first(trials: NDArray[np.float64]) -> None:
    found = statistics.groups(trials, 0.2)
    assert sorted(set(found)) == list(range(1, max(found) + 1))
    assert found[int(trials.mean(axis=1).argmax())] == 1


def test_the_best_of_many_coins_is_no_better_than_a_coin() -> None:
    coins = np.random.default_rng(1).binomial(50, 0.5, (300, 10)) / 50
    curse = statistics.winners_curse(coins, ~np.eye(10, dtype=bool))
    assert curse.claimed > 0.55
    assert curse.nested == pytest.approx(0.5, abs=0.03)
    assert curse.optimism == pytest.approx(curse.claimed - curse.nested)


def test_the_nested_score_is_of_the_trial_that_the_other_folds_choose() -> None:
    trials = np.array([[1.0, 0.0, 0.0], [0.0, 0.9, 0.9], [0.51, 0.51, 0.51]])
    # Without the first fold the second trial leads, without the second or third the third (0.51 against 0.5 and 0.45).
    apart = ~np.eye(3, dtype=bool)
    assert statistics.winners_curse(trials, apart).nested == pytest.approx((0.0 + 0.51 + 0.51) / 3)
    # The last two judge the same rows: each has the first alone to choose by, which chooses the first trial.
    apart[1:, 1:] = False
    assert statistics.winners_curse(trials, apart).nested == 0
    assert np.isnan(statistics.winners_curse(trials, np.zeros((3, 3), dtype=bool)).nested)


@given(st.lists(st.tuples(*[st.integers(0, 4)] * 3), min_size=1, max_size=8))
def test_the_front_is_whom_nobody_dominates(costs: list[tuple[int, ...]]) -> None:
    def dominates(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
        return one != other and all(a <= b for a, b in zip(one, other, strict=True))

    expected = [not any(dominates(other, one) for other in costs) for one in costs]
    assert statistics.pareto(np.array(costs, dtype=float)).tolist() == expected
