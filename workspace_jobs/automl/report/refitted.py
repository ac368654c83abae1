"""Fits a trial's pipeline once more, for what needs a fitted one; the run itself keeps its model alone."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from workspace_jobs.automl.metrics import shown
from workspace_jobs.automl.report.predictions import truth
from workspace_jobs.automl.run_folder import RunFolder
from workspace_jobs.automl.search import evaluation
from workspace_jobs.automl.search.material import Material
from workspace_jobs.automl.trial import Trial


@dataclass(frozen=True)
class Refitted:
    """A pipeline fitted to the rows that the first fold learns from.

    `features` and `truth` (class numbers or values) are those of the rows that the fold judges; `background` are
    features of the rows it was fitted to.
    """

    pipeline: Pipeline
    features: pd.DataFrame
    truth: NDArray[Any]
    background: pd.DataFrame
    material: Material

    def predict(self, features: pd.DataFrame) -> NDArray[np.float64]:
        """A number a row, or a probability a row and class."""
        return evaluation.predict(replace(self.material, features=features), self.pipeline, np.arange(len(features)))


def refit(folder: RunFolder, trial: Trial, *, threads: int = 1) -> Refitted:
    """The trial's pipeline as its first fold had it: fitted to these rows, and judged by those."""
    material = material_of(folder)
    learn, judge = material.splits[0]
    pipeline = evaluation.fit(material, trial.candidate, threads, learn)
    features = material.features
    return Refitted(pipeline, features.iloc[judge], material.truth[judge], features.iloc[learn], material)


def material_of(folder: RunFolder) -> Material:
    """What every trial of the run worked on."""
    definition, train = folder.definition(), folder.train()
    return Material(
        features=train[list(definition.schema.features)],
        target=train[definition.target],
        truth=truth(folder),
        weights=None if definition.weight is None else train[definition.weight].to_numpy(float),
        splits=folder.splits(),
        schema=definition.schema,
        problem=definition.problem,
        classes=definition.classes,
        metrics=shown(definition.problem, definition.metric),
        seed=definition.seed,
        predictions=folder.predictions_folder,
    )
