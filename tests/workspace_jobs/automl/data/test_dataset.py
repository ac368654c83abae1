"""What AutoML decides of a table by itself: kinds of columns, problem, classes; and what it refuses."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.workspace_jobs.automl.samples import LINEAR, credit
from workspace_jobs.automl import metrics
from workspace_jobs.automl.candidates.candidate import Candidate
from workspace_jobs.automl.candidates.pipelines import build
from workspace_jobs.automl.data.dataset import Roles, prepare
from workspace_jobs.automl.data.problem import detect
from workspace_jobs.automl.errors import AutoMLError
from workspace_jobs.automl.options import Options
from workspace_jobs.automl.preparation import prepare_run
from workspace_jobs.automl.run_folder import RunFolder


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


@pytest.mark.parametrize(
    ("target", "asked", "positive", "why"),
    [
        (["bad", "good"] * 30, None, "good", "it sorts last"),
        (["bad", "good"] * 30, "bad", "bad", "as asked"),
        (["fraud"] * 5 + ["normal"] * 55, None, "fraud", "it is rare"),
        (["fraud"] * 5 + ["normal"] * 55, "normal", "normal", "as asked"),
        ([0, 1] * 30, "0", 0, "as asked"),
        ([True, False] * 30, False, False, "as asked"),
        ([True, False] * 30, "False", False, "as asked"),
        ([0, 1] * 30, np.int64(0), 0, "as asked"),
        ([0.0, 1.0, None] * 20, "0", 0.0, "as asked"),  # as CSV has 0 and 1 beside empty cells
    ],
)
def test_the_positive_class_is_the_one_asked_for_the_rare_one_or_the_last(
    target: list[object], asked: object, positive: object, why: str
) -> None:
    dataset = prepare(pd.DataFrame({"x": np.arange(60) % 7, "y": target}), Roles("y", positive=asked))
    assert dataset.classes[1] == positive
    assert (dataset.truth == 1).tolist() == [label == positive for label in target if label is not None]
    assert any(f"{positive}, " in told and why in told for told in dataset.notices)


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        (["bad", "good"] * 30, "--positive god: target 'y' has no such value; did you mean `good`"),
        (["a", "b", "c"] * 20, "--positive god is for a binary problem, and this is multiclass"),
        (np.linspace(0, 1, 60), "--positive god is for a binary problem, and this is regression"),
    ],
)
def test_a_positive_class_that_can_not_be_is_refused(target: Any, sentence: str) -> None:
    with pytest.raises(AutoMLError, match=sentence):
        prepare(pd.DataFrame({"x": np.arange(60) % 7, "y": target}), Roles("y", positive="god"))


def test_a_run_is_written_down_whatever_type_its_positive_class_is_told_in(tmp_path: Path) -> None:
    frame, options = pd.DataFrame({"x": np.arange(60) % 7, "y": [0, 1] * 30}), Options(target="y", positive=np.int64(0))
    prepared, folder = prepare_run(frame, options), RunFolder(tmp_path / "run")
    folder.create(prepared.definition(options, "table"), prepared.splits, frame)
    assert folder.definition().classes == (1, 0)


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
