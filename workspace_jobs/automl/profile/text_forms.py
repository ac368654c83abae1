"""What text says when it is read as something else: numbers or dates."""

import re
import warnings
from typing import Final

import numpy as np
import pandas as pd

from workspace_jobs.automl.profile.columns import Categories, Numbers

_NUMBERS_LOOKED_AT: Final = 1_000
_DATES_LOOKED_AT: Final = 100
_MOSTLY: Final = 0.8
_NEARLY_ALL: Final = 0.95
_DECORATION: Final = r"[\s,'_%€$£]"
_LEADING_ZERO = re.compile(r"0\d+")
_LIKE_A_DATE = re.compile(r"\s*(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})([ T].*)?")


def as_numbers(column: Categories) -> tuple[Numbers, list[str]] | None:
    """The numbers that a column of text holds, and what of it can't be read; None where it holds labels.

    Decorations such as `1,000`, `5 %` or `€ 20` are left out. Text with leading zeros is a code, and no number.
    """
    if column.kind not in ("category", "text") or column.dtype == "category" or column.dtype.lower().startswith("int"):
        return None
    if not _mostly_numbers(_frequent(column, _NUMBERS_LOOKED_AT)):
        return None
    levels = pd.Series(column.levels, dtype=str)
    read = _numbers(levels).to_numpy(dtype=np.float64)
    unread = [str(level) for level in levels[np.isnan(read) & (column.counts > 0)]]
    return Numbers(column.name, "number", column.dtype, np.append(read, np.nan)[column.codes]), unread


def holds_dates(column: Categories) -> bool:
    """Whether a column of text holds dates, in whatever form."""
    levels = _frequent(column, _DATES_LOOKED_AT)
    alike = sum(_LIKE_A_DATE.fullmatch(level) is not None for level in levels)
    if column.kind != "category" or alike < _NEARLY_ALL * len(levels):
        return False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parsed = pd.to_datetime(pd.Series(levels, dtype=str), errors="coerce", format="mixed", utc=True)
    return bool(parsed.notna().mean() >= _NEARLY_ALL)


def _mostly_numbers(levels: list[str]) -> bool:
    if any(_LEADING_ZERO.fullmatch(level) for level in levels):
        return False
    return bool(_numbers(pd.Series(levels, dtype=str)).notna().mean() >= _MOSTLY)


def _numbers(levels: "pd.Series[str]") -> "pd.Series[float]":
    return pd.to_numeric(levels.str.replace(_DECORATION, "", regex=True), errors="coerce")


def _frequent(column: Categories, limit: int) -> list[str]:
    return [str(column.levels[place]) for place in column.by_frequency[:limit]]
