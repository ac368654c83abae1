"""The data of a task, made ready: features and target apart, unusable rows and columns gone, splits decided."""

import difflib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.model_selection import (
    KFold,
    StratifiedKFold,
    train_test_split,
)

from localazure.automl.candidates import usable_columns
from localazure.automl.errors import AutoMLError
from localazure.automl.tables import read_table
from localazure.automl.task import Task

# Azure's own choice where the task makes none: many folds for few rows, one split for many.
_FEW_ROWS, _MANY_ROWS = 1_000, 20_000
_FOLDS_FOR_FEW, _FOLDS = 10, 3
_HELD_OUT = 0.1

Indices = NDArray[np.intp]
Split = tuple[Indices, Indices]


@dataclass(frozen=True)
class Table:
    """Rows to learn from or to be judged on. `weights` is None where all rows count the same."""

    features: pd.DataFrame
    target: pd.Series
    weights: pd.Series | None


@dataclass(frozen=True)
class Dataset:
    """All that a search needs: the rows, how to split them, and which columns to use.

    `splits` are pairs of row numbers of `train`, to learn from and to judge by.
    """

    train: Table
    test: Table | None
    splits: tuple[Split, ...]
    split_name: str
    numeric: list[str]
    categorical: list[str]
    notices: tuple[str, ...]


def load(task: Task, folder: Path) -> Dataset:
    """The data in `folder`: `training_data`, and where they are `validation_data` and `test_data`.

    Raises AutoMLError for data that the task can't be done with.
    """
    frame = read_table(folder / "training_data")
    _check_columns(task, frame)
    rows = len(frame)
    frame = frame.dropna(subset=[task.target]).reset_index(drop=True)
    notices = [f"{rows - len(frame)} rows without a value of {task.target} are left out."] * (len(frame) < rows)
    train = _table(task, frame)
    _check_target(task, train.target)
    validation = _optional(task, folder / "validation_data")
    if validation is None:
        splits, name = _splits(task, train.target)
    else:
        splits, name = _given_split(train, validation), "the validation data"
        train = _joined(train, validation)
    numeric, categorical = usable_columns(train.features)
    left_out = [str(column) for column in train.features if column not in {*numeric, *categorical}]
    if left_out:
        notices.append(f"Columns left out, because they are dates or differ in most rows: {', '.join(left_out)}.")
    if not numeric and not categorical:
        raise AutoMLError("The training data has no column to learn from besides the target.")
    return Dataset(train, _optional(task, folder / "test_data"), splits, name, numeric, categorical, tuple(notices))


def _check_columns(task: Task, frame: pd.DataFrame) -> None:
    for column in filter(None, (task.target, task.weights)):
        if column not in frame.columns:
            nearest = difflib.get_close_matches(column, list(frame.columns), n=1)
            hint = f"write {nearest[0]!r}" if nearest else f"it has {', '.join(list(frame.columns)[:10])}"
            raise AutoMLError(f"The training data has no column {column!r}; {hint}.")


def _check_target(task: Task, target: pd.Series) -> None:
    if task.kind == "Regression" and not pd.api.types.is_numeric_dtype(target):
        raise AutoMLError(f"The target {task.target!r} is not numeric, which Regression needs.")
    if target.nunique() <= 1:
        raise AutoMLError(f"The target {task.target!r} has the same value in every row: there is nothing to learn.")


def _table(task: Task, frame: pd.DataFrame) -> Table:
    weights = frame[task.weights] if task.weights else None
    features = frame.drop(columns=[name for name in (task.target, task.weights) if name])
    return Table(features, frame[task.target], weights)


def _optional(task: Task, folder: Path) -> Table | None:
    if not folder.is_dir():
        return None
    frame = read_table(folder)
    _check_columns(task, frame)
    return _table(task, frame.dropna(subset=[task.target]).reset_index(drop=True))


def _given_split(train: Table, validation: Table) -> tuple[Split, ...]:
    rows, more = len(train.target), len(validation.target)
    return ((np.arange(rows), np.arange(rows, rows + more)),)


def _joined(train: Table, validation: Table) -> Table:
    weights = None
    if train.weights is not None and validation.weights is not None:
        weights = pd.concat([train.weights, validation.weights], ignore_index=True)
    return Table(
        pd.concat([train.features, validation.features], ignore_index=True),
        pd.concat([train.target, validation.target], ignore_index=True),
        weights,
    )


def _splits(task: Task, target: pd.Series) -> tuple[tuple[Split, ...], str]:
    if task.folds is not None:
        return _folds(task, target, task.folds)
    if task.validation_size:
        return _held_out(task, target, task.validation_size)
    if len(target) > _MANY_ROWS:
        return _held_out(task, target, _HELD_OUT)
    return _folds(task, target, _FOLDS_FOR_FEW if len(target) < _FEW_ROWS else _FOLDS)


def _folds(task: Task, target: pd.Series, folds: int) -> tuple[tuple[Split, ...], str]:
    if folds > len(target):
        raise AutoMLError(f"{folds}-fold cross-validation needs {folds} rows; the training data has {len(target)}.")
    kind = StratifiedKFold if _can_stratify(task, target, folds) else KFold
    splitter = kind(n_splits=folds, shuffle=True, random_state=0)
    return tuple(splitter.split(target, target)), f"{folds}-fold cross-validation"


def _held_out(task: Task, target: pd.Series, size: float) -> tuple[tuple[Split, ...], str]:
    rows = np.arange(len(target))
    by = target if _can_stratify(task, target, 2) else None
    learn, judge = train_test_split(rows, test_size=size, random_state=0, stratify=by)
    return ((learn, judge),), f"{size:.0%} of the training data, held out"


def _can_stratify(task: Task, target: pd.Series, members: int) -> bool:
    return task.kind == "Classification" and int(target.value_counts().min()) >= members
