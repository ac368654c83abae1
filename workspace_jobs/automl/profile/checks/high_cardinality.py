"""EDA501: a column has very many labels.

With a column for each of them, a table becomes wide and most of it is zeros; labels that few rows have are learned by
heart; and in use there will be labels that training has not seen.

What to do: encode by the target (inside cross-validation) or by frequency, put the rare ones together, or use what
the label stands for, such as the region of a postcode. AutoML encodes such columns by the target.

Found:

```python
frame = pd.DataFrame({"age": range(500), "city": [f"city {row % 150}" for row in range(500)]})
```

Not found:

```python
frame = pd.DataFrame({"age": range(500), "city": [f"city {row % 20}" for row in range(500)]})
```
"""

from collections.abc import Iterator
from typing import Final

from workspace_jobs.automl.data.columns import FEW_CATEGORIES
from workspace_jobs.automl.profile.alerts import Alert, Severity, named
from workspace_jobs.automl.profile.checks import identifiers
from workspace_jobs.automl.profile.checks.context import Context
from workspace_jobs.automl.profile.columns import Categories, Column
from workspace_jobs.automl.profile.text_forms import as_numbers, holds_dates

ID: Final = "EDA501"
SEVERITY: Final[Severity] = "warning"


def check(context: Context) -> Iterator[Alert]:
    """Yield an alert on the columns of labels that have more of them than one-hot encoding takes well."""
    many = {one.name: one.distinct for one in context.labels if one.kind != "text" and one.distinct > FEW_CATEGORIES}
    found = {name: count for name, count in many.items() if not _is_something_else(context.table.columns[name])}
    if found:
        told = named({name: f"{count:,}" for name, count in found.items()})
        advice = "Encode by target or frequency instead of a column each, or put the rare ones together"
        yield Alert(ID, tuple(found), SEVERITY, f"Columns of very many labels: {told}", advice)


def _is_something_else(column: Column) -> bool:
    """Whether other checks have said what such a column is: an identifier, or numbers or dates as text."""
    assert isinstance(column, Categories)
    return identifiers.identifies(column) or as_numbers(column) is not None or holds_dates(column)
