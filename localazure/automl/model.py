"""The best pipeline as an MLflow model that loads wherever MLflow and scikit-learn are, without this package."""

import logging
import warnings
from importlib.metadata import version
from pathlib import Path

import mlflow.sklearn
import pandas as pd
from mlflow.models import infer_signature
from sklearn.pipeline import Pipeline

from localazure.automl import ENGINE

_EXAMPLE_ROWS = 5
_REQUIREMENTS = ("mlflow", "scikit-learn", "pandas", "numpy", "cloudpickle")


def save_model(pipeline: Pipeline, features: pd.DataFrame, folder: Path) -> None:
    """Write `pipeline` to the new folder `folder`, with the signature and a few rows of `features`."""
    example = features.head(_EXAMPLE_ROWS)
    # That a pickle can hold anything is said to whoever saves one; this one holds what we put in.
    logging.getLogger("mlflow.sklearn").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        # Integer columns that can't hold a missing value: true, and of no use in a job's log.
        warnings.simplefilter("ignore")
        mlflow.sklearn.save_model(
            pipeline,
            str(folder),
            serialization_format="cloudpickle",
            signature=infer_signature(features, pipeline.predict(example)),
            input_example=example,
            # Inferring them would start another process and cost five seconds.
            pip_requirements=[f"{name}=={version(name)}" for name in _REQUIREMENTS],
            metadata={"engine": ENGINE},
        )
