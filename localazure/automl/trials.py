"""One trial: a candidate, fitted and judged on every split, in a process of its own that a time limit can end."""

import multiprocessing
import time
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline
from sklearn.utils.validation import has_fit_parameter  # as above

from localazure.automl.candidates import Candidate, build
from localazure.automl.dataset import Dataset, Table
from localazure.automl.metrics import Array, classification_metrics, regression_metrics
from localazure.automl.task import Task


@dataclass(frozen=True)
class Trial:
    """What came of a candidate: `metrics`, the mean over the splits, or `error`, a sentence on why there are none."""

    candidate: Candidate
    seconds: float
    metrics: Mapping[str, float] = field(default_factory=dict)
    error: str | None = None


def run_trial(task: Task, candidate: Candidate, data: Dataset, seconds: float | None) -> Trial:
    """Try `candidate`, for at most so many seconds. A candidate that fails is a trial with an error."""
    began = time.monotonic()
    receiver, sender = _CONTEXT.Pipe(duplex=False)
    process = _CONTEXT.Process(target=_try, args=(sender, task, candidate, data), daemon=False)
    process.start()
    sender.close()
    try:
        if not receiver.poll(seconds):
            return Trial(candidate, time.monotonic() - began, error=f"it took longer than {seconds:.0f} s")
        metrics, error = receiver.recv()
    except EOFError:
        metrics, error = {}, "its process ended early, perhaps for want of memory"
    finally:
        process.kill()
        process.join()
        receiver.close()
    return Trial(candidate, time.monotonic() - began, metrics, error)


def fit(candidate: Candidate, data: Dataset, table: Table) -> Pipeline:
    """The pipeline of `candidate`, fitted to all of `table`."""
    pipeline = build(candidate, data.numeric, data.categorical)
    weights = {}
    if table.weights is not None and _takes_weights(pipeline):
        weights = {"model__sample_weight": table.weights.to_numpy()}
    return pipeline.fit(table.features, table.target, **weights)


def judge(task: Task, pipeline: Pipeline, table: Table, spread: float) -> Mapping[str, float]:
    """The metrics of a fitted pipeline on `table`; `spread` is the range of the target in all of the data."""
    truth, predicted = table.target.to_numpy(), pipeline.predict(table.features)
    if task.kind == "Regression":
        return regression_metrics(truth, predicted, spread)
    return classification_metrics(truth, predicted, _scores(pipeline, table.features), pipeline.classes_)


def spread_of(task: Task, target: pd.Series) -> float:
    """The range of a regression's target; 1 for a classification's, which has none."""
    return float(target.max() - target.min()) if task.kind == "Regression" else 1.0


def _context() -> multiprocessing.context.ForkServerContext:
    """Trials are forked from a process that has imported all this and has no threads, so it is quick and safe."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


_CONTEXT = _context()


def _try(sender: Connection, task: Task, candidate: Candidate, data: Dataset) -> None:
    warnings.filterwarnings("ignore")
    try:
        sender.send((_mean_metrics(task, candidate, data), None))
    # Whatever a candidate stumbles over must not end the search.
    except Exception as error:
        sender.send(({}, f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"))


def _mean_metrics(task: Task, candidate: Candidate, data: Dataset) -> dict[str, float]:
    spread = spread_of(task, data.train.target)
    results = []
    for learn, test in data.splits:
        pipeline = fit(candidate, data, _rows(data.train, learn))
        results.append(judge(task, pipeline, _rows(data.train, test), spread))
    return {name: float(np.nanmean([result[name] for result in results])) for name in results[0]}


def _rows(table: Table, rows: "np.ndarray[Any, np.dtype[np.intp]]") -> Table:
    weights = None if table.weights is None else table.weights.iloc[rows]
    return Table(table.features.iloc[rows], table.target.iloc[rows], weights)


def _takes_weights(pipeline: Pipeline) -> bool:
    return bool(has_fit_parameter(pipeline.named_steps["model"], "sample_weight"))


def _scores(pipeline: Pipeline, features: pd.DataFrame) -> Array:
    """One column a class, the higher the more likely; a probability where the model has one."""
    if hasattr(pipeline, "predict_proba"):
        return np.asarray(pipeline.predict_proba(features))
    decision = np.asarray(pipeline.decision_function(features))
    return np.column_stack([-decision, decision]) if decision.ndim == 1 else decision
