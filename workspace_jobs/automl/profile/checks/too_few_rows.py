"""EDA601: there are too few rows for what is asked of them.

An accuracy measured on 50 rows is uncertain by 14 points either way: most differences between models are luck. And
with more columns than a fifth of the rows, some column fits the target by chance.

What to do: get more rows; else keep the model simple, leave out columns, and repeat the cross-validation.

Found:

```python
frame = pd.DataFrame({"age": rng.normal(50, 9, 30), "income": rng.normal(3000, 500, 30)})
```

Not found:

```python
frame = pd.DataFrame({"age": rng.normal(50, 9, 300), "income": rng.normal(3000, 500, 300)})
```
"""

from collections.abc import Iterator
from typing import Final

from workspace_jobs.automl.profile.alerts import Alert, Severity
from workspace_jobs.automl.profile.checks.context import Context

ID: Final = "EDA601"
SEVERITY: Final[Severity] = "warning"
_ROWS: Final = 100
_ROWS_A_COLUMN: Final = 5


def check(context: Context) -> Iterator[Alert]:
    """Yield an alert where a score would be uncertain by ten points, or rows are less than five a column."""
    rows, columns = context.table.total_rows, len(context.features)
    if rows < _ROWS:
        message = f"{rows:,} rows: an accuracy measured on them is uncertain by up to {0.98 / rows**0.5:.0%} either way"
        yield Alert(
            ID, (), SEVERITY, message, "Get more rows; else keep the model simple and repeat the cross-validation"
        )
    elif rows < _ROWS_A_COLUMN * columns:
        message = f"{rows:,} rows for {columns:,} columns: some column will fit the target by chance"
        yield Alert(ID, (), SEVERITY, message, "Leave out columns or regularise, and get more rows")
