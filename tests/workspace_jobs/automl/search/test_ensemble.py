"""Greedy ensemble selection over out-of-fold predictions."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workspace_jobs.automl.report.conftest import made_up_trial
from workspace_jobs.automl.run_folder import Member
from workspace_jobs.automl.search.ensemble import Judge, combined, select, shortlist

TRUTH = np.array([0, 1] * 20)


def says(*probabilities: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Predictions that give the true class of row i the probability i of `probabilities`, again and again."""
    likely = np.resize(probabilities, len(TRUTH))
    return np.where(TRUTH[:, None] == [0, 1], likely[:, None], 1 - likely[:, None])


def test_two_that_err_on_different_rows_are_better_than_either() -> None:
    predictions = {3: says(0.9, 0.4), 5: says(0.4, 0.9), 7: says(0.3, 0.3)}
    members = select(predictions, Judge.of("accuracy", "binary", TRUTH))
    assert {member.number for member in members} == {3, 5}
    assert (combined(members, predictions).argmax(axis=1) == TRUTH).all()


def test_a_family_that_the_search_has_settled_on_leaves_room_for_others() -> None:
    forests = [replace(made_up_trial(number, [0.9]), algorithm="RandomForest") for number in range(60)]
    others = [replace(made_up_trial(60 + number, [0.8]), algorithm=f"family {number}") for number in range(40)]
    chosen = [trial.number for trial in shortlist([*forests, *others])]
    assert chosen[:8] == list(range(8))
    assert chosen[8:] == list(range(60, 92))


def test_of_equal_accuracy_the_surer_one_is_taken() -> None:
    predictions = {1: says(0.6), 2: says(0.95), 3: says(0.7)}
    assert select(predictions, Judge.of("accuracy", "binary", TRUTH)) == (Member(2, 1.0),)


def test_no_more_is_taken_than_can_be_afforded() -> None:
    predictions = {3: says(0.9, 0.4), 5: says(0.4, 0.9)}
    judge = Judge.of("accuracy", "binary", TRUTH)
    assert len(select(predictions, judge, is_affordable=lambda numbers: len(numbers) < 2)) == 1
    assert len(select(predictions, judge, is_affordable=lambda _: False)) == 1


@given(st.lists(st.lists(st.floats(0.05, 0.95), min_size=2, max_size=5), min_size=1, max_size=5))
def test_an_ensemble_is_never_worse_than_its_best_and_its_shares_make_one(given_likely: list[list[float]]) -> None:
    predictions = {number: says(*likely) for number, likely in enumerate(given_likely)}
    judge = Judge.of("neg_log_loss", "binary", TRUTH)
    members = select(predictions, judge)
    assert sum(member.weight for member in members) == pytest.approx(1)
    best = max(judge.key(predicted) for predicted in predictions.values())
    assert judge.key(combined(members, predictions))[0] >= best[0] - 1e-9
