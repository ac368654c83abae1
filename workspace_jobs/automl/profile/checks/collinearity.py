"""EDA306: columns say the same in other words.

Columns that go together almost perfectly (|r| of .95 or more, Pearson's or Spearman's; Cramer's V of .95 for labels)
form a cluster, and so does a column that others add up to (variance inflation of 100 or more). Predictions hardly
suffer, but a linear model's coefficients become arbitrary, importance is split among the cluster, and training takes
longer.

What to do: keep one column of a cluster, the one that is cheapest to get or easiest to explain, or regularise.

Found:

```python
frame = pd.DataFrame({"celsius": rng.normal(15, 8, 200), "wind": rng.gamma(2, 3, 200)})
frame["fahrenheit"] = frame["celsius"] * 1.8 + 32 + rng.normal(0, 0.1, 200)
```

Not found:

```python
frame = pd.DataFrame({"celsius": rng.normal(15, 8, 200), "wind": rng.gamma(2, 3, 200)})
frame["felt"] = frame["celsius"] - frame["wind"]
frame["felt"] += rng.normal(0, 5, 200)
```
"""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from workspace_jobs.automl.profile.alerts import Alert, Severity, named
from workspace_jobs.automl.profile.checks.context import FEW_ROWS, Context
from workspace_jobs.automl.profile.columns import Categories, Floats, Mask
from workspace_jobs.automl.profile.correlation import associations

ID: Final = "EDA306"
SEVERITY: Final[Severity] = "warning"
_TOGETHER: Final = 0.95
_INFLATION: Final = 100.0
_MOST_LABELS: Final = 40
_MOST_NUMBERS: Final = 300
_MOST: Final = 20
_NOISE: Final = 1e-8


def check(context: Context) -> Iterator[Alert]:
    """Yield an alert for each cluster of columns, the largest first, and one for columns that others add up to."""
    if context.table.rows < FEW_ROWS:
        return
    clusters = sorted((*_of_numbers(context), *_of_labels(context)), key=len, reverse=True)
    for names in clusters[:_MOST]:
        message = f"{named(names)} say nearly the same"
        yield Alert(ID, tuple(names), SEVERITY, message, f"Keep `{names[0]}`, or whichever is easiest to explain")
    sums = _sums(context, {name for names in clusters for name in names[1:]})
    if sums:
        message = f"{named(sums)} follow from each other: others add up to each of them"
        yield Alert(ID, tuple(sums), SEVERITY, message, "Leave one of them out")


def _of_numbers(context: Context) -> Iterator[list[str]]:
    correlations = context.correlations
    if len(correlations.names) < 2:  # noqa: PLR2004
        return iter(())
    # A comparison with NaN, where there is no correlation, is false.
    together = (np.abs(correlations.pearson) >= _TOGETHER) | (np.abs(correlations.spearman) >= _TOGETHER)
    return _clusters(correlations.names, together)


def _of_labels(context: Context) -> Iterator[list[str]]:
    """Clusters of labels: Cramer's V of few levels each, for two columns of many levels always go together."""
    few = [one for one in context.labels if 1 < one.distinct <= np.sqrt(context.table.rows)]
    columns: Sequence[Categories] = few[:_MOST_LABELS]
    names = tuple(column.name for column in columns)
    together = np.zeros((len(names), len(names)), dtype=np.bool_)
    for pair in associations(columns, context.correlations):
        if pair.value >= _TOGETHER:
            first, second = names.index(pair.first), names.index(pair.second)
            together[first, second] = together[second, first] = True
    return _clusters(names, together)


def _clusters(names: Sequence[str], together: Mask) -> Iterator[list[str]]:
    """The names that are connected, over others too, where there is more than one."""
    np.fill_diagonal(together, val=True)
    open_ones = np.ones(len(names), dtype=np.bool_)
    for start in range(len(names)):
        if not open_ones[start]:
            continue
        cluster, reached = np.zeros_like(open_ones), together[start]
        while (reached & ~cluster).any():
            cluster = cluster | reached
            reached = together[cluster].any(axis=0)
        open_ones &= ~cluster
        if cluster.sum() > 1:
            yield [name for name, is_in in zip(names, cluster, strict=True) if is_in]


def _sums(context: Context, left_out: set[str]) -> list[str]:
    """The columns whose variance is inflated by others, once each cluster is down to one column."""
    correlations = context.correlations
    kept = [place for place, name in enumerate(correlations.names) if name not in left_out]
    if not 2 < len(kept) <= min(_MOST_NUMBERS, context.table.rows // 3):  # noqa: PLR2004
        return []
    matrix: Floats = np.nan_to_num(correlations.pearson[np.ix_(kept, kept)])
    np.fill_diagonal(matrix, 1.0)
    values, vectors = np.linalg.eigh(matrix)
    inflation = (vectors**2 / np.maximum(values, _NOISE)).sum(axis=1)
    return [correlations.names[place] for place, found in zip(kept, inflation, strict=True) if found >= _INFLATION]
