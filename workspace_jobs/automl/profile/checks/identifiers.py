"""EDA304: a column identifies rows instead of describing them.

A customer number, a GUID or the number of a row says who a row is about. What a model learns from it holds for the
rows it has seen, and numbers that are given in order give the order of the file away. A column is taken for one where
every row has a value of its own: text that is no sentence, or whole numbers that have an order, leave few gaps, or
are called so.

What to do: leave it out. Where several rows are of one customer, name it as the group column instead.

Found:

```python
frame = pd.DataFrame({"customer_id": np.arange(7000, 7100), "age": rng.integers(18, 90, 100)})
```

Not found:

```python
frame = pd.DataFrame({"income": rng.integers(1000, 900_000, 100), "age": rng.integers(18, 90, 100)})
```
"""

import re
from collections.abc import Iterator
from typing import Final

import numpy as np

from workspace_jobs.automl.data.columns import ID_SHARE
from workspace_jobs.automl.profile.alerts import Alert, Severity, named
from workspace_jobs.automl.profile.checks.context import Context
from workspace_jobs.automl.profile.columns import Categories, Column, Numbers
from workspace_jobs.automl.profile.text_forms import as_numbers, holds_dates

ID: Final = "EDA304"
SEVERITY: Final[Severity] = "warning"
_ROWS: Final = 20
_OF_THEIR_OWN: Final = 0.99
# Numbers that fill so much of the range between the smallest and the largest are counted, not measured.
_DENSE: Final = 0.8
_CALLED = re.compile(
    r"(^|[_\W])(id|ids|uuid|guid|key|index|idx|rowid|nr|no|number|unnamed: 0)$|[a-z]I[Dd]$", re.IGNORECASE
)


def check(context: Context) -> Iterator[Alert]:
    """Yield an alert on the columns that have a value of its own for each row."""
    found = [column.name for column in context.features if identifies(column)]
    if found:
        message = f"{named(found)} {'identifies' if len(found) == 1 else 'identify'} rows: each has a value of its own"
        yield Alert(ID, tuple(found), SEVERITY, message, "Leave out, or name as the group column")


def identifies(column: Column) -> bool:
    """Whether nearly every row has a value of its own that describes nothing."""
    count = len(column.missing) - int(column.missing.sum())
    share = ID_SHARE if isinstance(column, Categories) else _OF_THEIR_OWN
    if count < _ROWS or column.distinct < share * count:
        return False
    if isinstance(column, Categories):
        numbers = as_numbers(column)
        if numbers is None:
            return column.kind == "category" and not holds_dates(column)
        column = numbers[0]
    return column.kind == "number" and column.is_whole and not column.infinite and _is_counted(column, count)


def _is_counted(column: Numbers, count: int) -> bool:
    values = column.values[~column.missing]
    steps = np.diff(values)
    in_order = bool((steps > 0).all() or (steps < 0).all())
    dense = float(column.ordered[-1] - column.ordered[0]) * _DENSE < count
    return in_order or dense or _CALLED.search(column.name) is not None
