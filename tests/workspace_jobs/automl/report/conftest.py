"""Run folders of finished AutoML runs, made once: a few candidates on scikit-learn's own data."""

import importlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris
from threadpoolctl import threadpool_limits

from workspace_jobs.automl.api import run
from workspace_jobs.automl.candidates import definitions as candidates
from workspace_jobs.automl.candidates.candidate import Candidate
from workspace_jobs.automl.data.schema import Schema
from workspace_jobs.automl.run_folder import Definition, RunFolder
from workspace_jobs.automl.trial import Trial

WORDS = ("red", "green", "blue", "dark", "old", "new", "wide")
CLASSIFIERS = (
    Candidate("logistic", "LogisticRegression", "sklearn.linear_model.LogisticRegression", {"C": 0.5}, "standard"),
    Candidate("lightgbm", "LightGBM", "lightgbm.LGBMClassifier", {"n_estimators": 20, "num_leaves": 7}),
    Candidate("neighbors", "KNN", "sklearn.neighbors.KNeighborsClassifier", {"n_neighbors": 5}, "standard"),
    Candidate("svc", "SVM", "sklearn.svm.SVC", {"C": 2.0}, "standard", calibration="sigmoid"),
)
REGRESSORS = (
    Candidate("ridge", "Ridge", "sklearn.linear_model.Ridge", {"alpha": 0.1}, "standard"),
    Candidate("forest <b>", "RandomForest", "sklearn.ensemble.RandomForestRegressor", {"n_estimators": 10}),
)


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> Iterator[None]:
    """Threads of small fits wait for each other where other tests use the cores."""
    importlib.import_module("lightgbm")  # only what is loaded is limited
    with threadpool_limits(1):
        yield


@pytest.fixture(scope="session")
def binary(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """Breast cancer with labels of text, a category and missing values."""
    data = load_breast_cancer(as_frame=True)
    frame = data.data.iloc[:300, :6].copy()
    # So few words that most components of the text are rounding errors, which trees split by like by anything else.
    frame["note"] = [" ".join(words) for words in np.random.default_rng(0).choice(WORDS, (len(frame), 6))]
    frame["ward"] = np.array(["north", "south", "east"])[np.arange(len(frame)) % 3]
    frame.loc[::17, "mean area"] = np.nan
    frame["diagnosis"] = data.target_names[data.target[:300]]
    return finished_run(
        tmp_path_factory.mktemp("binary"), frame, "diagnosis", CLASSIFIERS, fairness_column="ward", validation="2x2"
    )


@pytest.fixture(scope="session")
def multiclass(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """Iris."""
    data = load_iris(as_frame=True)
    return finished_run(tmp_path_factory.mktemp("multiclass"), data.frame, "target", CLASSIFIERS[:2], validation="3")


@pytest.fixture(scope="session")
def regression(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """Diabetes."""
    frame = load_diabetes(as_frame=True).frame
    return finished_run(tmp_path_factory.mktemp("regression"), frame, "target", REGRESSORS, validation="3")


def finished_run(path: Path, frame: pd.DataFrame, target: str, tried: Sequence[Candidate], **options: Any) -> RunFolder:
    """A run of the engine itself that tries these candidates and no other."""
    candidates.write(tried, path / "candidates.yaml")
    out = path / "run"
    wished: dict[str, Any] = {
        "candidates": path / "candidates.yaml",
        "max_trials": len(tried),
        "search": False,
        "seed": 7,
        "out": out,
        # Not what happens to be free on a busy machine: each trial here needs some ten megabytes.
        "memory": 4 * 2**30,
    }
    result = run(frame, target, **wished, **options)
    assert {trial.name: trial.error for trial in result.trials} == dict.fromkeys([one.name for one in tried])
    return RunFolder(out)


def made_up_trial(number: int, folds: Sequence[float], *, metric: str = "roc_auc", **more: Any) -> Trial:
    """A trial whose figures are told instead of measured."""
    told: dict[str, Any] = {"status": "finished", "predict_seconds": 1.0, "size_bytes": 1000, "scores": {metric: folds}}
    return Trial(number, **asdict(CLASSIFIERS[0]), **{**told, **more})


def made_up_run(
    path: Path,
    trials: Sequence[Trial],
    *,
    rows: int = 100,
    frame: pd.DataFrame | None = None,
    predictions: Sequence[NDArray[np.float64]] = (),
    **more: Any,
) -> RunFolder:
    """A run of two classes with told trials; `predictions`, one a trial, are probabilities of the second class."""
    table = pd.DataFrame({"feature": np.arange(rows), "target": np.arange(rows) % 2}) if frame is None else frame
    features = tuple(str(name) for name in table if name != "target")
    folds = more.pop("folds", 2)
    told: dict[str, Any] = {"data": "told", "target": "target", "problem": "binary", "metric": "roc_auc", "seed": 0}
    schema = Schema(numeric=features)
    more = {**told, "classes": (0, 1), "rows": len(table), "digest": "", "validation": "", "schema": schema, **more}
    everything = np.arange(len(table))
    splits = more.pop("splits", None) or (
        [(everything, everything)]
        if folds == 1
        else [(everything[1::2], everything[::2]), (everything[::2], everything[1::2])]
    )
    folder = RunFolder(path)
    folder.create(Definition(**more), splits, table)
    for trial in trials:
        folder.add_trial(trial)
    for number, probability in enumerate(predictions):
        np.save(folder.predictions_folder / f"{number}.npy", np.column_stack([1 - probability, probability]))
    return folder
