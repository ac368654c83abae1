"""The figures of a column, as people want to read them and programs to have them."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from workspace_jobs.automl.profile.columns import Categories, Column, Floats, Kind, Numbers

QUANTILES: Final = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
_TOP: Final = 10
_BARS: Final = 24


@dataclass(frozen=True)
class Histogram:
    """How many values are in each interval: `edges` has one more than `counts`; `outside` are beyond both ends."""

    edges: tuple[float, ...]
    counts: tuple[int, ...]
    outside: int


@dataclass(frozen=True)
class Statistics:
    """What is known of a column by itself.

    Parameters:
        name, kind, dtype: what it is called, holds, and is to pandas.
        count, missing: rows with and without a value.
        distinct: different values.
        infinite: values that are infinite; the figures below leave them out.
        mean, standard_deviation: of numbers.
        quantiles: of numbers and dates (seconds since 1970), by QUANTILES.
        histogram: of numbers and dates.
        top: of anything else, the most frequent values and how many rows have them.
    """

    name: str
    kind: Kind
    dtype: str
    count: int
    missing: int
    distinct: int
    infinite: int = 0
    mean: float | None = None
    standard_deviation: float | None = None
    quantiles: tuple[float, ...] = ()
    histogram: Histogram | None = None
    top: tuple[tuple[str, int], ...] = ()


def describe(column: Column) -> Statistics:
    """The figures of a column."""
    missing = int(column.missing.sum())
    count = len(column.missing) - missing
    if isinstance(column, Categories):
        top = tuple((str(column.levels[one]), int(column.counts[one])) for one in column.by_frequency[:_TOP])
        return Statistics(column.name, column.kind, column.dtype, count, missing, column.distinct, top=top)
    with np.errstate(all="ignore"):
        mean, deviation = (float(column.ordered.mean()), float(column.ordered.std())) if len(column.ordered) else (0, 0)
    is_number = column.kind == "number" and len(column.ordered) > 0
    return Statistics(
        column.name,
        column.kind,
        column.dtype,
        count,
        missing,
        column.distinct,
        column.infinite,
        mean if is_number and np.isfinite(mean) else None,
        deviation if is_number and np.isfinite(deviation) else None,
        tuple(float(quantile(column.ordered, share)) for share in QUANTILES) if len(column.ordered) else (),
        _histogram(column),
    )


def quantile(ordered: Floats, share: float) -> float:
    """The value below which `share` of the ascending `ordered` lie; the lower of two neighbours."""
    return float(ordered[int(share * (len(ordered) - 1))])


def _histogram(column: Numbers) -> Histogram | None:
    ordered = column.ordered
    if not len(ordered):
        return None
    with np.errstate(all="ignore"):
        edges = _edges(column)
    if not np.isfinite(edges).all() or not (np.diff(edges) > 0).all():
        return None
    places = np.searchsorted(ordered, edges, side="left")
    places[-1] = np.searchsorted(ordered, edges[-1], side="right")
    counts = np.diff(places)
    return Histogram(tuple(map(float, edges)), tuple(map(int, counts)), len(ordered) - int(counts.sum()))


def _edges(column: Numbers) -> Floats:
    """Bars of equal width, or a bar a value for few whole numbers; far ends that would hide the rest are left out."""
    ordered = column.ordered
    low, high = float(ordered[0]), float(ordered[-1])
    if low == high:
        return np.array([low - 0.5, high + 0.5])
    if column.is_whole and high - low < _BARS:
        return np.arange(low, high + 2) - 0.5
    first, last = quantile(ordered, 0.01), quantile(ordered, 0.99)
    reach = last - first
    if reach > 0:
        low, high = max(low, first - reach), min(high, last + reach)
    return np.linspace(low, high, _BARS + 1)
