"""EDA101: rows have no target.

A row without a target teaches nothing and cannot be scored. Whether leaving such rows out is right depends on why
they lack it: a customer who has not decided yet is another thing than one whose answer was lost.

What to do: drop the rows (`--missing-target drop`, then this is a warning), or get the targets.

Found:

```python
frame = pd.DataFrame({"age": range(50), "churn": [None, *["yes", "no"] * 24, "yes"]})
target = "churn"
```

Not found:

```python
frame = pd.DataFrame({"age": range(50), "churn": ["yes", "no"] * 25})
target = "churn"
```
"""

from collections.abc import Iterator
from typing import Final

from workspace_jobs.automl.profile.alerts import Alert, Severity
from workspace_jobs.automl.profile.checks.context import Context

ID: Final = "EDA101"
SEVERITY: Final[Severity] = "error"


def check(context: Context) -> Iterator[Alert]:
    """Yield an alert where the target is missing in some rows."""
    target, count, rows = context.target, context.without_target, context.table.total_rows
    if target is None or not count:
        return
    drops = context.missing_target == "drop"
    yield Alert(
        ID,
        (target.name,),
        "warning" if drops and count < rows else SEVERITY,
        f"{count:,} of {rows:,} rows have no `{target.name}`",
        "They are left out; make sure that they lack it by chance"
        if drops
        else "Drop them with --missing-target drop, or get their targets",
    )
