"""EDA602: a column is distributed differently in the test table.

The test then asks about other rows than those that were learned from, or something was measured or cleaned
differently. Numbers and dates are compared by the largest distance between their distributions (Kolmogorov and
Smirnov's, from .1 on), labels by the population stability index (from .2 on), gaps by their share (from .1 on), in
each case only where chance can't explain it.

What to do: where the test rows are later ones, expect worse scores than cross-validation gives, and watch for drift;
where they should be alike, find out how the tables were made.

Found:

```python
frame = pd.DataFrame({"age": rng.normal(40, 9, 500), "city": rng.choice(["Ulm", "Bonn"], 500)})
test = pd.DataFrame({"age": rng.normal(55, 9, 200), "city": rng.choice(["Ulm", "Bonn"], 200)})
```

Not found:

```python
frame = pd.DataFrame({"age": rng.normal(40, 9, 500), "city": rng.choice(["Ulm", "Bonn"], 500)})
test = pd.DataFrame({"age": rng.normal(40, 9, 200), "city": rng.choice(["Ulm", "Bonn"], 200)})
```
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

from workspace_jobs.automl.profile.alerts import Alert, Severity, named
from workspace_jobs.automl.profile.checks.context import FEW_ROWS, Context
from workspace_jobs.automl.profile.columns import Categories, Column, Floats, Numbers

ID: Final = "EDA602"
SEVERITY: Final[Severity] = "warning"
_FAR_APART: Final = 0.1
_UNSTABLE: Final = 0.2
_BY_CHANCE: Final = 0.001
_MOST_LEVELS: Final = 50


def check(context: Context) -> Iterator[Alert]:
    """Yield an alert on the columns, the target among them, whose distribution differs in the test table."""
    if context.test is None or min(context.table.rows, context.test.rows) < FEW_ROWS:
        return
    columns = (*context.features, context.target) if context.target is not None else context.features
    pairs = [(one, context.test.columns[one.name]) for one in columns if one.name in context.test.columns]
    differences = ((one.name, _difference(one, other, _BY_CHANCE / len(pairs))) for one, other in pairs)
    found = {name: difference for name, difference in differences if difference}
    if found:
        advice = "Expect worse scores than cross-validation gives, or find out how the tables were made"
        yield Alert(ID, tuple(found), SEVERITY, f"Distributed differently in the test table: {named(found)}", advice)


def _difference(train: Column, test: Column, chance: float) -> str:
    """How two columns differ, empty where they don't or can't be compared. Identifiers differ, as they should."""
    margin = np.sqrt(-np.log(chance / 2) / 2 * (1 / len(train.missing) + 1 / len(test.missing)))
    gaps = float(train.missing.mean()), float(test.missing.mean())
    if abs(gaps[1] - gaps[0]) > max(_FAR_APART, margin):
        return f"missing {gaps[0]:.0%}, in the test table {gaps[1]:.0%}"
    if isinstance(train, Numbers) and isinstance(test, Numbers) and train.kind == test.kind:
        distance = _kolmogorov_smirnov(train.ordered, test.ordered)
        return f"KS {distance:.2f}" if distance > max(_FAR_APART, margin) else ""
    if isinstance(train, Categories) and isinstance(test, Categories) and train.distinct <= _MOST_LEVELS:
        index, by_chance = _population_stability(train, test)
        return f"PSI {index:.2f}" if index > max(_UNSTABLE, by_chance) else ""
    return ""


def _kolmogorov_smirnov(train: Floats, test: Floats) -> float:
    """The largest distance between two distributions of ascending values."""
    if not len(train) or not len(test):
        return 0.0
    at = np.concatenate([train, test])
    shares = [np.searchsorted(values, at, side="right") / len(values) for values in (train, test)]
    return float(np.abs(shares[0] - shares[1]).max())


def _population_stability(train: Categories, test: Categories) -> tuple[float, float]:
    """The index over the training table's labels and one for all that are new, and how large it may be by chance."""
    known = {str(level): place for place, level in enumerate(train.levels)}
    place = np.array([known.get(str(level), len(known)) for level in test.levels], dtype=np.int64)
    trained = np.append(train.counts, 0) + 0.5
    tested = np.bincount(place, test.counts, len(known) + 1) + 0.5
    shares = trained / trained.sum(), tested / tested.sum()
    index = float(((shares[1] - shares[0]) * np.log(shares[1] / shares[0])).sum())
    return index, 4.0 * (len(known) + 2) * (1 / trained.sum() + 1 / tested.sum())
