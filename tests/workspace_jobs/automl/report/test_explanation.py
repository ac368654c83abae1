"""SHAP values add up to what the model answers, also where preprocessing has made many columns of one."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.inspection import permutation_importance

from tests.workspace_jobs.automl.report.conftest import made_up_run, made_up_trial
from workspace_jobs.automl.report.findings.explanation import explain, partial_dependence
from workspace_jobs.automl.report.refitted import Refitted, refit
from workspace_jobs.automl.run_folder import RunFolder

pytestmark = pytest.mark.xdist_group("automl-report")


@cache
def fitted(folder: RunFolder, name: str) -> Refitted:
    return refit(folder, next(trial for trial in folder.trials() if trial.name == name))


@pytest.mark.parametrize("name", ["logistic", "lightgbm"])
def test_shap_values_of_the_columns_add_up_to_the_margin(name: str, binary: RunFolder) -> None:
    one = fitted(binary, name)
    found = explain(one)
    assert found.contributions is not None
    if name == "logistic":
        margin = one.pipeline.decision_function(found.rows)
    else:
        margin = one.pipeline["model"].predict(one.pipeline["columns"].transform(found.rows), raw_score=True)
    offset = margin - found.contributions.sum(axis=1)
    assert offset == pytest.approx(np.full(len(offset), offset.mean()), abs=1e-6)
    assert set(found.features) == set(one.features.columns)
    assert found.importance == pytest.approx(np.abs(found.contributions).mean(axis=0))
    assert list(found.importance) == sorted(found.importance, reverse=True)


def test_contributions_are_to_the_positive_class_whichever_the_model_has_last(binary: RunFolder) -> None:
    one = fitted(binary, "logistic")
    last, first = one.definition.classes[::-1]
    other = replace(one, definition=replace(one.definition, classes=(last, first)))
    to_last, to_first = explain(one).contributions, explain(other).contributions
    assert to_last is not None
    assert to_first == pytest.approx(-to_last)


def test_shap_values_of_a_forest_add_up_to_the_prediction(regression: RunFolder) -> None:
    one = fitted(regression, "forest <b>")
    found = explain(one)
    assert found.contributions is not None
    offset = one.predict(found.rows) - found.contributions.sum(axis=1)
    assert offset == pytest.approx(np.full(len(offset), offset.mean()), abs=1e-6)


def test_several_classes_have_importances_and_no_single_contribution(multiclass: RunFolder) -> None:
    found = explain(fitted(multiclass, "lightgbm"))
    assert found.contributions is None
    assert found.features[0].startswith("petal")
    assert found.importance[0] > 0


def test_without_shap_the_columns_are_shuffled(binary: RunFolder) -> None:
    one = fitted(binary, "neighbors")
    found = explain(one)
    assert found.method.startswith("permutation importance: what roc_auc loses")
    weights = dict(zip(found.features, found.importance, strict=True))
    expected = permutation_importance(one.pipeline, one.features, one.truth == 1, scoring=scored, n_repeats=10)
    for name, value in zip(one.features.columns, expected.importances_mean, strict=True):
        assert weights[name] == pytest.approx(value, abs=0.05)
    assert weights["ward"] < found.importance[0]


def test_a_table_that_is_sorted_is_explained_by_rows_of_every_class(tmp_path: Path) -> None:
    """The first rows of such a table are of one class, of which no metric can say anything."""
    frame = pd.DataFrame({"feature": np.arange(1200.0), "target": np.repeat([0, 1], 600)})
    trial = made_up_trial(0, [0.5, 0.5])
    one = refit(made_up_run(tmp_path, [trial], frame=frame), trial)
    assert set(one.truth[:200]) == {0, 1}
    assert set(frame["target"][one.background.index[:200]]) == {0, 1}
    assert (one.truth == frame["target"][one.features.index]).all()


def scored(pipeline: Any, rows: Any, is_malignant: Any) -> float:
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(is_malignant, pipeline.predict_proba(rows)[:, 1]))


def test_when_time_is_short_fewer_rows_or_columns_are_explained(binary: RunFolder) -> None:
    assert len(explain(fitted(binary, "lightgbm"), seconds=0).rows) == 10
    short = explain(fitted(binary, "neighbors"), seconds=0)
    assert len(short.features) == 1
    assert "time for 1 of 8 columns" in short.method


def test_partial_dependence_is_the_mean_answer_with_the_feature_set(binary: RunFolder) -> None:
    one = fitted(binary, "logistic")
    found = partial_dependence(one, "mean texture")
    value, answer = found.values[3], found.answers[3]
    expected = one.predict(one.features.assign(**{"mean texture": value}))[:, 1].mean()
    assert answer == pytest.approx(expected)
    assert list(found.answers) == sorted(found.answers)


def test_partial_dependence_of_a_category_has_its_values(binary: RunFolder) -> None:
    found = partial_dependence(fitted(binary, "logistic"), "ward")
    assert set(found.values) == {"north", "south", "east"}
    assert len(set(found.answers)) == 3


def test_the_grid_of_many_values_stays_within_what_is_usual(regression: RunFolder) -> None:
    one = fitted(regression, "ridge")
    wide = replace(one, features=one.features.assign(bmi=np.r_[1e6, one.features["bmi"].to_numpy()[1:]]))
    values = [value for value in partial_dependence(wide, "bmi").values if isinstance(value, float)]
    assert len(values) <= 20
    assert max(values) < 1
