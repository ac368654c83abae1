"""Reads pandas columns, whatever they hold, into numbers or codes."""

from collections import Counter
from dataclasses import replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api import types

from workspace_jobs.automl.data.columns import reads_as_text
from workspace_jobs.automl.profile.columns import MISSING, Categories, Column, Floats, Kind, Numbers

Objects = npt.NDArray[np.object_]

# What infer_dtype says of objects that are numbers, dates or one kind of label all the same.
_NUMERIC: Final = ("integer", "floating", "mixed-integer-float", "decimal")
_DATES: Final = ("datetime", "datetime64", "date")
_LABELS: Final = ("string", "boolean", "categorical", "bytes", "time", "period", "interval", "timedelta", "empty")
# The largest whole number that a float tells from its neighbours: a longer one measures nothing.
_LONGEST: Final = 2**53
_LOOKED_AT: Final = 500


def read_column(name: str, series: "pd.Series[Any]") -> Column:
    """Read a column of a frame. Numbers as objects become numbers; numbers as text stay text, for a check to tell."""
    dtype = series.dtype
    if isinstance(dtype, pd.SparseDtype):
        return read_column(name, series.astype(dtype.subtype))
    if isinstance(dtype, pd.CategoricalDtype):
        return _of_categorical(name, series)
    if types.is_bool_dtype(dtype):
        return _of_objects(name, series, kind="boolean")
    if types.is_datetime64_any_dtype(dtype) or types.is_timedelta64_dtype(dtype):
        return _of_times(name, series)
    if types.is_numeric_dtype(dtype) and not types.is_complex_dtype(dtype):
        return _of_numbers(name, series)
    return _of_objects(name, series)


def _of_numbers(name: str, series: "pd.Series[Any]") -> Column:
    values = series.to_numpy(dtype=np.float64, na_value=np.nan)
    if types.is_integer_dtype(series.dtype) and len(values) and np.nanmax(np.abs(values), initial=0) > _LONGEST:
        return _of_objects(name, series, kind="category")
    return _numbers(name, "number", str(series.dtype), values)


def _of_times(name: str, series: "pd.Series[Any]") -> Column:
    is_date = types.is_datetime64_any_dtype(series.dtype)
    if is_date and getattr(series.dt, "tz", None) is not None:
        series = series.dt.tz_convert("UTC").dt.tz_localize(None)
    moments = series.to_numpy(dtype="datetime64[ns]" if is_date else "timedelta64[ns]")
    seconds = np.where(np.isnat(moments), np.nan, moments.astype(np.int64) / 1e9)
    return _numbers(name, "date" if is_date else "number", str(series.dtype), seconds)


def _of_categorical(name: str, series: "pd.Series[Any]") -> Column:
    levels = _texts(series.cat.categories.to_numpy(dtype=object))
    return _labels(Categories(name, "category", "category", series.cat.codes.to_numpy().astype(np.int64), levels))


def _of_objects(name: str, series: "pd.Series[Any]", kind: Kind | None = None) -> Column:
    values = series.to_numpy(dtype=object)
    inferred = "labels" if kind else types.infer_dtype(values, skipna=True)
    if inferred in _NUMERIC:
        return _numbers(name, "number", "object", pd.to_numeric(series, errors="coerce").to_numpy(np.float64))
    if inferred in _DATES:
        parsed = pd.to_datetime(series, errors="coerce", utc=True)
        if parsed.isna().sum() == series.isna().sum():
            return _of_times(name, parsed)
    several = () if kind or inferred in _LABELS else _types(values)
    codes, levels = _factorized(values)
    return _labels(Categories(name, kind or _kind(inferred, several), str(series.dtype), codes, levels, several))


def _kind(inferred: str, several: tuple[str, ...]) -> Kind:
    if several:
        return "mixed"
    return "boolean" if inferred == "boolean" else "category"


def _types(values: Objects) -> tuple[str, ...]:
    """The names of the values' types where there are several, or where no table holds such a type in a cell."""
    counted = Counter(type(value).__name__ for value in values[~pd.isna(values)])
    names = tuple(name for name, _ in counted.most_common())
    return names if len(names) > 1 or set(names) & {"list", "dict", "set", "tuple", "ndarray"} else ()


def _factorized(values: Objects) -> tuple[npt.NDArray[np.int64], Objects]:
    try:
        codes, uniques = pd.factorize(values)
    except TypeError:
        # Lists and dictionaries have no hash.
        written = np.array([None if value is None else repr(value) for value in values], dtype=object)
        codes, uniques = pd.factorize(written)
    return codes.astype(np.int64), _texts(uniques)


def _numbers(name: str, kind: Kind, dtype: str, values: Floats) -> Column:
    if np.isnan(values).all():
        return Categories(name, "empty", dtype, np.full(len(values), MISSING), np.array([], dtype=object))
    return Numbers(name, kind, dtype, np.ascontiguousarray(values))


def _labels(column: Categories) -> Categories:
    """The column with the kind that its values give it."""
    if column.missing.all():
        return replace(column, kind="empty")
    is_text = column.kind == "category" and column.dtype != "category" and _reads_as_text(column)
    return replace(column, kind="text") if is_text else column


def _reads_as_text(column: Categories) -> bool:
    """Whether most values are sentences that hardly any other row has."""
    return reads_as_text(column.levels[:_LOOKED_AT].tolist(), column.distinct / int(column.counts.sum()))


def _texts(levels: Objects) -> Objects:
    """Each level as text that every file can be written with."""
    written = np.empty(len(levels), dtype=object)
    written[:] = [level if type(level) is str else str(level) for level in levels]
    try:
        "".join(written).encode()
    except UnicodeEncodeError:
        written[:] = [text.encode("utf-8", "backslashreplace").decode() for text in written]
    return written
