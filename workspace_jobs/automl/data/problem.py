"""Which kind of problem a target poses, and why, in words."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from pandas.api import types

from workspace_jobs.automl.errors import AutoMLError
from workspace_jobs.automl.problem_kinds import AskedProblem, ProblemKind
from workspace_jobs.errors import nearest

__all__ = ["RARE", "AskedProblem", "Problem", "detect", "is_classification", "order_classes"]

_MAX_CLASSES = 30
_BINARY = 2
_MAX_CLASS_SHARE = 0.05
_MIN_ROWS = 10
# A class with a smaller share of the rows is rare: it is what a metric should be about.
RARE = 0.1


@dataclass(frozen=True)
class Problem:
    """The kind, and a sentence on why it is this one."""

    kind: ProblemKind
    explanation: str


def detect(target: pd.Series, asked: AskedProblem = "auto") -> Problem:
    """The problem that `target`, without missing values, poses.

    Raises AutoMLError where the target can't be learned, or does not fit what was asked.
    """
    name = target.name
    distinct = int(target.nunique())
    if len(target) < _MIN_ROWS:
        raise AutoMLError(f"there are {len(target)} rows with a value of {name!r}: AutoML needs at least {_MIN_ROWS}")
    if distinct == 1:
        raise AutoMLError(f"target {name!r} has the same value, {target.iloc[0]!r}, in every row: nothing to learn")
    if asked == "auto":
        return _found(target, distinct)
    _check_asked(target, asked, distinct)
    return Problem(asked, f"Problem: {asked}, as asked.")


def is_classification(kind: ProblemKind) -> bool:
    """Whether the target is a class rather than a number."""
    return kind in {"binary", "multiclass"}


def order_classes(target: pd.Series, kind: ProblemKind, positive: object = None) -> tuple[tuple[Any, ...], list[str]]:
    """The labels in the order that predictions have them, none of numbers, and a sentence where there are two.

    Of two classes the positive one is the second: `positive`, as a label or its text, or else the rare one where one
    has less than RARE of the rows, or else the one that sorts last. Raises AutoMLError for a label that is not there,
    or for any where there are not two.
    """
    name = target.name
    classes = tuple(np.unique(target.to_numpy()).tolist()) if is_classification(kind) else ()
    if kind != "binary":
        if positive is not None:
            raise AutoMLError(f"--positive {positive} is for a binary problem, and this is {kind}: leave it out")
        return classes, []
    shares = [float((target == label).mean()) for label in classes]
    if positive is not None:
        chosen, why = _label(positive, classes, name), "as asked"
    elif min(shares) < RARE:
        chosen, why = classes[shares.index(min(shares))], "because it is rare"
    else:
        chosen, why = classes[1], "because it sorts last (--positive names another)"
    told = f"Positive class, for metrics and thresholds: {chosen}, {why}."
    return (*(label for label in classes if label != chosen), chosen), [told]


def _label(positive: object, classes: tuple[Any, ...], name: object) -> object:
    found = [label for label in classes if label == positive or str(positive) in {str(label), _as_whole(label)}]
    if not found:
        known = nearest(str(positive), [str(label) for label in classes])
        raise AutoMLError(f"--positive {positive}: target {name!r} has no such value; {known}")
    return found[0]


def _as_whole(label: object) -> str:
    """1.0 as people write it: of whole numbers beside empty cells, pandas makes such."""
    return f"{label:g}" if isinstance(label, float) else str(label)


def _found(target: pd.Series, distinct: int) -> Problem:
    name = target.name
    is_number = types.is_numeric_dtype(target) and not types.is_bool_dtype(target)
    if distinct == _BINARY:
        return Problem("binary", f"Problem: binary, because {name} has two values.")
    if not is_number:
        _check_classes(target, distinct)
        return Problem("multiclass", f"Problem: multiclass, because {name} has {distinct} values that are no numbers.")
    whole = bool((target % 1 == 0).all())
    if whole and distinct <= min(_MAX_CLASSES, max(3, _MAX_CLASS_SHARE * len(target))):
        told = f"Problem: multiclass, because {name} has only {distinct} values, all whole numbers."
        return Problem("multiclass", told)
    return Problem("regression", f"Problem: regression, because {name} is a number with {distinct} values.")


def _check_asked(target: pd.Series, asked: AskedProblem, distinct: int) -> None:
    name = target.name
    if asked == "binary" and distinct != _BINARY:
        raise AutoMLError(f"--problem binary needs two values, and target {name!r} has {distinct}: write multiclass")
    if asked in {"regression", "forecast"} and not types.is_numeric_dtype(target):
        raise AutoMLError(f"--problem {asked} needs numbers, and target {name!r} is not numeric")
    if asked == "multiclass":
        _check_classes(target, distinct)


def _check_classes(target: pd.Series, distinct: int) -> None:
    if distinct > len(target) / 2:
        raise AutoMLError(
            f"target {target.name!r} has {distinct} values in {len(target)} rows: too many to be classes; "
            "name another target, or a numeric one with --problem regression"
        )
