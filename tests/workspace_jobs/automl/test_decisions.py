"""What AutoML decides of a table by itself: kinds of columns, problem, metric, validation; and what it refuses."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workspace_jobs.automl.samples import LINEAR, credit
from workspace_jobs.automl import metrics
from workspace_jobs.automl.candidates.candidate import Candidate
from workspace_jobs.automl.candidates.pipelines import build
from workspace_jobs.automl.data.dataset import Roles, prepare
from workspace_jobs.automl.data.problem import detect
from workspace_jobs.automl.errors import AutoMLError
from workspace_jobs.automl.validation import Asked, Rows, plan


def test_columns_are_told_apart_by_what_they_hold() -> None:
    schema = prepare(credit(), Roles("good", weight="importance")).schema
    assert schema.numeric == ("amount",)
    assert schema.categorical == ("job", "owner")
    assert schema.high_cardinality == ("branch",)
    assert schema.dates == ("since",)
    assert schema.text == ("note",)
    assert list(schema.left_out) == ["name"]


def test_columns_of_no_use_are_left_out_with_the_reason() -> None:
    frame = credit().assign(
        empty=None,
        one=3,
        row=range(150),
        lists=pd.Series([[1]] * 150, dtype=object),
        took=pd.Timedelta(days=1),
        same="x",
    )
    left_out = prepare(frame, Roles("good")).schema.left_out
    assert "no value" in left_out["empty"]
    assert "same value" in left_out["one"]
    assert "same value" in left_out["same"]
    assert "numbers the rows" in left_out["row"]
    assert "neither numbers" in left_out["lists"]
    assert "neither numbers" in left_out["took"]


@pytest.mark.parametrize(
    ("change", "roles", "sentence"),
    [
        ({}, Roles("god"), "--target god: the data has no such column; did you mean `good`"),
        ({}, Roles("good", weight="importnce"), "did you mean `importance`"),
        ({}, Roles("good", exclude=("good",)), "--exclude good: that is the target"),
        ({}, Roles("good", include=("amont",)), "did you mean `amount`"),
        ({"good": "yes"}, Roles("good"), "same value, 'yes', in every row"),
        ({"good": None}, Roles("good"), "has no value at all"),
        ({"amount": np.inf}, Roles("good"), "column 'amount' has infinite values, the first in row 1"),
        ({"amount": [*map(str, range(149)), "many"]}, Roles("good"), "mixes numbers and text: 'many' in row 150"),
        ({"importance": -1.0}, Roles("good", weight="importance"), "weights must be numbers of 0 or more"),
        ({}, Roles("name"), "150 values in 150 rows: too many to be classes"),
        ({"good": ["yes", None] * 75}, Roles("good", missing_target="refuse"), "75 rows have"),
        ({"when": "soon"}, Roles("good", time="when"), "'soon' in row 1 is no time"),
        ({"when": float("nan")}, Roles("good", time="when"), "row 1 has no time"),
    ],
)
def test_data_that_can_not_be_learned_from_is_told_in_a_sentence(
    change: dict[str, Any], roles: Roles, sentence: str
) -> None:
    with pytest.raises(AutoMLError, match=sentence):
        prepare(credit().assign(**change), roles)


@pytest.mark.parametrize(
    ("target", "classes"),
    [
        (np.array([True, None, False] * 20, dtype=object), (False, True)),  # as CSV has it
        (pd.Categorical([True, False] * 30), (False, True)),
        (pd.Categorical(["p", "q"] * 30, categories=["p", "q", "r"]), ("p", "q")),
        (pd.array([1, 2] * 30, dtype="Int64"), (1, 2)),
        (pd.array([True, False] * 30, dtype="boolean"), (False, True)),
        (["Yes", "no"] * 30, ("Yes", "no")),
    ],
)
def test_a_target_of_any_type_is_classes_that_can_be_learned(target: Any, classes: tuple[object, ...]) -> None:
    dataset = prepare(pd.DataFrame({"x": np.arange(60) % 7, "y": target}), Roles("y"))
    assert dataset.classes == classes
    assert set(dataset.truth) == {0, 1}
    assert metrics.choose(dataset.problem, dataset.target).name == "roc_auc"
    fitted = build(LINEAR, dataset.schema).fit(dataset.features, dataset.target.to_numpy())
    assert tuple(fitted.classes_.tolist()) == classes


def test_a_target_of_several_kinds_is_refused() -> None:
    with pytest.raises(AutoMLError, match="target 'y' has values of several kinds, as 1 and 's'"):
        prepare(pd.DataFrame({"x": range(60), "y": [1, "s"] * 30}), Roles("y"))


def test_three_rows_are_too_few() -> None:
    with pytest.raises(AutoMLError, match="there are 3 rows"):
        prepare(credit(3), Roles("good"))


def test_rows_without_a_target_are_dropped_and_counted() -> None:
    frame = credit()
    frame.loc[:9, "good"] = None
    dataset = prepare(frame, Roles("good"))
    assert len(dataset.frame) == 140
    assert "10 rows without a value of good are left out." in dataset.notices


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ([0, 1] * 50, "binary"),
        (["a", "b", "c", "d"] * 25, "multiclass"),
        ([1, 2, 3, 4] * 25, "multiclass"),
        ([1.5, 2.5, 3.25, 4.0] * 25, "regression"),
        (list(range(100)), "regression"),
    ],
)
def test_the_problem_is_found(target: list[Any], kind: str) -> None:
    assert detect(pd.Series(target, name="y")).kind == kind


@pytest.mark.parametrize(("asked", "sentence"), [("binary", "needs two values"), ("regression", "needs numbers")])
def test_a_problem_that_the_target_does_not_pose_is_refused(asked: Any, sentence: str) -> None:
    with pytest.raises(AutoMLError, match=sentence):
        detect(pd.Series(["a", "b", "c"] * 9, name="y"), asked)


def test_a_rare_class_changes_the_metric() -> None:
    even, rare = pd.Series([0, 1] * 50), pd.Series([0] * 95 + [1] * 5)
    assert metrics.choose("binary", even).name == "roc_auc"
    assert metrics.choose("binary", rare).name == "average_precision"
    assert "5.0%" in metrics.choose("binary", rare).explanation
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


def test_a_hundred_thousand_categories_and_five_thousand_columns_go_through() -> None:
    generator = np.random.default_rng(0)
    many = pd.DataFrame({"code": generator.integers(0, 100_000, 120_000).astype(str), "y": generator.random(120_000)})
    dataset = prepare(many, Roles("y"))
    assert dataset.schema.high_cardinality == ("code",)
    ridge = Candidate("ridge", "Ridge", "sklearn.linear_model.Ridge", {}, "standard")
    fitted = build(ridge, dataset.schema).fit(dataset.features, dataset.target.to_numpy())
    assert np.isfinite(fitted.predict(dataset.features.head(5))).all()

    wide = pd.DataFrame(generator.normal(size=(60, 5000))).rename(columns=str).assign(y=[0, 1] * 30)
    dataset = prepare(wide, Roles("y"))
    assert len(dataset.schema.numeric) == 5000
    fitted = build(LINEAR, dataset.schema).fit(dataset.features, dataset.target.to_numpy())
    assert fitted.predict_proba(dataset.features.head(5)).shape == (5, 2)
