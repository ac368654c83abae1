"""What a pipeline looks at: SHAP of its columns, or permutation importance where SHAP cannot or would take too long.

SHAP explains what the model sees, which is what preprocessing has made of the columns; the values of everything made of
one column are added up, as SHAP values may be.
"""

import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.ensemble import VotingClassifier

from workspace_jobs.automl.metrics import score_function
from workspace_jobs.automl.predicting import order_of
from workspace_jobs.automl.report.refitted import Refitted

_TREES = ("LGBM", "XGB", "CatBoost", "RandomForest", "ExtraTrees", "HistGradientBoosting", "DecisionTree")
_LINEAR = ("LogisticRegression", "LinearRegression", "Ridge", "Lasso", "ElasticNet")
_ROWS, _FIRST_ROWS, _REPEATS = 200, 10, 5
_CATEGORIES, _GRID = 12, 20
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Explanation:
    """How much each feature weighs, shape (n_features,), the heaviest first, and by which `method`.

    `contributions`, shape (rows, n_features), are signed SHAP values of the second class or of the value, one row for
    each of `rows`; None for permutation importance, and for several classes.
    """

    method: str
    features: tuple[str, ...]
    importance: Values
    rows: pd.DataFrame
    contributions: Values | None = None


@dataclass(frozen=True)
class PartialDependence:
    """What the pipeline answers on average (a probability or a value) when `feature` has each of `values`."""

    feature: str
    values: tuple[float | str, ...]
    answers: Values


def shap_kind(model: type[Any]) -> Literal["trees", "linear"] | None:
    """Which of SHAP's exact methods knows a class of models; None where there is none."""
    name = model.__name__
    if name.startswith(_TREES):
        return "trees"
    return "linear" if name.startswith(_LINEAR) and name != "RidgeClassifier" else None


def explain(fitted: Refitted, *, seconds: float = 10.0) -> Explanation:
    """Explain a pipeline by at most 200 rows that it was not fitted to, in about so many `seconds`."""
    rows = fitted.features.iloc[:_ROWS]
    with warnings.catch_warnings():
        # SHAP's own affairs: what it returned in earlier versions, and what matplotlib will drop.
        warnings.simplefilter("ignore")
        explainer = _explainer(fitted)
        if explainer is None:
            return _by_permutation(fitted, rows, seconds)
        method, shap_values = explainer
        values = np.concatenate(list(_in_time(shap_values, _made(fitted, rows), seconds)))
    if values.ndim == 3 and values.shape[2] == 2:  # noqa: PLR2004 - rows, features and two classes
        values = values[..., 1]
    if _answers_the_other_class(fitted):
        values = -values
    # Features come last, behind the classes where there are several.
    by_feature = np.tensordot(values, _origins(fitted, rows), axes=(1, 0))
    importance = np.abs(by_feature).mean(axis=tuple(range(by_feature.ndim - 1)))
    signed = by_feature if by_feature.ndim == 2 else None  # noqa: PLR2004 - rows and features
    return _heaviest_first(method, rows.iloc[: len(by_feature)], importance, signed)


def partial_dependence(fitted: Refitted, feature: str) -> PartialDependence:
    """The answer for the class that comes last, or the value, with `feature` set to each of its usual values in turn.

    Numbers take up to 20 quantiles between the 5th and the 95th, anything else its 12 most frequent values.
    """
    rows = fitted.features.iloc[:_ROWS]
    values = _usual_values(fitted.features[feature])
    answers = []
    for value in values:
        answer = fitted.predict(_with(rows, feature, value))
        answers.append(answer.mean(axis=0) if answer.ndim == 1 else answer[:, -1].mean())
    shown = tuple(float(value) if isinstance(value, int | float | np.number) else str(value) for value in values)
    return PartialDependence(feature, shown, np.array(answers))


def _with(rows: pd.DataFrame, feature: str, value: Any) -> pd.DataFrame:  # noqa: ANN401 - whatever a table holds
    return rows.assign(**{feature: value})


def _usual_values(column: pd.Series) -> list[object]:
    present = column.dropna()
    if pd.api.types.is_numeric_dtype(present) and not pd.api.types.is_bool_dtype(present) and present.nunique() > _GRID:
        return list(np.unique(np.quantile(present, np.linspace(0.05, 0.95, _GRID))))
    frequent = present.value_counts().index[:_CATEGORIES]
    return sorted(frequent) if pd.api.types.is_numeric_dtype(present) else list(frequent)


def _explainer(fitted: Refitted) -> tuple[str, Callable[[Values], Values]] | None:
    """The method's name, and what gives SHAP values, shape (rows, made features[, classes]); None where SHAP cannot."""
    import shap

    model = fitted.pipeline[-1]
    if isinstance(model, VotingClassifier):
        (model,) = model.estimators_
    kind = shap_kind(type(model))
    if kind == "trees":
        trees = shap.TreeExplainer(model)
        return "SHAP values of trees", lambda made: np.asarray(trees.shap_values(made, check_additivity=False))
    if kind == "linear":
        linear = shap.LinearExplainer(model, _made(fitted, fitted.background.iloc[:_ROWS]))
        return "SHAP values of a linear model", lambda made: np.asarray(linear.shap_values(made))
    return None


def _answers_the_other_class(fitted: Refitted) -> bool:
    """Whether the model has the run's two classes the other way round."""
    classes = fitted.definition.classes
    return len(classes) == 2 and order_of(fitted.pipeline, classes) == [1, 0]  # noqa: PLR2004


def _in_time(shap_values: Callable[[Values], Values], made: Values, seconds: float) -> Iterator[Values]:
    """SHAP values of ten rows, then of twice as many each time while there is time; at least of those ten."""
    end, done, count = time.monotonic() + seconds, 0, _FIRST_ROWS
    while done < len(made):
        began = time.monotonic()
        yield shap_values(made[done : done + count])
        done, count = done + count, 2 * count
        if time.monotonic() + 2 * (time.monotonic() - began) > end:
            return


def _made(fitted: Refitted, rows: pd.DataFrame) -> Values:
    return np.asarray(fitted.pipeline[:-1].transform(rows), dtype=float)


def _origins(fitted: Refitted, rows: pd.DataFrame) -> Values:
    """Which made feature comes of which column: 0 or 1, shape (made features, columns).

    Found by trial: columns are moved by a row, and what changes comes of one of them. Each column has a number, and is
    moved in the trials that are the binary digits of its number, so that few trials tell many columns apart.
    """
    before, moved = _made(fitted, rows), rows.iloc[np.roll(np.arange(len(rows)), 1)]
    numbers = np.zeros(before.shape[1], dtype=int)
    for digit in range(len(rows.columns).bit_length()):
        source = [moved if number >> digit & 1 else rows for number in range(1, len(rows.columns) + 1)]
        mixed = {name: frame[name].array for name, frame in zip(rows.columns, source, strict=True)}
        after = _made(fitted, pd.DataFrame(mixed, index=rows.index))
        changed = ~np.isclose(before, after, rtol=0, atol=0, equal_nan=True).all(axis=0)
        numbers |= changed.astype(int) << digit
    return np.asarray(numbers[:, None] == np.arange(1, len(rows.columns) + 1), dtype=float)


def _by_permutation(fitted: Refitted, rows: pd.DataFrame, seconds: float) -> Explanation:
    """How much the run's metric loses when a column is shuffled: the mean of up to five times, while there is time."""
    definition = fitted.definition
    metric = score_function(definition.metric, definition.problem)
    truth, generator = fitted.truth[: len(rows)], np.random.default_rng(definition.seed)

    def score(features: pd.DataFrame) -> float:
        return float(metric(truth, fitted.predict(features)))

    end, intact = time.monotonic() + seconds, score(rows)
    losses = np.full((_REPEATS, len(rows.columns)), np.nan)
    for repeat, place in np.ndindex(losses.shape):
        if time.monotonic() > end and (repeat, place) > (0, 0):
            break
        column = rows.iloc[:, place]
        shuffled = rows.assign(**{str(column.name): column.array[generator.permutation(len(rows))]})
        losses[repeat, place] = intact - score(shuffled)
    tried = int((~np.isnan(losses[0])).sum())
    method = f"permutation importance: what {definition.metric} loses when a column is shuffled"
    if tried < len(rows.columns):
        method += f"; there was time for {tried} of {len(rows.columns)} columns"
    return _heaviest_first(method, rows.iloc[:, :tried], np.nanmean(losses[:, :tried], axis=0), None)


def _heaviest_first(method: str, rows: pd.DataFrame, importance: Values, signed: Values | None) -> Explanation:
    order = np.argsort(-importance, kind="stable")
    names = tuple(str(name) for name in rows.columns[order])
    return Explanation(method, names, importance[order], rows, None if signed is None else signed[:, order])
