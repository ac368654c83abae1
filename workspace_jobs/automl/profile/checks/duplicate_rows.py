"""EDA305: rows occur more than once.

A row that is learned from and judged on is recognised, not predicted, and rows that were exported twice count double.
In a table of few columns with few values each, equal rows come about by chance and are no mistake; such a table is
not reported.

What to do: drop the copies, unless each is an observation of its own.

Found:

```python
frame = pd.DataFrame({"age": rng.normal(50, 9, 100), "income": rng.normal(3000, 500, 100)})
frame = pd.concat([frame, frame.head(20)], ignore_index=True)
```

Not found:

```python
frame = pd.DataFrame({"age": rng.normal(50, 9, 100), "income": rng.normal(3000, 500, 100)})
```
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

from workspace_jobs.automl.profile.alerts import Alert, Severity
from workspace_jobs.automl.profile.checks.context import Context

ID: Final = "EDA305"
SEVERITY: Final[Severity] = "warning"
_SHARE: Final = 0.01
_BY_CHANCE: Final = 3.0


def check(context: Context) -> Iterator[Alert]:
    """Yield an alert where rows repeat others, more often than their values alone would make them."""
    table = context.table
    hashes = table.row_hashes(list(table.columns))
    copies = len(hashes) - len(np.unique(hashes))
    if copies <= _BY_CHANCE * _expected(context):
        return
    severity: Severity = SEVERITY if copies >= _SHARE * len(hashes) else "note"
    message = f"{copies:,} of {len(hashes):,} rows repeat an earlier row"
    yield Alert(ID, (), severity, message, "Drop the copies, unless each is an observation of its own")


def _expected(context: Context) -> float:
    """How many copies there would be if columns had nothing to do with each other, and at least half a row."""
    rows, log_chance = context.table.rows, 0.0
    for column in context.table.columns.values():
        counts = np.append(column.counts, column.missing.sum())
        log_chance += float(np.log(max(((counts / rows) ** 2).sum(), 1 / rows**2)))
    pairs = rows**2 / 2
    return max(0.5, pairs * float(np.exp(log_chance)))
