"""EDA406: numbers are stored as text.

One `?`, one comma for thousands or one percent sign is enough, and a whole column is read as labels: it loses its
order, and every number becomes a category. Codes with leading zeros, such as postcodes, are labels and are not
reported.

What to do: convert the column (`pd.to_numeric(..., errors="coerce")`), after a look at what can't be read.

Found:

```python
frame = pd.DataFrame({"income": [*map(str, rng.integers(1000, 9000, 99)), "unknown"], "age": range(100)})
```

Not found:

```python
frame = pd.DataFrame({"postcode": [f"{row:05}" for row in range(100)], "age": range(100)})
```
"""

from collections.abc import Iterator
from typing import Final

from workspace_jobs.automl.profile.alerts import Alert, Severity, listed, named
from workspace_jobs.automl.profile.checks import identifiers
from workspace_jobs.automl.profile.checks.context import Context
from workspace_jobs.automl.profile.text_forms import as_numbers

ID: Final = "EDA406"
SEVERITY: Final[Severity] = "warning"


def check(context: Context) -> Iterator[Alert]:
    """Yield an alert on the columns of text most of which reads as numbers, with what does not."""
    found = {}
    for column in context.labels:
        read = as_numbers(column)
        if read is not None and not identifiers.identifies(column):
            unread = [f"`{level}`" for level in read[1]]
            found[column.name] = f"but for {listed(unread)}" if unread else ""
    if found:
        advice = 'Convert with pd.to_numeric(..., errors="coerce"), after a look at what can\'t be read'
        yield Alert(ID, tuple(found), SEVERITY, f"Numbers stored as text: {named(found)}", advice)
