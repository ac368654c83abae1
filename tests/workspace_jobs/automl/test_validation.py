"""Which rows judge, and what of a table that judges is told before anything is trained."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.workspace_jobs.automl.samples import credit
from workspace_jobs.automl.errors import AutoMLError
from workspace_jobs.automl.options import Options
from workspace_jobs.automl.preparation import Prepared, prepare_run


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
