"""EDA201: a column alone predicts the target.

A column that alone gives almost perfect predictions was most likely written after the outcome was known, or is the
outcome by another name: the date of cancellation, the amount paid back, a code of the result. In validation the model
looks perfect; in use the column is empty. That values are missing counts too, for that often gives the outcome away.

The column's values are put into bins, and each fifth of the rows is predicted from the other four. An error from ROC
AUC .995 or R2 .99 (of the target's ranks), a warning from .98 and .95, in either case only where chance can't explain
it. A date that predicts the target is a warning: rows close in time are alike. A forecast lives on that, and has
none.

What to do: find out when the column gets its value. Leave it out unless that is before the prediction is made.

Found:

```python
frame = pd.DataFrame({"age": rng.integers(18, 90, 500), "churn": rng.integers(0, 2, 500)})
frame["refund"] = np.where(frame["churn"] == 1, rng.normal(40, 3, 500), np.nan)
target = "churn"
```

Not found:

```python
frame = pd.DataFrame({"age": rng.integers(18, 90, 500), "churn": rng.integers(0, 2, 500)})
frame["calls"] = frame["churn"] * 2 + rng.poisson(2, 500)
target = "churn"
```
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

from workspace_jobs.automl.profile.alerts import Alert, Severity
from workspace_jobs.automl.profile.checks.context import Context
from workspace_jobs.automl.profile.predictive_power import Power

ID: Final = "EDA201"
SEVERITY: Final[Severity] = "error"
_CERTAIN: Final = {"ROC AUC": 0.995, "R2": 0.99}
_SUSPECT: Final = {"ROC AUC": 0.98, "R2": 0.95}
_MOST: Final = 20
_ONCE_IN: Final = 1_000


def check(context: Context) -> Iterator[Alert]:
    """Yield an alert for each column that predicts the target better than an honest column is likely to."""
    if context.target is None:
        return
    # The more columns, the further one gets by chance.
    by_chance = np.sqrt(2 * np.log(_ONCE_IN * max(1, len(context.powers))))
    suspects = [
        power
        for power in sorted(context.powers, key=lambda power: -power.value)
        if power.value >= _SUSPECT[power.measure] and power.errors_above_chance > by_chance
    ]
    for power in suspects[:_MOST]:
        is_date = context.table.columns[power.column].kind == "date"
        if is_date and context.problem == "forecast":
            continue
        message = f"`{power.column}` alone predicts `{context.target.name}` with {power.measure} {power.value:.3f}"
        severity, advice = _verdict(power, is_date=is_date)
        yield Alert(ID, (power.column,), severity, message, advice)


def _verdict(power: Power, *, is_date: bool) -> tuple[Severity, str]:
    if is_date:
        return "warning", "Split by time: rows close in time are alike, and random folds let a model read between them"
    if power.value >= _CERTAIN[power.measure]:
        return SEVERITY, "Leave it out unless its value is known before the prediction is made"
    return "warning", "Make sure that its value is known before the prediction is made"
