"""EDA407: a column holds values of several types.

Numbers beside text, or lists and dictionaries in cells: usually the trace of two exports put together, or of a file
whose columns have shifted. Sorting fails, and `1` and `"1"` are two categories.

What to do: make them one type where the table is read; take lists and dictionaries apart into columns.

Found:

```python
frame = pd.DataFrame({"age": range(50), "amount": [1, "two"] * 25})
```

Not found:

```python
frame = pd.DataFrame({"age": range(50), "amount": ["one", "two"] * 25})
```
"""

from collections.abc import Iterator
from typing import Final

from workspace_jobs.automl.profile.alerts import Alert, Severity, named
from workspace_jobs.automl.profile.checks.context import Context

ID: Final = "EDA407"
SEVERITY: Final[Severity] = "warning"


def check(context: Context) -> Iterator[Alert]:
    """Yield an alert on the columns, the target among them, whose values differ in type."""
    columns = (*context.features, context.target) if context.target is not None else context.features
    found = {one.name: " and ".join(one.types) for one in columns if one.kind == "mixed" and hasattr(one, "types")}
    if found:
        advice = "Make them one type where the table is read, and take lists apart into columns"
        yield Alert(ID, tuple(found), SEVERITY, f"Columns of mixed types: {named(found)}", advice)
