"""EDA502: a column holds dates.

A date as a number says only how late it was. What is in it are the weekday, the month, holidays, and the time since
something else happened. And where rows have dates, a model is asked about later rows than those it has learned from:
a random split hides how it does then. Dates as text are labels, each of them new in use, until they are converted.

A note for dates, a warning for dates that are text.

What to do: convert what is text (`pd.to_datetime`); use parts of the date and differences between dates, which AutoML
makes; split by time where the rows are a history.

Found:

```python
frame = pd.DataFrame({"ordered": pd.date_range("2026-01-01", periods=100), "paid": ["2026-02-01", "2026-03-01"] * 50})
```

Not found:

```python
frame = pd.DataFrame({"ordered": range(100), "paid": ["yes", "no"] * 50})
```
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

from workspace_jobs.automl.profile.alerts import Alert, Severity, named
from workspace_jobs.automl.profile.checks.context import Context
from workspace_jobs.automl.profile.columns import Numbers
from workspace_jobs.automl.profile.text_forms import holds_dates

ID: Final = "EDA502"
SEVERITY: Final[Severity] = "note"


def check(context: Context) -> Iterator[Alert]:
    """Yield an alert on the columns of dates, and one on those of dates as text."""
    dates = [one for one in context.features if isinstance(one, Numbers) and one.kind == "date"]
    if dates:
        told = named({one.name: _span(one) for one in dates})
        advice = "Use parts and differences of dates, and split by time where the rows are a history"
        yield Alert(ID, tuple(one.name for one in dates), SEVERITY, f"Dates: {told}", advice)
    texts = [one.name for one in context.labels if holds_dates(one)]
    if texts:
        advice = "Convert with pd.to_datetime where the table is read"
        yield Alert(ID, tuple(texts), "warning", f"Dates stored as text: {named(texts)}", advice)


def _span(column: Numbers) -> str:
    first, last = (np.datetime_as_string(np.datetime64(int(column.ordered[end]), "s"), "D") for end in (0, -1))
    return str(first) if first == last else f"{first} to {last}"
