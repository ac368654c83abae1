"""The figures of a trial, by name, from what it predicted out of fold."""

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray
from sklearn.metrics import confusion_matrix
from sklearn.model_selection import learning_curve as measure_learning_curve
from sklearn.pipeline import Pipeline
from sklearn.utils import estimator_html_repr

from workspace_jobs.automl.candidates.pipelines import build
from workspace_jobs.automl.data.dataset import truth_of
from workspace_jobs.automl.forecasting import backtesting
from workspace_jobs.automl.forecasting.intervals import BackTest
from workspace_jobs.automl.forecasting.timeline import steps_of
from workspace_jobs.automl.metrics import SCALED_ERROR, score_function
from workspace_jobs.automl.predicting import predict
from workspace_jobs.automl.report.predictions import judged, predictions_of, truth
from workspace_jobs.automl.run_folder import Member, RunFolder
from workspace_jobs.automl.trial import Trial
from workspace_jobs.evaluation import classifiers, estimators, regressors
from workspace_jobs.evaluation.classes import one_vs_rest

_SHARES, _SPLITS = (0.1, 0.33, 0.66, 1.0), 3
# As many fits of all rows do its fits of some come to.
_LEARNING_CURVE_FITS = _SPLITS * sum(_SHARES)


def figures_of(folder: RunFolder, parts: Sequence[Member]) -> dict[str, Figure]:
    """The figures of a trial (one member) or of the run's model, by name; no pipeline is fitted."""
    definition, predictions = folder.definition(), predictions_of(folder, parts)
    rows = judged(predictions)
    target, predictions = truth(folder)[rows], predictions[rows]
    if not definition.classes:
        return {**_over_time(folder, rows, predictions), "residuals": regressors.residuals(target, predictions)}
    labels = [str(label) for label in definition.classes]
    found = [*range(len(labels))]
    classes = one_vs_rest(target, predictions, found)
    named = [type(one)(labels[int(one.label)], one.is_class, one.score) for one in classes]
    matrix = confusion_matrix(target, predictions.argmax(axis=1), labels=found)
    return {
        "roc_curve": classifiers.roc_curve(named),
        "precision_recall_curve": classifiers.precision_recall_curve(named),
        "confusion_matrix": classifiers.confusion_matrix(matrix, labels),
        "calibration_curve": classifiers.calibration_curve(named),
    }


def _over_time(folder: RunFolder, rows: NDArray[Any], predictions: NDArray[Any]) -> dict[str, Figure]:
    """Of a forecast, what was predicted from each origin and what came."""
    timeline = folder.definition().schema.timeline
    if timeline is None:
        return {}
    times = folder.train()[timeline.time].iloc[rows]
    if timeline.frequency:
        times = pd.to_datetime(times, utc=True)
    steps, target, splits = steps_of(timeline).fit_transform(folder.train()), truth(folder), folder.splits()
    whole = np.full(len(target), np.nan)
    whole[rows] = predictions
    found = BackTest.of(steps, target, whole, splits, timeline.season_length)
    widths = backtesting.of_rows(found.unseen_half_widths(), splits, len(target))
    assert widths is not None
    return {"forecast": regressors.forecast(times, target[rows], predictions, widths[rows])}


def learning_curve(folder: RunFolder, trial: Trial) -> Figure:
    """The run's metric over the number of rows that the trial's pipeline learns from: twelve fits, on three splits."""
    definition, train = folder.definition(), folder.train()
    # An error that is scaled by what was known in a split has no meaning for a part of its rows.
    name = "neg_mean_absolute_error" if definition.metric == SCALED_ERROR else definition.metric
    metric = score_function(name, definition.problem)

    def score(pipeline: Pipeline, features: pd.DataFrame, target: NDArray[Any]) -> float:
        predicted = predict(pipeline, features, definition.classes)
        return metric(truth_of(pd.Series(target), definition.classes), predicted)

    with warnings.catch_warnings():
        # That rows are few is what is asked here.
        warnings.simplefilter("ignore")
        sizes, train_scores, test_scores = measure_learning_curve(
            pipeline_of(folder, trial),
            train[list(definition.schema.features)],
            train[definition.target].to_numpy(),
            cv=folder.splits()[:_SPLITS],
            train_sizes=_SHARES,
            scoring=score,
        )
    return estimators.learning_curve(sizes, train_scores, test_scores)


def learning_curve_seconds(trial: Trial) -> float:
    """How long the fits of the learning curve take, by those of the trial."""
    folds = max(len(values) for values in trial.scores.values())
    return trial.fit_seconds / folds * _LEARNING_CURVE_FITS


def diagram(folder: RunFolder, trial: Trial) -> str:
    """The trial's pipeline as scikit-learn draws it, in HTML that needs nothing else."""
    return str(estimator_html_repr(pipeline_of(folder, trial)))


def pipeline_of(folder: RunFolder, trial: Trial) -> Pipeline:
    """The trial's pipeline, unfitted."""
    definition = folder.definition()
    return build(trial.candidate, definition.schema, seed=definition.seed)
