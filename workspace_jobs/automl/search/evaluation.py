"""Fits a candidate and judges it, in the process that was made for it."""

import pickle
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline
from sklearn.utils.validation import has_fit_parameter

from workspace_jobs.automl.candidate import Candidate
from workspace_jobs.automl.metrics import score_function
from workspace_jobs.automl.pipelines import build
from workspace_jobs.automl.search.material import Material
from workspace_jobs.automl.search.messages import Evaluation

_TRAIN_SAMPLE = 500
Rows = NDArray[np.intp]


def evaluate(
    material: Material, candidate: Candidate, number: int, threads: int, on_fold: Callable[[int], None]
) -> Evaluation:
    """Fit and judge `candidate` on every split; `on_fold(folds done)` after each. Writes the predictions."""
    found = Evaluation({name: [] for name in material.metrics})
    total, times = _nothing_predicted(material)
    for done, (learn, judge) in enumerate(material.splits, start=1):
        began = time.perf_counter()
        pipeline = fit(material, candidate, threads, learn)
        fitted = time.perf_counter()
        predicted = predict(material, pipeline, judge)
        found.fit_seconds += fitted - began
        found.predict_seconds += time.perf_counter() - fitted
        for name in material.metrics:
            found.scores[name].append(score_function(name, material.problem)(material.truth[judge], predicted))
        if done == 1:
            _look_at_first(found, material, pipeline, learn)
        total[judge] += predicted
        times[judge] += 1
        on_fold(done)
    _write(material, number, total, times)
    return found


def fit(material: Material, candidate: Candidate, threads: int, rows: Rows | None = None) -> Pipeline:
    """The pipeline of `candidate`, fitted to `rows`, or to all of them."""
    pipeline = build(candidate, material.schema, seed=material.seed)
    _use_threads(pipeline, threads)
    chosen = np.arange(len(material.target)) if rows is None else rows
    weights = {}
    if material.weights is not None and has_fit_parameter(pipeline.named_steps["model"], "sample_weight"):
        weights = {"model__sample_weight": material.weights[chosen]}
    return pipeline.fit(material.features.iloc[chosen], material.target.iloc[chosen], **weights)


def predict(material: Material, pipeline: Pipeline, rows: Rows) -> NDArray[np.float64]:
    """A number a row, or a probability a row and class; 0 for a class that the pipeline never saw."""
    features = material.features.iloc[rows]
    if not material.classes:
        return np.asarray(pipeline.predict(features), dtype=float).reshape(len(rows))
    found = np.asarray(pipeline.predict_proba(features), dtype=float)
    if found.shape[1] == len(material.classes):
        return found
    whole = np.zeros((len(rows), len(material.classes)))
    whole[:, [material.classes.index(name) for name in pipeline.classes_.tolist()]] = found
    return whole


def _use_threads(pipeline: Pipeline, threads: int) -> None:
    model = pipeline.named_steps["model"]
    for name in ("n_jobs", "estimator__n_jobs"):
        if name in model.get_params():
            model.set_params(**{name: threads})


def _nothing_predicted(material: Material) -> tuple[NDArray[np.float64], NDArray[Any]]:
    rows = len(material.truth)
    shape: tuple[int, ...] = (rows, len(material.classes)) if material.classes else (rows,)
    return np.zeros(shape), np.zeros((rows, *([1] * (len(shape) - 1))))


def _look_at_first(found: Evaluation, material: Material, pipeline: Pipeline, learn: Rows) -> None:
    sample = learn[:: max(1, len(learn) // _TRAIN_SAMPLE)]
    score = score_function(material.metrics[0], material.problem)
    found.train_score = score(material.truth[sample], predict(material, pipeline, sample))
    found.size_bytes = len(pickle.dumps(pipeline))


def _write(material: Material, number: int, total: NDArray[np.float64], times: NDArray[Any]) -> None:
    """The mean of what was predicted for each row, NaN where nothing was."""
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = total / times
    draft = material.predictions / f"{number}.draft.npy"
    np.save(draft, mean)
    draft.replace(material.predictions / f"{number}.npy")
