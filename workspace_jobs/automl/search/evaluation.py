"""Fits a candidate and judges it, in the process that was made for it."""

import pickle
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.pipeline import Pipeline

from workspace_jobs.automl.candidates.candidate import Candidate
from workspace_jobs.automl.candidates.pipelines import build, columns_key, takes_weights
from workspace_jobs.automl.metrics import SCALED_ERROR, score_function
from workspace_jobs.automl.predicting import predict
from workspace_jobs.automl.search.columns_cache import ColumnsCache, PreparedColumns
from workspace_jobs.automl.search.material import Material
from workspace_jobs.automl.search.messages import Evaluate, Evaluation

_TRAIN_SAMPLE = 500
# By what name threads are given, the model inside another first.
_THREADS = ("estimator__n_jobs", "estimator__thread_count", "n_jobs", "thread_count")
Rows = NDArray[np.intp]


def evaluate(material: Material, job: Evaluate, cache: ColumnsCache, on_fold: Callable[[int], None]) -> Evaluation:
    """Fit and judge a candidate on every split; `on_fold(folds done)` after each. Writes the predictions.

    One that is out of reach of its rival ends after the split that shows it, and leaves no predictions.
    """
    found = Evaluation({name: [] for name in material.metrics})
    total, times = _nothing_predicted(material)
    for fold, (learn, judge) in enumerate(material.splits):
        pipeline = build(job.candidate, material.schema, seed=material.seed)
        columns = _prepared(material, job, cache, pipeline, fold)
        began = time.perf_counter()
        model = pipeline.named_steps["model"]
        _fit_model(material, model, columns.learn, learn, job.threads)
        fitted = time.perf_counter()
        predicted = predict(model, columns.judge, material.classes)
        found.fit_seconds += columns.fit_seconds + fitted - began
        found.predict_seconds += columns.predict_seconds + time.perf_counter() - fitted
        scale = material.scales[fold] if material.scales else None
        for name in material.metrics:
            found.scores[name].append(score_function(name, material.problem, scale)(material.truth[judge], predicted))
        _refuse_undefined(material, found, judge, scale)
        if fold == 0:
            _look_at_first(found, material, model, columns)
        total[judge] += predicted
        times[judge] += 1
        on_fold(fold + 1)
        found.pruned = _out_of_reach(material, job, found)
        if found.pruned is not None:
            return found
    _write(material, job.number, total, times)
    return found


def fit(material: Material, candidate: Candidate, threads: int) -> Pipeline:
    """The pipeline of `candidate`, fitted to all rows."""
    pipeline = build(candidate, material.schema, seed=material.seed)
    every = np.arange(len(material.target))
    prepared = pipeline.named_steps["columns"].fit_transform(material.features, material.target.to_numpy())
    _fit_model(material, pipeline.named_steps["model"], prepared, every, threads)
    return pipeline


def _prepared(material: Material, job: Evaluate, cache: ColumnsCache, pipeline: Pipeline, fold: int) -> PreparedColumns:
    key = columns_key(job.candidate)
    kept = cache.get(key, fold)
    if kept is not None:
        return kept
    learn, judge = material.splits[fold]
    step = pipeline.named_steps["columns"]
    began = time.perf_counter()
    learned = step.fit_transform(material.features.iloc[learn], material.target.to_numpy()[learn])
    fitted = time.perf_counter()
    judged = step.transform(material.features.iloc[judge])
    ended = time.perf_counter()
    made = PreparedColumns(learned, judged, fitted - began, ended - fitted, len(pickle.dumps(step)))
    cache.put(key, fold, made, job.number)
    return made


def _fit_model(material: Material, model: BaseEstimator, columns: NDArray[Any], rows: Rows, threads: int) -> None:
    known = model.get_params()
    innermost = next((name for name in _THREADS if name in known), None)
    if innermost is not None:
        model.set_params(**{innermost: threads})
    weights = {}
    if material.weights is not None and takes_weights(model):
        weights = {"sample_weight": material.weights[rows]}
    # Values, not a series: some of scikit-learn's meta-estimators take its index for positions.
    model.fit(columns, material.target.to_numpy()[rows], **weights)


def _nothing_predicted(material: Material) -> tuple[NDArray[np.float64], NDArray[Any]]:
    rows = len(material.truth)
    shape: tuple[int, ...] = (rows, len(material.classes)) if material.classes else (rows,)
    return np.zeros(shape), np.zeros((rows, *([1] * (len(shape) - 1))))


def _look_at_first(found: Evaluation, material: Material, model: BaseEstimator, columns: PreparedColumns) -> None:
    found.size_bytes = columns.size_bytes + len(pickle.dumps(model))
    if material.metrics[0] == SCALED_ERROR:  # which rows that were learned from have none of
        return
    learn = material.splits[0][0]
    sample = np.arange(0, len(learn), max(1, len(learn) // _TRAIN_SAMPLE))
    score = score_function(material.metrics[0], material.problem)
    found.train_score = score(material.truth[learn[sample]], predict(model, columns.learn[sample], material.classes))


def _refuse_undefined(material: Material, found: Evaluation, judge: Rows, scale: NDArray[np.float64] | None) -> None:
    """Raise ValueError where the metric has no value for these predictions, though it has one for these rows.

    As a logarithmic error has none for a negative prediction: the folds that are left would flatter.
    """
    metric, truth = material.metrics[0], material.truth[judge]
    if not np.isnan(found.scores[metric][-1]):
        return
    perfect = np.eye(len(material.classes))[truth] if material.classes else truth
    if not np.isnan(score_function(metric, material.problem, scale)(truth, perfect)):
        raise ValueError(f"{metric} has no value for what it predicts on fold {len(found.scores[metric])}")


def _out_of_reach(material: Material, job: Evaluate, found: Evaluation) -> str | None:
    """Why the remaining splits are not worth their time; None where they are."""
    metric = material.metrics[0]
    scores, rival = found.scores[metric], job.rival
    if rival is None or len(scores) == len(material.splits) or not rival.is_out_of_reach_of(scores):
        return None
    theirs = rival.scores[: len(scores)]
    words = f"{metric} {np.mean(scores):.4f} on the first of {len(material.splits)} folds"
    if len(scores) > 1:
        words = f"{metric} {np.mean(scores):.4f} on {len(scores)} of {len(material.splits)} folds"
    return f"{words}, where the best have {np.mean(theirs):.4f}"


def _write(material: Material, number: int, total: NDArray[np.float64], times: NDArray[Any]) -> None:
    """The mean of what was predicted for each row, NaN where nothing was."""
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = total / times
    draft = material.predictions / f"{number}.draft.npy"
    np.save(draft, mean)
    draft.replace(material.predictions / f"{number}.npy")
