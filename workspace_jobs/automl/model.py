"""The model of a run: one pipeline or a vote of several, of scikit-learn's classes, saved as an MLflow model."""

import logging
import shutil
import warnings
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.ensemble import VotingClassifier, VotingRegressor
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import LabelEncoder
from sklearn.utils import Bunch

_EXAMPLE_ROWS = 5
_REQUIREMENTS = ("mlflow", "scikit-learn", "pandas", "numpy", "cloudpickle")
_WHERE_USED = ("lightgbm", "xgboost", "catboost", "statsmodels")


def assemble(
    pipelines: Sequence[tuple[str, Pipeline]],
    weights: Sequence[float],
    classes: tuple[Any, ...],
    *,
    always_vote: bool = False,
) -> BaseEstimator:
    """The model that these fitted pipelines, by name, make together; a single one is the model itself.

    With `always_vote` it is a vote, too: one that has probabilities and no `decision_function`.
    """
    if len(pipelines) == 1 and not always_vote:
        return pipelines[0][1]
    # Fitted already, so the vote takes them as they are rather than fit them once more.
    if classes:
        model = VotingClassifier(list(pipelines), voting="soft", weights=list(weights))
        model.le_ = LabelEncoder().fit(pipelines[0][1].classes_)
        model.classes_ = model.le_.classes_
    else:
        model = VotingRegressor(list(pipelines), weights=list(weights))
    model.estimators_ = [pipeline for _, pipeline in pipelines]
    model.named_estimators_ = Bunch(**dict(pipelines))
    return model


def save(model: BaseEstimator, parts: Sequence[Pipeline], features: pd.DataFrame, folder: Path, engine: str) -> None:
    """Write `model`, made of the pipelines `parts`, with its signature and a few rows of `features`.

    What was in `folder` is replaced.
    """
    import cloudpickle
    import mlflow.sklearn
    from mlflow.models import infer_signature

    from workspace_jobs.automl.decisions import least_cost
    from workspace_jobs.automl.forecasting import forecasters

    # With the model, so that it loads where this package is not installed.
    for ours in (forecasters, least_cost):
        cloudpickle.register_pickle_by_value(ours)

    example = features.head(_EXAMPLE_ROWS)
    # That a pickle can hold anything is said to whoever saves one; this one holds what we put in.
    logging.getLogger("mlflow.sklearn").setLevel(logging.ERROR)
    draft = folder.with_name(f"{folder.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    with warnings.catch_warnings():
        # Integer columns that can't hold a missing value: true, and of no use in a log.
        warnings.simplefilter("ignore")
        mlflow.sklearn.save_model(
            model,
            str(draft),
            serialization_format="cloudpickle",
            signature=infer_signature(features, model.predict(example)),
            input_example=example,
            # Inferring them would start another process and cost five seconds.
            pip_requirements=requirements(parts),
            metadata={"engine": engine},
        )
    shutil.rmtree(folder, ignore_errors=True)
    draft.rename(folder)


def requirements(parts: Sequence[Pipeline]) -> list[str]:
    """The packages, pinned, that loading a model of these pipelines needs."""
    made = [step for part in parts for step in part.get_params(deep=True).values() if hasattr(step, "get_params")]
    used = {type(step).__module__.partition(".")[0] for step in made}
    if "workspace_jobs" in used:
        used |= {"lightgbm", "statsmodels"}
    return [_pinned(name) for name in (*_REQUIREMENTS, *(name for name in _WHERE_USED if name in used))]


def _pinned(name: str) -> str:
    try:
        return f"{name}=={version(name)}"
    except PackageNotFoundError:  # the same modules, without a GPU's
        return f"{name}-cpu=={version(f'{name}-cpu')}"
