"""Which rows judge, and what of a table that judges is told before anything is trained."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workspace_jobs.automl.samples import credit
from workspace_jobs.automl.errors import AutoMLError
from workspace_jobs.automl.options import Options
from workspace_jobs.automl.preparation import Prepared, prepare_run
from workspace_jobs.automl.validation import Asked, Rows, plan


def prepared(frame: pd.DataFrame, **options: Any) -> Prepared:
    return prepare_run(frame, Options(**{"target": "good", **options}))


def test_times_written_as_text_are_in_the_order_of_time() -> None:
    days = pd.date_range("2019-06-01", periods=150)
    frame = credit().assign(day=days.strftime("%m/%d/%Y")).sample(frac=1, random_state=0).reset_index(drop=True)
    for learn, judge in prepared(frame, time_column="day").splits:
        when = pd.to_datetime(frame["day"], format="%m/%d/%Y")
        assert when[learn].max() < when[judge].min()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"time_column": "since", "group_column": "branch"}, "--time-column and --group-column exclude each other"),
        ({"time_column": "since", "validation": "5x3"}, "folds by --time-column are not repeated"),
        ({"group_column": "branch", "validation": "5x3"}, "folds by --group-column are not repeated"),
        ({"validation": "0.999"}, "--validation 0.999 leaves none of 150 rows to learn from"),
        ({"group_column": "job", "validation": "0.9"}, "leaves none of 3 groups to learn from"),
        ({"fairness_column": "branch"}, "--fairness-column branch: it makes 55 groups"),
        ({"time_column": "amount"}, "has no time; write one"),
        ({"test": credit(20).assign(good="maybe")}, "--test: target 'good' is maybe, and in the training data no, yes"),
        ({"test": credit(20).assign(good=None)}, "--test has no row with a value of 'good'"),
        ({"test": credit(20).assign(amount="oops")}, "--test: column 'amount' has numbers in the training data"),
        (
            {"test": credit(20).assign(amount=np.inf)},
            "--test: column 'amount' has numbers in the training data, and inf",
        ),
        ({"target": "amount", "test": credit(20).assign(amount="oops")}, "--test: column 'amount' has numbers"),
    ],
)
def test_what_can_not_be_judged_by_is_told_before_anything_is_trained(options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(AutoMLError) as refused:
        prepared(credit(), **options)
    assert sentence in str(refused.value)


def test_few_rows_are_held_out_whatever_the_classes() -> None:
    ((learn, judge),) = prepared(credit(), validation="0.005").splits
    assert (len(learn), len(judge)) == (149, 1)


def test_rows_of_a_class_that_nothing_was_learned_of_are_counted() -> None:
    test = credit(20)
    test.loc[:2, "good"] = "maybe"
    told = prepared(credit(), test=test).explanations
    assert "3 rows of --test judge nothing: the training data have no class maybe." in told


@given(st.integers(2, 6), st.integers(1, 3), st.integers(20, 60), st.booleans())
def test_folds_judge_each_row_once_a_round_and_never_learn_from_it(
    folds: int, repeats: int, count: int, classified: bool
) -> None:
    classes = np.arange(count) % 2 if classified else None
    splits = plan(Rows(count, classes), Asked(folds, repeats), 0).splits
    assert len(splits) == folds * repeats
    judged = np.concatenate([judge for _, judge in splits])
    assert sorted(judged) == sorted(list(range(count)) * repeats)
    assert all(set(learn).isdisjoint(judge) for learn, judge in splits)


def test_groups_stay_together_and_time_goes_forward() -> None:
    groups = pd.Series(np.arange(60) % 12, name="who")
    for learn, judge in plan(Rows(60, groups=groups), Asked(folds=4), 0).splits:
        assert set(groups[learn]).isdisjoint(groups[judge])
    times = pd.Series(np.random.default_rng(0).permutation(60), name="when")
    for learn, judge in plan(Rows(60, times=times), Asked(folds=4), 0).splits:
        assert times[learn].max() < times[judge].min()


def test_times_that_are_text_are_in_the_order_of_time() -> None:
    days = pd.date_range("2024-09-25", periods=20)
    times = pd.Series(days.strftime("%m/%d/%Y").str.lstrip("0"), name="when")
    for learn, judge in plan(Rows(20, times=times), Asked(folds=4), 0).splits:
        assert days[learn].max() < days[judge].min()


def test_few_rows_are_judged_twice_and_many_once() -> None:
    assert len(plan(Rows(500), Asked(), 0).splits) == 10
    assert len(plan(Rows(500), Asked(), 0, seconds=10).splits) == 5
    assert len(plan(Rows(30_000), Asked(), 0).splits) == 3
    assert len(plan(Rows(200_000), Asked(), 0).splits) == 1


@pytest.mark.parametrize("text", ["1", "0", "5x0", "1.5", "0%", "100%", "nothing.csv", "5x", "-1"])
def test_a_validation_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(AutoMLError, match="write a number of folds"):
        Asked.parse(text)


def test_validations_are_read() -> None:
    assert Asked.parse("5x3") == Asked(folds=5, repeats=3)
    assert Asked.parse("0.2") == Asked(share=0.2)
    assert Asked.parse("20%") == Asked(share=0.2)


def test_more_folds_than_rows_or_groups_are_refused() -> None:
    with pytest.raises(AutoMLError, match="500-fold cross-validation needs 500 rows, and there are 30"):
        plan(Rows(30), Asked(folds=500), 0)
    with pytest.raises(AutoMLError, match="5 folds need as many groups, and 'who' has 2"):
        plan(Rows(30, groups=pd.Series([0, 1] * 15, name="who")), Asked(folds=5), 0)
