"""Run folders of finished AutoML runs, made once: a few candidates on scikit-learn's own data."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris

from workspace_jobs.automl import candidates
from workspace_jobs.automl.api import run
from workspace_jobs.automl.candidate import Candidate
from workspace_jobs.automl.run_folder import RunFolder

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
    return finished_run(tmp_path_factory.mktemp("binary"), frame, "diagnosis", CLASSIFIERS, fairness_column="ward")


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


def finished_run(path: Path, frame: pd.DataFrame, target: str, tried: Sequence[Candidate], **options: Any) -> RunFolder:
    """A run of the engine itself that tries these candidates and no other."""
    candidates.write(tried, path / "candidates.yaml")
    out = path / "run"
    wished = {"candidates": path / "candidates.yaml", "max_trials": len(tried), "search": False, "seed": 7, "out": out}
    run(frame, target, **wished, **options)
    return RunFolder(out)
