"""EDA104: a class has very few rows.

A class needs rows to be learned from and rows to be judged on. With five folds, one of fewer than ten rows has one or
two in each: its score is luck, and a fold without the class may fail.

What to do: get more rows of the class, merge it with a class that is acted on alike, or leave its rows out.

Found:

```python
frame = pd.DataFrame({"age": range(100), "plan": ["basic"] * 60 + ["pro"] * 37 + ["trial"] * 3})
target = "plan"
```

Not found:

```python
frame = pd.DataFrame({"age": range(100), "plan": ["basic"] * 50 + ["pro"] * 30 + ["trial"] * 20})
target = "plan"
```
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

from workspace_jobs.automl.profile.alerts import Alert, Severity, listed
from workspace_jobs.automl.profile.checks.context import Context

ID: Final = "EDA104"
SEVERITY: Final[Severity] = "warning"
_ENOUGH: Final = 10


def check(context: Context) -> Iterator[Alert]:
    """Yield an alert on the classes that have too few rows."""
    if context.target is None or not context.is_classification or context.target.distinct <= 1:
        return
    counts = np.bincount(context.classes[context.known])
    rare = [code for code in map(int, np.flatnonzero((counts > 0) & (counts < _ENOUGH))) if counts[code] < counts.max()]
    if rare:
        told = listed([f"{context.class_name(code)} ({counts[code]})" for code in rare])
        message = f"{len(rare):,} {'class has' if len(rare) == 1 else 'classes have'} fewer than {_ENOUGH} rows: {told}"
        advice = "Get more rows, merge the class with one that is acted on alike, or leave its rows out"
        yield Alert(ID, (context.target.name,), SEVERITY, message, advice)
