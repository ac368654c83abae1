"""EDA202: rows of the test table are in the training table too.

A model that has seen a row recognises it, so the test tells how well it remembers instead of how well it predicts.
Rows are the same where all columns that both tables have are equal. A share that is small, in a table of few columns
with few values each, comes about by chance.

What to do: remove those rows from one of the tables, and find out how the tables were split.

Found:

```python
frame = pd.DataFrame({"age": rng.normal(50, 9, 200), "income": rng.normal(3000, 500, 200)})
test = frame.tail(50)
```

Not found:

```python
frame = pd.DataFrame({"age": rng.normal(50, 9, 200), "income": rng.normal(3000, 500, 200)})
test = pd.DataFrame({"age": rng.normal(50, 9, 50), "income": rng.normal(3000, 500, 50)})
```
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

from workspace_jobs.automl.profile.alerts import Alert, Severity
from workspace_jobs.automl.profile.checks.context import Context

ID: Final = "EDA202"
SEVERITY: Final[Severity] = "warning"
_SHARE: Final = 0.01
# Rows of fewer different ones than this coincide because there are not more.
_DIFFERENT: Final = 0.5


def check(context: Context) -> Iterator[Alert]:
    """Yield an alert where more than a hundredth of the test rows are training rows."""
    if context.test is None:
        return
    shared = [name for name in context.table.columns if name in context.test.columns]
    if not shared:
        return
    trained, tested = context.table.row_hashes(shared), context.test.row_hashes(shared)
    different = np.unique(trained)
    seen = int(np.isin(tested, different).sum())
    if seen > _SHARE * len(tested) and len(different) > _DIFFERENT * len(trained):
        message = f"{seen:,} of {len(tested):,} test rows are in the training table too"
        yield Alert(ID, (), SEVERITY, message, "Remove them from one of the tables: such a test flatters the model")
