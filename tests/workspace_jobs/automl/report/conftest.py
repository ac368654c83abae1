"""Run folders of finished AutoML runs, made once: real fits of a few candidates on scikit-learn's own data."""

import pickle
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris

from workspace_jobs.automl import metrics, pipelines, validation
from workspace_jobs.automl.candidate import Candidate
from workspace_jobs.automl.dataset import Roles, prepare
from workspace_jobs.automl.problem import is_classification
from workspace_jobs.automl.run_folder import Definition, Member, Outcome, RunFolder
from workspace_jobs.automl.trial import Trial

CLASSIFIERS = (
    Candidate("logistic", "LogisticRegression", "sklearn.linear_model.LogisticRegression", {"C": 0.5}, "standard"),
    Candidate("lightgbm", "LightGBM", "lightgbm.LGBMClassifier", {"n_estimators": 20, "num_leaves": 7}),
    Candidate("neighbors", "KNN", "sklearn.neighbors.KNeighborsClassifier", {"n_neighbors": 5}, "standard"),
    Candidate("svc", "SVM", "sklearn.svm.SVC", {"C": 2.0}, "standard"),
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
    return finished_run(tmp_path_factory.mktemp("binary"), frame, "diagnosis", CLASSIFIERS, fairness="ward")


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
    fairness: str | None = None,
    asked: str = "auto",
) -> RunFolder:
    data = prepare(frame, Roles(target, fairness=fairness))
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
        fairness=fairness,
        explanations=data.notices,
    )
    folder = RunFolder(path)
    folder.create(definition, plan.splits, data.frame)
    for number, candidate in enumerate(candidates):
        folder.add_trial(*tried(number, candidate, definition, data, plan))
    folder.write_outcome(Outcome((Member(0, 0.5), Member(1, 0.5)), {}, "every candidate was tried", 1.0))
    return folder


def tried(number: int, candidate: Candidate, definition: Definition, data: Any, plan: validation.Plan) -> Any:
    """A trial and its out-of-fold predictions."""
    pipeline = pipelines.build(candidate, data.schema, seed=definition.seed)
    names = metrics.shown(definition.problem, definition.metric)
    shape = (definition.rows, len(definition.classes)) if definition.classes else (definition.rows,)
    total, times, started = np.zeros(shape), np.zeros(definition.rows), time.time()
    scores: dict[str, list[float]] = {name: [] for name in names}
    train_score = None
    for learn, judge in plan.splits:
        fitted = clone(pipeline).fit(data.features.iloc[learn], data.truth[learn])
        predict = fitted.predict_proba if definition.classes else fitted.predict
        predicted = predict(data.features.iloc[judge])
        total[judge] += predicted
        times[judge] += 1
        for name in names:
            scores[name].append(metrics.score_function(name, definition.problem)(data.truth[judge], predicted))
        if train_score is None:
            metric = metrics.score_function(definition.metric, definition.problem)
            train_score = metric(data.truth[learn], predict(data.features.iloc[learn]))
    with np.errstate(invalid="ignore"):
        predictions = total / (times[:, None] if definition.classes else times)
    trial = Trial(
        number,
        **asdict(candidate),
        status="finished",
        scores=scores,
        train_score=train_score,
        fit_seconds=0.5,
        predict_seconds=0.01 * (number + 1),
        size_bytes=len(pickle.dumps(fitted)),
        started=started,
        ended=time.time(),
    )
    return trial, predictions
