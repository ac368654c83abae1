"""EDA402: columns lack their values in the same rows.

They come from one source that had nothing for these rows: a join without a partner, an optional page of a form, a
sensor that was off. One reason, not several.

What to do: treat them as one gap, with one column that says so; or mend the join.

Found:

```python
frame = pd.DataFrame({"age": range(100), "income": range(100), "rent": np.sqrt(range(100))})
frame.loc[frame.index % 3 == 0, ["income", "rent"]] = np.nan
```

Not found:

```python
frame = pd.DataFrame({"age": range(100), "income": range(100), "rent": np.sqrt(range(100))})
frame.loc[frame.index % 3 == 0, "income"] = np.nan
frame.loc[frame.index % 3 == 1, "rent"] = np.nan
```
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from workspace_jobs.automl.profile.alerts import Alert, Severity, named
from workspace_jobs.automl.profile.checks.context import Context

ID: Final = "EDA402"
SEVERITY: Final[Severity] = "note"
_ROWS: Final = 5
_MOST: Final = 10


def check(context: Context) -> Iterator[Alert]:
    """Yield an alert for each set of columns that have the same gaps, the largest first."""
    together: dict[bytes, list[str]] = defaultdict(list)
    counts: dict[bytes, int] = {}
    for column in context.features:
        count = int(column.missing.sum())
        if count >= _ROWS and column.kind != "empty":
            gaps = column.missing.tobytes()
            together[gaps].append(column.name)
            counts[gaps] = count
    found = sorted((gaps for gaps in together if len(together[gaps]) > 1), key=lambda gaps: -len(together[gaps]))
    for gaps in found[:_MOST]:
        message = f"{named(together[gaps])} are missing in the same {counts[gaps]:,} rows"
        yield Alert(ID, tuple(together[gaps]), SEVERITY, message, "Treat them as one gap with one cause")
