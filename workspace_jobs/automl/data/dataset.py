"""The data of a run, made ready: features, target and special columns apart, unusable rows gone, kinds known."""

import hashlib
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api import types

from workspace_jobs.automl.data.columns import infer_schema
from workspace_jobs.automl.data.problem import detect, order_classes
from workspace_jobs.automl.data.schema import Schema
from workspace_jobs.automl.errors import AutoMLError
from workspace_jobs.automl.options import MissingTarget
from workspace_jobs.automl.problem_kinds import AskedProblem, ProblemKind
from workspace_jobs.errors import nearest

# As pandas calls them; lists and the like among them.
_SEVERAL_KINDS = ("mixed", "mixed-integer")


@dataclass(frozen=True)
class Roles:
    """Which column is what. `include` and `exclude` choose among the features; `include` empty means all.

    `positive` is the label of the target that metrics of two classes are about; None to have it chosen.
    """

    target: str
    time: str | None = None
    group: tuple[str, ...] = ()
    weight: str | None = None
    fairness: str | None = None
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    missing_target: MissingTarget = "drop"
    positive: object = None

    @property
    def special(self) -> tuple[str, ...]:
        """Columns that are no features. A fairness column is one, unless it is excluded."""
        return tuple(name for name in (self.target, *self.group, self.weight) if name is not None)


@dataclass(frozen=True)
class Dataset:
    """Rows to learn from. `frame` has every column of the source, and no row without a target.

    `truth` are class numbers (positions in `classes`) or values.
    """

    frame: pd.DataFrame
    roles: Roles
    schema: Schema
    problem: ProblemKind
    classes: tuple[Any, ...]
    notices: tuple[str, ...] = field(default=())

    @property
    def features(self) -> pd.DataFrame:
        """The columns that pipelines see."""
        return self.frame[list(self.schema.features)]

    @property
    def target(self) -> pd.Series:
        """The column to predict."""
        return self.frame[self.roles.target]

    @property
    def truth(self) -> NDArray[Any]:
        """The target as metrics want it."""
        return truth_of(self.target, self.classes)

    @property
    def weights(self) -> NDArray[np.float64] | None:
        """What each row counts, None where all count the same."""
        return None if self.roles.weight is None else self.frame[self.roles.weight].to_numpy(float)

    def column(self, name: str | None) -> pd.Series | None:
        """A special column, None for None."""
        return None if name is None else self.frame[name]

    @property
    def groups(self) -> pd.Series | None:
        """What rows of one group have in common and no others; None where rows are no groups."""
        if not self.roles.group:
            return None
        numbers = self.frame.groupby(list(self.roles.group), sort=True, dropna=False).ngroup()
        return numbers.rename(" and ".join(self.roles.group))

    def digest(self) -> str:
        """What tells these rows from others, in twelve characters."""
        whole = hashlib.sha256()
        # Column by column, and only words as text: a text of every number would take ten times the table's memory.
        for name, column in self.frame.items():
            values = column if types.is_numeric_dtype(column) else column.astype(str)
            whole.update(str(name).encode() + pd.util.hash_pandas_object(values, index=False).to_numpy().tobytes())
        return whole.hexdigest()[:12]


def prepare(frame: pd.DataFrame, roles: Roles, asked: AskedProblem = "auto", source_rows: int | None = None) -> Dataset:
    """Make the rows ready, which may be some of the `source_rows` of the data.

    Raises AutoMLError for data that can't be learned from.
    """
    source_rows = source_rows or len(frame)
    _check_roles(frame, roles)
    frame, notices = _with_target(frame, roles)
    target = frame[roles.target]
    if types.is_float_dtype(target) and np.isinf(target).any():
        raise AutoMLError(f"target {roles.target!r} has infinite values: write numbers, or leave the cells empty")
    if roles.time is not None:
        _check_times(frame[roles.time])
    problem = detect(target, asked)
    schema, told = _timed(frame, roles) if problem.kind == "forecast" else (_kinds(frame, roles, source_rows), [])
    notices += told
    if not schema.features:
        raise AutoMLError("there is no column to learn from besides the target: " + _reasons(schema))
    if schema.left_out:
        notices.append(f"Columns left out: {_reasons(schema)}.")
    classes, positive = order_classes(target, problem.kind, roles.positive)
    return Dataset(frame, roles, schema, problem.kind, classes, (problem.explanation, *positive, *notices))


def truth_of(target: pd.Series, classes: tuple[Any, ...]) -> NDArray[Any]:
    """Class numbers, -1 for a class that is none of `classes`; or the values themselves where there are no classes."""
    if not classes:
        return target.to_numpy(float)
    return np.asarray(pd.Index(classes).get_indexer(pd.Index(target)))


def _check_roles(frame: pd.DataFrame, roles: Roles) -> None:
    columns = list(frame.columns)
    options = {
        "--target": (roles.target,),
        "--time-column": (roles.time,),
        "--group-column": roles.group,
        "--weight-column": (roles.weight,),
        "--fairness-column": (roles.fairness,),
        "--include": roles.include,
        "--exclude": roles.exclude,
    }
    for option, names in options.items():
        for name in names:
            if name is not None and name not in columns:
                raise AutoMLError(f"{option} {name}: the data has no such column; {nearest(name, columns)}")
    if roles.target in roles.exclude:
        raise AutoMLError(f"--exclude {roles.target}: that is the target; leave it out of --exclude")


def _with_target(frame: pd.DataFrame, roles: Roles) -> tuple[pd.DataFrame, list[str]]:
    missing = frame[roles.target].isna()
    count = int(missing.sum())
    if count == len(frame):
        raise AutoMLError(f"target {roles.target!r} has no value at all")
    if count and roles.missing_target == "refuse":
        raise AutoMLError(
            f"{count} rows have no value of {roles.target!r}, the first is row {int(missing.to_numpy().argmax()) + 1}: "
            "fill them in, or write --missing-target drop"
        )
    notices = [f"{count} rows without a value of {roles.target} are left out."] if count else []
    kept = frame[~missing].reset_index(drop=True)
    kept = kept.assign(**{roles.target: _plain(kept[roles.target])})
    if roles.weight is not None:
        _check_weights(kept[roles.weight])
    return kept, notices


def _plain(target: pd.Series) -> pd.Series:
    """Values of one kind that libraries know, and no category that no row has. Raises AutoMLError for several kinds."""
    if isinstance(target.dtype, pd.CategoricalDtype):
        target = target.astype(target.cat.categories.dtype)
    target = target.infer_objects()
    if types.infer_dtype(target) in _SEVERAL_KINDS:
        first = target.iloc[0]
        other = next((value for value in target if type(value) is not type(first)), first)
        raise AutoMLError(
            f"target {target.name!r} has values of several kinds, as {first!r} and {other!r}: write all of them as "
            "text, or all as numbers"
        )
    return target


def _check_weights(weights: pd.Series) -> None:
    if not types.is_numeric_dtype(weights) or weights.isna().any() or (weights < 0).any():
        raise AutoMLError(f"--weight-column {weights.name}: weights must be numbers of 0 or more, in every row")


def _check_times(column: pd.Series) -> None:
    parsed = column if types.is_numeric_dtype(column) else pd.to_datetime(column, errors="coerce", utc=True)
    if parsed.isna().any():
        row = int(parsed.isna().to_numpy().argmax())
        told = f"{column.iloc[row]!r} in row {row + 1} is no time"
        if pd.isna(column.iloc[row]):
            told = f"row {row + 1} has no time"
        raise AutoMLError(f"--time-column {column.name}: {told}; write one, or leave the row out")


def _kinds(frame: pd.DataFrame, roles: Roles, source_rows: int) -> Schema:
    return infer_schema(frame[_features(frame, roles)], source_rows)


def _timed(frame: pd.DataFrame, roles: Roles) -> tuple[Schema, list[str]]:
    """The schema of series to forecast: what else a row has is known of the future where `include` names it."""
    from workspace_jobs.automl.forecasting.timeline import find

    if roles.weight is not None:
        raise AutoMLError(f"--weight-column {roles.weight}: a forecast does not weigh its rows; leave the option out")
    timeline, told = find(frame, roles.target, roles.time, roles.group)
    others = [name for name in frame.columns if name not in {timeline.time, *roles.special, *roles.exclude}]
    known = infer_schema(frame[[name for name in others if name in roles.include]])
    left_out = {name: f"not known of the future, unless --include {name} says so" for name in others}
    left_out = {name: why for name, why in left_out.items() if name not in known.features} | dict(known.left_out)
    if known.features:
        told.append(f"Known in advance: {', '.join(known.features)}. LightGBM looks at it, and nothing else does.")
    time = (timeline.time,)
    is_number = types.is_numeric_dtype(frame[timeline.time])
    schema = replace(
        known,
        numeric=(*(time if is_number else ()), *known.numeric),
        dates=(*(() if is_number else time), *known.dates),
        categorical=(*timeline.series, *known.categorical),
        left_out=left_out,
        timeline=timeline,
    )
    return schema, told


def _features(frame: pd.DataFrame, roles: Roles) -> list[str]:
    wanted = roles.include or tuple(frame.columns)
    return [name for name in wanted if name not in {*roles.exclude, *roles.special}]


def _reasons(schema: Schema) -> str:
    shown = list(schema.left_out.items())[:10]
    more = f", and {len(schema.left_out) - len(shown)} more" if len(schema.left_out) > len(shown) else ""
    return ", ".join(f"{name} ({reason})" for name, reason in shown) + more
