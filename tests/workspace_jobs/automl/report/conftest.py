"""Run folders of finished AutoML runs, made once: real fits of a few candidates on scikit-learn's own data."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris

from workspace_jobs.automl import metrics, validation
from workspace_jobs.automl.candidate import Candidate
from workspace_jobs.automl.dataset import Roles, prepare
from workspace_jobs.automl.problem import is_classification
from workspace_jobs.automl.report.refitted import material_of
from workspace_jobs.automl.run_folder import Definition, Member, Outcome, RunFolder
from workspace_jobs.automl.search.evaluation import evaluate
from workspace_jobs.automl.trial import Trial

CLASSIFIERS = (
    Candidate("logistic", "LogisticRegression", "sklearn.linear_model.LogisticRegression", {"C": 0.5}, "standard"),
    Candidate("lightgbm", "LightGBM", "lightgbm.LGBMClassifier", {"n_estimators": 20, "num_leaves": 7}),
    Candidate("neighbors", "KNN", "sklearn.neighbors.KNeighborsClassifier", {"n_neighbors": 5}, "standard"),
    Candidate("svc", "SVM", "sklearn.svm.SVC", {"C": 2.0}, "standard", calibration="sigmoid"),
)
REGRESSORS = (
    Candidate("ridge", "Ridge", "sklearn.linear_model.Ridge", {"alpha": 0.1}, "standard"),
    Candidate("forest", "RandomForest", "sklearn.ensemble.RandomForestRegressor", {"n_estimators": 10}),
)


@pytest.fixture(scope="session")
def binary(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """Breast cancer with labels of text, a category and missing values."""
    data = load_breast_cancer(as_frame=True)
    frame = data.data.iloc[:300, :6].copy()
    frame["ward"] = np.array(["north", "south", "east"])[np.arange(len(frame)) % 3]
    frame.loc[::17, "mean area"] = np.nan
    frame["diagnosis"] = data.target_names[data.target[:300]]
    return finished_run(tmp_path_factory.mktemp("binary"), frame, "diagnosis", CLASSIFIERS)


@pytest.fixture(scope="session")
def multiclass(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """Iris."""
    data = load_iris(as_frame=True)
    return finished_run(tmp_path_factory.mktemp("multiclass"), data.frame, "target", CLASSIFIERS[:2])


@pytest.fixture(scope="session")
def regression(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """Diabetes."""
    frame = load_diabetes(as_frame=True).frame
    return finished_run(tmp_path_factory.mktemp("regression"), frame, "target", REGRESSORS)


def finished_run(
    path: Path,
    frame: pd.DataFrame,
    target: str,
    candidates: Sequence[Candidate],
    *,
    asked: str = "auto",
) -> RunFolder:
    data = prepare(frame, Roles(target))
    classes = data.truth if is_classification(data.problem) else None
    plan = validation.plan(validation.Rows(len(data.frame), classes), validation.Asked.parse(asked), seed=7)
    definition = Definition(
        data="a table",
        target=target,
        problem=data.problem,
        metric=metrics.choose(data.problem, data.target).name,
        schema=data.schema,
        classes=data.classes,
        rows=len(data.frame),
        seed=7,
        digest=data.digest(),
        validation=plan.words,
        explanations=data.notices,
    )
    folder = RunFolder(path)
    folder.create(definition, plan.splits, data.frame)
    for number, candidate in enumerate(candidates):
        folder.add_trial(tried(number, candidate, folder))
    folder.write_outcome(Outcome((Member(0, 0.5), Member(1, 0.5)), {}, "every candidate was tried", 1.0))
    return folder


def tried(number: int, candidate: Candidate, folder: RunFolder) -> Trial:
    """A trial as the engine makes it, its predictions written."""
    found = evaluate(material_of(folder), candidate, number, 1, lambda _: None)
    return Trial(number, **asdict(candidate), status="finished", **asdict(found))
