"""Looks at columns and says of what kind each is, and which are of no use and why."""

from collections.abc import Sequence
from statistics import fmean
from typing import Any

import pandas as pd
from pandas.api import types

from workspace_jobs.automl.data.schema import Schema
from workspace_jobs.automl.errors import AutoMLError

# More categories than this are too many for a column each.
FEW_CATEGORIES = 40
# Words of which so many rows have one of their own are names or ids.
ID_SHARE = 0.95
_SAMPLE = 500
_DATE_SHARE = 0.95
_ID_ROWS = 30
_TEXT_WORDS = 3.5
_TEXT_DISTINCT = 0.3
_MIXED_SHARE = 0.95


def infer_schema(features: pd.DataFrame, source_rows: int | None = None) -> Schema:
    """The kind of every column. Raises AutoMLError for infinite values, and for numbers mixed with text.

    `source_rows` is how many rows the data have, if `features` are some of them.
    """
    kinds: dict[str, list[str]] = {kind: [] for kind in _KINDS}
    left_out = {}
    for name in map(str, features.columns):
        kind = _kind(features[name], name, source_rows or len(features))
        if kind in kinds:
            kinds[kind].append(name)
        else:
            left_out[name] = kind
    found: dict[str, Any] = {kind: tuple(names) for kind, names in kinds.items()}
    return Schema(**found, left_out=left_out)


def reads_as_text(sample: Sequence[str], distinct_share: float) -> bool:
    """Whether a column with so many distinct values among its rows holds sentences, by a `sample` of them."""
    return distinct_share > _TEXT_DISTINCT and fmean(len(value.split()) for value in sample) >= _TEXT_WORDS


_KINDS = ("numeric", "categorical", "high_cardinality", "dates", "text")


def _kind(column: pd.Series, name: str, source_rows: int) -> str:
    """One of _KINDS, or why the column is left out."""
    present = column.dropna()
    if present.empty:
        return "it has no value at all"
    if types.is_datetime64_any_dtype(column):
        return "dates"
    if types.is_numeric_dtype(column) and not types.is_bool_dtype(column):
        return _kind_of_numbers(present, name, source_rows)
    if types.is_timedelta64_dtype(column) or not _is_hashable(present):
        return "its values are neither numbers, words nor dates"
    return _kind_of_words(column, present, name)


def _kind_of_numbers(present: pd.Series, name: str, source_rows: int) -> str:
    if types.is_complex_dtype(present):
        return "its values are complex numbers"
    infinite = present.isin([float("inf"), float("-inf")])
    if infinite.any():
        raise AutoMLError(
            f"column {name!r} has infinite values, the first in row {int(infinite.to_numpy().argmax()) + 1}: "
            "write a number, or leave the cell empty"
        )
    if (present == present.iloc[0]).all():
        return "it has the same value in every row"
    return "it numbers the rows" if _are_row_numbers(present, source_rows) else "numeric"


def _are_row_numbers(present: pd.Series, source_rows: int) -> bool:
    """Whether they rise by one from row to row, of which some may be left out."""
    if not types.is_integer_dtype(present) or len(present) < _ID_ROWS:
        return False
    return bool(
        present.is_monotonic_increasing and present.is_unique and present.iloc[-1] - present.iloc[0] < source_rows
    )


def _kind_of_words(column: pd.Series, present: pd.Series, name: str) -> str:
    distinct = int(present.nunique())
    if distinct == 1 and len(present) == len(column):
        return "it has the same value in every row"
    if types.is_bool_dtype(column) or isinstance(column.dtype, pd.CategoricalDtype):
        return "categorical" if distinct <= FEW_CATEGORIES else "high_cardinality"
    sample = present.sample(min(_SAMPLE, len(present)), random_state=0)
    _refuse_mixed(present, sample, name)
    words = sample.astype(str)
    if _are_dates(words):
        return "dates"
    if reads_as_text(words.tolist(), distinct / len(present)):
        return "text"
    if len(present) >= _ID_ROWS and distinct >= ID_SHARE * len(present):
        return "it differs in nearly every row, as a name or an id does"
    return "categorical" if distinct <= FEW_CATEGORIES else "high_cardinality"


def _refuse_mixed(present: pd.Series, sample: pd.Series, name: str) -> None:
    """Numbers with a word among them are a mistake; codes that have both letters and digits are not."""
    share = pd.to_numeric(sample, errors="coerce").notna().mean()
    if share < _MIXED_SHARE or present.nunique() <= FEW_CATEGORIES:
        return
    words = present[pd.to_numeric(present, errors="coerce").isna()]
    if len(words):
        raise AutoMLError(
            f"column {name!r} mixes numbers and text: {words.iloc[0]!r} in row {words.index[0] + 1}; "
            f"write a number, leave the cell empty, or leave the column out (--exclude {name})"
        )


def _are_dates(words: pd.Series) -> bool:
    if not words.str.contains(r"\d[-/.: ]\d", regex=True).mean() >= _DATE_SHARE:
        return False
    if pd.to_numeric(words, errors="coerce").notna().any():
        return False
    import warnings

    with warnings.catch_warnings():
        # That no format is common to all is what is asked here.
        warnings.simplefilter("ignore", UserWarning)
        parsed = pd.to_datetime(words, errors="coerce", utc=True)
    return bool(parsed.notna().mean() >= _DATE_SHARE)


def _is_hashable(present: pd.Series) -> bool:
    return present.dtype != object or bool(present.map(types.is_hashable).all())
