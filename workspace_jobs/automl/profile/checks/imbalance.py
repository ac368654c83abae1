"""EDA105: nearly all rows are of one class.

Where 95 of 100 rows are of one class, a model that never says anything else is right 95 times of 100: accuracy tells
nothing. The rare class is usually the one that matters.

What to do: judge by ROC AUC, average precision or log loss; keep the classes' shares in every fold (stratify); choose
the decision threshold by what errors cost. Drawing rows anew is seldom needed.

Found:

```python
frame = pd.DataFrame({"age": range(1000), "fraud": [row % 50 == 0 for row in range(1000)]})
target = "fraud"
```

Not found:

```python
frame = pd.DataFrame({"age": range(1000), "fraud": [row % 3 == 0 for row in range(1000)]})
target = "fraud"
```
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

from workspace_jobs.automl.profile.alerts import Alert, Severity
from workspace_jobs.automl.profile.checks.context import Context

ID: Final = "EDA105"
SEVERITY: Final[Severity] = "warning"
_LARGEST_SHARE: Final = 0.9


def check(context: Context) -> Iterator[Alert]:
    """Yield an alert where the largest class has more than nine of ten rows."""
    if context.target is None or not context.is_classification or context.target.distinct <= 1:
        return
    counts = np.bincount(context.classes[context.known])
    share = counts.max() / counts.sum()
    if share > _LARGEST_SHARE:
        largest = context.class_name(int(counts.argmax()))
        message = f"{share:.1%} of the rows have `{context.target.name}` {largest}: always saying so is as accurate"
        advice = "Judge by average precision or ROC AUC instead of accuracy, and choose the threshold by cost"
        yield Alert(ID, (context.target.name,), SEVERITY, message, advice)
