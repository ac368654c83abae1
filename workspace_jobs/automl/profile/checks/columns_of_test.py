"""EDA603: the test table has other columns than the training table.

A model needs every column that it has learned from: where one is missing, or holds text where it held numbers, it
can't predict. Columns that only the test table has are ignored.

What to do: make both tables the same way, or leave the column out of training.

Found:

```python
frame = pd.DataFrame({"age": range(50), "city": ["Ulm", "Bonn"] * 25})
test = pd.DataFrame({"age": range(50)})
```

Not found:

```python
frame = pd.DataFrame({"age": range(50), "city": ["Ulm", "Bonn"] * 25})
test = pd.DataFrame({"age": range(50), "city": ["Bonn", "Ulm"] * 25})
```
"""

from collections.abc import Iterator
from typing import Final

from workspace_jobs.automl.profile.alerts import Alert, Severity, named
from workspace_jobs.automl.profile.checks.context import Context
from workspace_jobs.automl.profile.columns import Column, Numbers

ID: Final = "EDA603"
SEVERITY: Final[Severity] = "error"


def check(context: Context) -> Iterator[Alert]:
    """Yield an alert on features that the test table lacks, and one on those that it has as another kind."""
    if context.test is None:
        return
    lacking = [name for name in context.names if name not in context.test.columns]
    if lacking:
        message = f"The test table lacks {named(lacking)}"
        yield Alert(ID, tuple(lacking), SEVERITY, message, "Make both tables the same way, or leave the column out")
    others = [one.name for one in context.features if _is_other(one, context.test.columns.get(one.name))]
    if others:
        message = f"Of another kind in the test table: {named(others)}"
        yield Alert(ID, tuple(others), SEVERITY, message, "Read both tables with the same types")


def _is_other(train: Column, test: Column | None) -> bool:
    if test is None or "empty" in (train.kind, test.kind):
        return False
    return isinstance(train, Numbers) != isinstance(test, Numbers)
