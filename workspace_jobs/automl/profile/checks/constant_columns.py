"""EDA301: a column has one value only, or none.

It cannot tell one row from another. Often it is a filter of the query, or an export that broke.

What to do: leave it out; where it should vary, mend the export.

Found:

```python
frame = pd.DataFrame({"age": range(50), "country": ["DE"] * 50})
```

Not found:

```python
frame = pd.DataFrame({"age": range(50), "country": ["DE", "FR"] * 25})
```
"""

from collections.abc import Iterator
from typing import Final

from workspace_jobs.automl.profile.alerts import Alert, Severity, named
from workspace_jobs.automl.profile.checks.context import Context

ID: Final = "EDA301"
SEVERITY: Final[Severity] = "warning"


def check(context: Context) -> Iterator[Alert]:
    """Yield an alert on the columns that have no value, and one on those that have the same in every row."""
    empty = [column.name for column in context.features if column.kind == "empty"]
    if empty:
        message = f"{_columns(len(empty))} no value at all: {named(empty)}"
        yield Alert(ID, tuple(empty), SEVERITY, message, "Leave out, or find out why the export lost the values")
    constant = [one.name for one in context.features if one.distinct == 1 and not one.missing.any()]
    if constant and context.table.rows > 1:
        message = f"{_columns(len(constant))} the same value in every row: {named(constant)}"
        yield Alert(ID, tuple(constant), SEVERITY, message, "Leave out what tells no row from another")


def _columns(count: int) -> str:
    return "A column has" if count == 1 else f"{count:,} columns have"
