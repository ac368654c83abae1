"""Fits a trial's pipeline once more, for what needs a fitted one; the run itself keeps its model alone."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from workspace_jobs.automl.candidates.pipelines import build, takes_weights
from workspace_jobs.automl.predicting import predict
from workspace_jobs.automl.report.predictions import truth
from workspace_jobs.automl.run_folder import Definition, RunFolder
from workspace_jobs.automl.trial import Trial


@dataclass(frozen=True)
class Refitted:
    """A pipeline fitted to the rows that the first fold learns from.

    `features` and `truth` (class numbers or values) are those of the rows that the fold judges; `background` are
    features of the rows it was fitted to. All are in random order: of a table that is sorted, the first rows may be of
    one class alone.
    """

    pipeline: Pipeline
    features: pd.DataFrame
    truth: NDArray[Any]
    background: pd.DataFrame
    definition: Definition

    def predict(self, features: pd.DataFrame) -> NDArray[np.float64]:
        """A number a row, or a probability a row and class."""
        return predict(self.pipeline, features, self.definition.classes)


def refit(folder: RunFolder, trial: Trial) -> Refitted:
    """The trial's pipeline as its first fold had it: fitted to these rows, and judged by those."""
    definition, train = folder.definition(), folder.train()
    learn, judge = folder.splits()[0]
    features = train[list(definition.schema.features)]
    pipeline = build(trial.candidate, definition.schema, seed=definition.seed)
    weights = _weights(definition, train, pipeline, learn)
    pipeline.fit(features.iloc[learn], train[definition.target].to_numpy()[learn], **weights)
    generator = np.random.default_rng(definition.seed)
    shown, behind = generator.permutation(judge), generator.permutation(learn)
    return Refitted(pipeline, features.iloc[shown], truth(folder)[shown], features.iloc[behind], definition)


def _weights(
    definition: Definition, train: pd.DataFrame, pipeline: Pipeline, rows: NDArray[np.intp]
) -> dict[str, NDArray[np.float64]]:
    if definition.weight is None or not takes_weights(pipeline["model"]):
        return {}
    return {"model__sample_weight": train[definition.weight].to_numpy(float)[rows]}
