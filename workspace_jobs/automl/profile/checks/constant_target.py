"""EDA102: the target is the same in every row.

A model that always says this value would be perfect, and useless. Usually a filter on the target has been left in the
query, or the positive cases are in another file.

What to do: get rows with other targets.

Found:

```python
frame = pd.DataFrame({"age": range(50), "churn": ["no"] * 50})
target = "churn"
```

Not found:

```python
frame = pd.DataFrame({"age": range(50), "churn": ["no", "yes"] * 25})
target = "churn"
```
"""

from collections.abc import Iterator
from typing import Final

from workspace_jobs.automl.profile.alerts import Alert, Severity
from workspace_jobs.automl.profile.checks.context import Context

ID: Final = "EDA102"
SEVERITY: Final[Severity] = "error"


def check(context: Context) -> Iterator[Alert]:
    """Yield an alert where the target has one value at most."""
    target = context.target
    if target is not None and target.distinct <= 1 and not target.missing.all():
        message = f"`{target.name}` has the same value in every row: there is nothing to tell apart"
        yield Alert(ID, (target.name,), SEVERITY, message, "Get rows with other targets")
