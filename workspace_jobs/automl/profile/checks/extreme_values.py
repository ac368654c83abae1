"""EDA405: a few values are far from all others.

Another unit, a comma in the wrong place, a test booking, or the one large customer. A value is taken for extreme
where it is ten times further from the median than the value that a twentieth of the rows exceed on its side: far
beyond a long tail.

What to do: look at these rows. Mend what is wrong, and where they are right take the logarithm or ranks (trees need
neither), and don't judge by squared errors.

Found:

```python
frame = pd.DataFrame({"price": [*rng.normal(50, 9, 300), 50_000.0]})
```

Not found:

```python
frame = pd.DataFrame({"price": rng.lognormal(4, 0.8, 300)})
```
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

from workspace_jobs.automl.profile.alerts import Alert, Severity, named
from workspace_jobs.automl.profile.checks.context import FEW_ROWS, Context
from workspace_jobs.automl.profile.columns import Floats, Numbers
from workspace_jobs.automl.profile.statistics import quantile

ID: Final = "EDA405"
SEVERITY: Final[Severity] = "warning"
_TAIL: Final = 0.05
_TIMES: Final = 10.0
_SHARE: Final = 0.01


def check(context: Context) -> Iterator[Alert]:
    """Yield an alert on the columns, a target of numbers among them, that have such values."""
    columns = list(context.numbers)
    if isinstance(context.target, Numbers) and not context.is_classification:
        columns.append(context.target)
    found = {column.name: extremes(column.ordered) for column in columns if len(column.ordered) >= FEW_ROWS}
    found = {name: values for name, values in found.items() if len(values)}
    if found:
        told = named({name: _told(values) for name, values in found.items()})
        advice = "Look at these rows; mend what is wrong, and take logarithms or ranks of what is right"
        yield Alert(ID, tuple(found), SEVERITY, f"Values far from all others: {told}", advice)


def extremes(ordered: Floats) -> Floats:
    """Those of the ascending values that are far from all others."""
    with np.errstate(over="ignore"):
        low, middle, high = (quantile(ordered, share) for share in (_TAIL, 0.5, 1 - _TAIL))
        # A side on which nearly all values are the same has no width of its own.
        below, above = middle - low or high - middle, high - middle or middle - low
        if not below > 0:
            return ordered[:0]
        far = (ordered < middle - _TIMES * below) | (ordered > middle + _TIMES * above)
        # What one row in a hundred has is rare, not extreme.
        return ordered[far] if far.mean() <= _SHARE else ordered[:0]


def _told(values: Floats) -> str:
    furthest = values[-1] if abs(values[-1]) >= abs(values[0]) else values[0]
    return f"{furthest:.6g}" if len(values) == 1 else f"{len(values):,} values, such as {furthest:.6g}"
