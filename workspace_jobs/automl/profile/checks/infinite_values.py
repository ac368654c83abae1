"""EDA404: values are infinite.

Most often the outcome of a division by zero or the logarithm of zero. No mean exists, scaling gives no number, and
most models refuse to train.

What to do: replace them by missing values or by a bound that means something, where the column is made.

Found:

```python
frame = pd.DataFrame({"age": range(50), "ratio": [np.inf] * 2 + list(range(48))})
```

Not found:

```python
frame = pd.DataFrame({"age": range(50), "ratio": [np.nan] * 2 + list(range(48))})
```
"""

from collections.abc import Iterator
from typing import Final

from workspace_jobs.automl.profile.alerts import Alert, Severity, named
from workspace_jobs.automl.profile.checks.context import Context
from workspace_jobs.automl.profile.columns import Numbers

ID: Final = "EDA404"
SEVERITY: Final[Severity] = "error"


def check(context: Context) -> Iterator[Alert]:
    """Yield an alert on the columns, the target among them, that have infinite values."""
    columns = (*context.features, context.target) if context.target is not None else context.features
    found = {one.name: one.infinite for one in columns if isinstance(one, Numbers) and one.infinite}
    if found:
        told = named({name: f"{count:,}" for name, count in found.items()})
        advice = "Replace them by missing values or a bound, where they are made"
        yield Alert(ID, tuple(found), SEVERITY, f"Infinite values: {told}", advice)
