"""EDA302: a column has nearly always the same value.

Where 995 of 1,000 rows have one value, the others are too few to be learned from, and with cross-validation a fold
may have none of them. Where the rare value matters, as an alarm does, it is worth keeping.

What to do: leave it out unless the rare value is known to matter. Trees cope with it; scaling it makes it loud.

Found:

```python
frame = pd.DataFrame({"age": range(1000), "alarm": [row < 3 for row in range(1000)]})
```

Not found:

```python
frame = pd.DataFrame({"age": range(1000), "alarm": [row < 100 for row in range(1000)]})
```
"""

from collections.abc import Iterator
from typing import Final

from workspace_jobs.automl.profile.alerts import Alert, Severity, named
from workspace_jobs.automl.profile.checks.context import Context

ID: Final = "EDA302"
SEVERITY: Final[Severity] = "note"
_SHARE: Final = 0.995
_ROWS: Final = 200


def check(context: Context) -> Iterator[Alert]:
    """Yield an alert on the columns of which one value has nearly all rows."""
    if context.table.rows < _ROWS:
        return
    found = [
        one.name
        for one in context.features
        if one.distinct > 1 and one.counts.max(initial=0) >= _SHARE * context.table.rows
    ]
    if found:
        message = f"{'A column has' if len(found) == 1 else f'{len(found):,} columns have'} one value in {_SHARE:.1%}"
        advice = "Leave out unless the rare value is known to matter"
        yield Alert(ID, tuple(found), SEVERITY, f"{message} of the rows or more: {named(found)}", advice)
