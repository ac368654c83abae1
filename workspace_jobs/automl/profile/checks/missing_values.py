"""EDA401: many values of a column are missing.

A gap that is filled is a guess. Where half of a column is guesses, it says little; and where the gaps depend on the
outcome, that a value is missing says more than the value.

A warning from half of the values, a note from a twentieth.

What to do: learn why they are missing. Leave out what is nearly empty; elsewhere fill the gaps inside the pipeline
and keep a column that says where they were, which AutoML does.

Found:

```python
frame = pd.DataFrame({"age": range(100), "income": [None] * 70 + list(range(30))})
```

Not found:

```python
frame = pd.DataFrame({"age": range(100), "income": [None] * 2 + list(range(98))})
```
"""

from collections.abc import Iterator
from typing import Final

from workspace_jobs.automl.profile.alerts import Alert, Severity, named
from workspace_jobs.automl.profile.checks.context import Context

ID: Final = "EDA401"
SEVERITY: Final[Severity] = "warning"
_MOSTLY: Final = 0.5
_SOME: Final = 0.05


def check(context: Context) -> Iterator[Alert]:
    """Yield an alert on the columns that lack half of their values, and one on those that lack a twentieth."""
    shares = {one.name: float(one.missing.mean()) for one in context.features if one.kind != "empty"}
    ordered = sorted(shares, key=lambda name: -shares[name])
    mostly = [name for name in ordered if shares[name] >= _MOSTLY]
    if mostly:
        advice = "Learn why; leave out what is nearly empty, and keep a column that says where gaps were filled"
        message = f"Half or more of the values are missing: {_told(mostly, shares)}"
        yield Alert(ID, tuple(mostly), SEVERITY, message, advice)
    some = [name for name in ordered if _SOME <= shares[name] < _MOSTLY]
    if some:
        advice = "Fill the gaps inside the pipeline, and keep a column that says where they were"
        yield Alert(ID, tuple(some), "note", f"Values are missing: {_told(some, shares)}", advice)


def _told(names: list[str], shares: dict[str, float]) -> str:
    return named({name: f"{shares[name]:.0%}" for name in names})
