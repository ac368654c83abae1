"""Pipelines by column type: they take the table as it is, and load where this package is not."""

import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.workspace_jobs.automl.samples import credit
from workspace_jobs.automl.candidates.candidate import Candidate
from workspace_jobs.automl.candidates.pipelines import build, check
from workspace_jobs.automl.data.dataset import Roles, prepare
from workspace_jobs.automl.data.schema import Schema
from workspace_jobs.automl.errors import AutoMLError

LOGISTIC = "sklearn.linear_model.LogisticRegression"
PREPARED = prepare(credit(), Roles("good"))


@pytest.mark.parametrize(
    "candidate",
    [
        Candidate("linear", "LogisticRegression", LOGISTIC, {"max_iter": 300}, "standard"),
        Candidate("bayes", "NaiveBayes", "sklearn.naive_bayes.GaussianNB", {}, "quantile", "target"),
        Candidate("knn", "KNN", "sklearn.neighbors.KNeighborsClassifier", {}, "minmax", "ordinal"),
        Candidate("boosted", "LightGBM", "lightgbm.LGBMClassifier", {"n_estimators": 10}, "none", "ordinal"),
        Candidate("svm", "SVM", "sklearn.svm.SVC", {}, "standard", "onehot", "sigmoid"),
    ],
    ids=lambda candidate: candidate.name,
)
def test_every_kind_of_column_gaps_and_unseen_values_go_through(candidate: Candidate) -> None:
    pipeline = build(candidate, PREPARED.schema).fit(PREPARED.features, PREPARED.target.to_numpy())
    strange = PREPARED.features.head(4).copy()
    strange["job"] = ["clerk", "astronaut", None, np.nan]
    strange["amount"] = np.nan
    strange["branch"] = "branch on the moon"
    strange["since"] = ["2020-01-01", "someday", None, "2031-12-31"]
    strange["note"] = [None, "", "unheard words only", "paid"]
    probabilities = pipeline.predict_proba(strange)
    assert probabilities.shape == (4, 2)
    assert np.isfinite(probabilities).all()
    assert pipeline.score(PREPARED.features, PREPARED.target) > 0.6


def test_a_pipeline_loads_and_predicts_without_this_package(tmp_path: Path) -> None:
    candidate = Candidate("linear", "LogisticRegression", LOGISTIC, {"max_iter": 300}, "standard")
    pipeline = build(candidate, PREPARED.schema).fit(PREPARED.features, PREPARED.target.to_numpy())
    (tmp_path / "model.pkl").write_bytes(pickle.dumps((pipeline, PREPARED.features)))
    # An entry of None makes every import of the package an error.
    script = (
        "import pickle, sys; sys.modules['workspace_jobs'] = None\n"
        "pipeline, table = pickle.load(open('model.pkl', 'rb')); print(len(pipeline.predict(table)))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "150", done.stderr


def test_a_date_is_expanded_into_what_repeats() -> None:
    frame = pd.DataFrame({"when": ["1970-01-01", "1970-01-08", None], "y": [0, 1, 0]})
    schema = prepare(pd.concat([frame] * 10, ignore_index=True), Roles("y")).schema
    candidate = Candidate("tree", "DecisionTree", "sklearn.tree.DecisionTreeClassifier")
    columns = build(candidate, schema).fit(frame, frame["y"]).named_steps["columns"].transform(frame)
    week = 7 * 86400e9
    # Since 1970, in the day, in the week, in the year; a gap is the median.
    assert columns[:2].tolist() == [[0, 0, 0, 0], [week, 0, 0, week]]
    assert columns[2, 0] == week / 2


@pytest.mark.parametrize(
    ("candidate", "sentence"),
    [
        (Candidate("x", "", "os.system"), "is not a class of sklearn"),
        (Candidate("x", "", "sklearn.svm.SVCC"), "has no class 'SVCC'"),
        (Candidate("x", "", "sklearn.nothing.SVC"), "sklearn.nothing is not installed"),
        (Candidate("x", "", LOGISTIC, {"c": 1}), "does not take these parameters: .*'c'"),
        (Candidate("x", "", "sklearn.svm.SVC"), "add `calibration: sigmoid`"),
        (Candidate("x", "", "sklearn.svm.SVR"), "predicts numbers, and this problem asks for classes"),
    ],
)
def test_a_candidate_that_can_not_be_made_is_told(candidate: Candidate, sentence: str) -> None:
    with pytest.raises(AutoMLError, match=sentence):
        check(candidate, for_classes=True)


def test_text_of_few_words_makes_no_columns_of_rounding_errors() -> None:
    words = np.random.default_rng(0).choice(["red", "green", "blue", "dark"], (60, 5))
    frame = pd.DataFrame({"note": [" ".join(line) for line in words], "y": [0, 1] * 30})
    candidate = Candidate("tree", "DecisionTree", "sklearn.tree.DecisionTreeClassifier")
    columns = build(candidate, Schema(text=("note",))).named_steps["columns"].fit_transform(frame, frame["y"])
    assert 0 < (np.ptp(columns, axis=0) > 0).sum() <= 4 < columns.shape[1]
