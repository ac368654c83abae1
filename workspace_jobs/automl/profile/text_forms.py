"""What text says when it is read as something else: numbers or dates."""

import math
import re
import warnings
from typing import Final

import numpy as np
import pandas as pd

from workspace_jobs.automl.profile.columns import Categories, Numbers

_NUMBERS_LOOKED_AT: Final = 1_000
_DATES_LOOKED_AT: Final = 50
_GLANCE: Final = 10
_MOSTLY: Final = 0.8
_NEARLY_ALL: Final = 0.95
_DECORATION = re.compile(r"[\s,'_%€$£]")
_LEADING_ZERO = re.compile(r"0\d+")
_LIKE_A_DATE = re.compile(r"\s*(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})([ T].*)?")


def as_numbers(column: Categories) -> tuple[Numbers, list[str]] | None:
    """The numbers that a column of text holds, and what of it can't be read; None where it holds labels.

    Decorations such as `1,000`, `5 %` or `€ 20` are left out. Text with leading zeros is a code, and no number.
    """
    if column.kind not in ("category", "text") or column.dtype == "category" or column.dtype.lower().startswith("int"):
        return None
    # Most columns of labels are told by a glance.
    if not all(_mostly_numbers(_frequent(column, limit)) for limit in (_GLANCE, _NUMBERS_LOOKED_AT)):
        return None
    read = np.array([_number(level) for level in column.levels])
    unread = [str(level) for level in column.levels[np.isnan(read) & (column.counts > 0)]]
    return Numbers(column.name, "number", column.dtype, np.append(read, np.nan)[column.codes]), unread


def holds_dates(column: Categories) -> bool:
    """Whether a column of text holds dates, in whatever form."""
    levels = _frequent(column, _DATES_LOOKED_AT)
    if column.kind != "category" or not all(_like_dates(some) for some in (levels[:_GLANCE], levels)):
        return False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parsed = pd.to_datetime(pd.Series(levels, dtype=str), errors="coerce", format="mixed", utc=True)
    return bool(parsed.notna().mean() >= _NEARLY_ALL)


def _like_dates(levels: list[str]) -> bool:
    return sum(_LIKE_A_DATE.fullmatch(level) is not None for level in levels) >= _NEARLY_ALL * len(levels)


def _mostly_numbers(levels: list[str]) -> bool:
    read = sum(np.isfinite(_number(level)) for level in levels)
    return bool(read >= _MOSTLY * len(levels)) and not any(_LEADING_ZERO.fullmatch(level) for level in levels)


def _number(text: str) -> float:
    """The number that a text is, NaN where it is none."""
    try:
        return float(_DECORATION.sub("", text))
    except ValueError:
        return math.nan


def _frequent(column: Categories, limit: int) -> list[str]:
    return [str(column.levels[place]) for place in column.by_frequency[:limit]]
