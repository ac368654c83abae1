"""EDA303: two columns are the same.

They have equal values in every row, missing ones included. A model gains nothing, its explanation is split between
the two, and in use they may come apart.

What to do: keep one of them.

Found:

```python
frame = pd.DataFrame({"net": range(50), "amount": [float(row) for row in range(50)], "city": ["Ulm", "Bonn"] * 25})
```

Not found:

```python
frame = pd.DataFrame({"net": range(50), "gross": [1.19 * row for row in range(50)], "city": ["Ulm", "Bonn"] * 25})
```
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

import numpy as np

from workspace_jobs.automl.profile.alerts import Alert, Severity, named
from workspace_jobs.automl.profile.checks.context import Context

ID: Final = "EDA303"
SEVERITY: Final[Severity] = "warning"


def check(context: Context) -> Iterator[Alert]:
    """Yield an alert for each set of columns that are equal and not constant."""
    same: dict[int, list[str]] = defaultdict(list)
    with np.errstate(over="ignore"):
        # Odd factors, so that the place of a value counts and no bit of it is lost.
        places = np.arange(context.table.rows, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C16) + np.uint64(1)
        for column in context.features:
            if column.distinct > 1:
                same[int((column.hashes * places).sum(dtype=np.uint64))].append(column.name)
    for names in same.values():
        if len(names) > 1:
            message = f"{named(names)} have the same value in every row"
            yield Alert(ID, tuple(names), SEVERITY, message, f"Keep `{names[0]}` and leave out the others")
