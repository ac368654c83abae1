"""The pipelines that are tried: read from candidates.toml, chosen by the task, fitted to the columns of a table."""

import importlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from localazure.automl.errors import AutoMLError
from localazure.automl.task import Task

_FILE = Path(__file__).with_name("candidates.toml")
# A text column with more distinct values than this, and than half its rows, is a name or an id: it says nothing.
_MAX_DISTINCT = 50


@dataclass(frozen=True)
class Candidate:
    """One way to make a model. `algorithm` is Azure's name, `estimator` the full name of scikit-learn's class."""

    algorithm: str
    estimator: str
    parameters: Mapping[str, object] = field(default_factory=dict)
    scaled: bool = False
    max_rows: int | None = None


@dataclass(frozen=True)
class Choice:
    """What is tried, in order, and the sentences on what is not."""

    candidates: tuple[Candidate, ...]
    notices: tuple[str, ...]


def choose(task: Task, rows: int) -> Choice:
    """The candidates of `task` for a table of so many rows. Raises AutoMLError when none is left."""
    with _FILE.open("rb") as file:
        known = [Candidate(**raw) for raw in tomllib.load(file)[task.kind]]
    names = {candidate.algorithm for candidate in known}
    wanted = [c for c in known if (not task.allowed or c.algorithm in task.allowed) and c.algorithm not in task.blocked]
    chosen = tuple(c for c in wanted if c.max_rows is None or rows <= c.max_rows)
    notices = [f"{name} is not available here and is left out." for name in sorted(task.allowed - names)]
    notices += [f"{c.algorithm} is left out: it is too slow for {rows} rows." for c in wanted if c not in chosen]
    if not chosen:
        raise AutoMLError(
            f"No training algorithm is left for this {task.kind} task; local AutoML has {', '.join(sorted(names))}."
        )
    return Choice(chosen[: task.max_trials], tuple(notices))


def usable_columns(features: pd.DataFrame) -> tuple[list[str], list[str]]:
    """The numeric and the categorical columns; dates, and texts that differ in most rows, are neither."""
    numeric = [str(name) for name in features.select_dtypes("number").columns]
    categorical = []
    for name in features.select_dtypes(["object", "string", "category", "bool"]).columns:
        distinct = features[name].nunique()
        if distinct <= max(_MAX_DISTINCT, len(features) // 2):
            categorical.append(str(name))
    return numeric, categorical


def build(candidate: Candidate, numeric: list[str], categorical: list[str]) -> Pipeline:
    """A pipeline that takes the table as it is. It holds scikit-learn's classes only, so it loads without ours."""
    numbers = [("fill", SimpleImputer(strategy="median"))]
    if candidate.scaled:
        numbers.append(("scale", StandardScaler()))
    # A missing category is a category of its own.
    categories = OneHotEncoder(handle_unknown="infrequent_if_exist", max_categories=_MAX_DISTINCT, sparse_output=False)
    columns = ColumnTransformer([("numeric", Pipeline(numbers), numeric), ("categorical", categories, categorical)])
    module, _, name = candidate.estimator.rpartition(".")
    model = getattr(importlib.import_module(module), name)(**candidate.parameters)
    return Pipeline([("columns", columns), ("model", model)])
