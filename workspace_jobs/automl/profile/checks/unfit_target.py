"""EDA103: the target does not fit the problem.

Regression and forecasting predict a number, so a target of labels or dates cannot be theirs. Classification needs
several rows of a class to learn it: where nearly every row has a target of its own, the target is a number to be
regressed, an identifier, or text.

What to do: name another problem, or another column as the target.

Found:

```python
frame = pd.DataFrame({"age": range(50), "churn": ["no", "yes"] * 25})
target = "churn"
problem = "regression"
```

Not found:

```python
frame = pd.DataFrame({"age": range(50), "churn": ["no", "yes"] * 25})
target = "churn"
problem = "binary"
```
"""

from collections.abc import Iterator
from typing import Final

from workspace_jobs.automl.profile.alerts import Alert, Severity
from workspace_jobs.automl.profile.checks.context import Context

ID: Final = "EDA103"
SEVERITY: Final[Severity] = "error"


def check(context: Context) -> Iterator[Alert]:
    """Yield an alert where the target is not what the problem predicts, or no problem is there for it."""
    target = context.target
    if target is not None and context.misfit and target.distinct > 1:
        advice = "Name another problem or another column as the target, or get more rows"
        yield Alert(ID, (target.name,), SEVERITY, context.misfit, advice)
