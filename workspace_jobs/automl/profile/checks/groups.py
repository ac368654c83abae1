"""EDA203: rows of one group would be on both sides of a split.

Several rows of one customer, patient or machine are more alike than rows of different ones. Where some of them are
learned from and others judged on, the model is praised for recognising the customer, and disappoints with a new one.

What to do: split by group, so that all rows of a group are on one side (`--group-column`, GroupKFold in
scikit-learn). Where the test table shares groups with the training table, split the tables anew.

Found:

```python
frame = pd.DataFrame({"patient": np.arange(100) // 4, "pulse": rng.normal(70, 9, 100)})
group = "patient"
```

Not found:

```python
frame = pd.DataFrame({"patient": np.arange(100), "pulse": rng.normal(70, 9, 100)})
group = "patient"
```
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

from workspace_jobs.automl.profile.alerts import Alert, Severity
from workspace_jobs.automl.profile.checks.context import Context

ID: Final = "EDA203"
SEVERITY: Final[Severity] = "warning"


def check(context: Context) -> Iterator[Alert]:
    """Yield an alert where groups have several rows, and one where the test table has groups of the training table."""
    group = context.group
    if group is None:
        return
    rows = len(group.missing) - int(group.missing.sum())
    if group.distinct < rows:
        message = f"`{group.name}` has {group.distinct:,} groups in {rows:,} rows: a random split would divide them"
        yield Alert(ID, (group.name,), SEVERITY, message, f"Split by group: --group-column {group.name}")
    of_test = context.test.columns.get(group.name) if context.test else None
    if of_test is None:
        return
    shared = np.intersect1d(group.hashes[~group.missing], of_test.hashes[~of_test.missing])
    if len(shared):
        message = f"{len(shared):,} groups of `{group.name}` are in the test table and in the training table"
        yield Alert(ID, (group.name,), SEVERITY, message, "Split the tables anew, each group in one of them")
