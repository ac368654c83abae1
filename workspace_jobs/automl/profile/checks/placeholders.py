"""EDA403: a value stands for a missing one.

`?`, `n/a`, an empty text or 9999 are read as values like any other: a number that nobody measured pulls a mean up,
and a label that means "unknown" becomes a kind of its own. A number is taken for a placeholder where the smallest or
largest value occurs again and again, far from all others, and is written as placeholders are: -1, or 9s alone.

What to do: read them as missing (`na_values` of pandas), and fill the gaps inside the pipeline.

Found:

```python
frame = pd.DataFrame({"age": range(100), "income": [9999] * 10 + list(range(90)), "plan": ["basic", "?"] * 50})
```

Not found:

```python
frame = pd.DataFrame({"age": range(100), "income": range(100), "plan": ["basic", "pro"] * 50})
```
"""

import re
from collections.abc import Iterator
from typing import Final

import numpy as np

from workspace_jobs.automl.profile.alerts import Alert, Severity, named
from workspace_jobs.automl.profile.checks.context import Context
from workspace_jobs.automl.profile.columns import Categories, Numbers

ID: Final = "EDA403"
SEVERITY: Final[Severity] = "warning"
# What people write for "nothing" apart from what pandas reads as missing already.
_WORDS: Final = frozenset(("", "?", "??", "-", "--", ".", "n/a", "na", "nan", "null", "none", "nil", "missing", "#n/a"))
_NUMBER = re.compile(r"-1|-?9{2,}|-?9{2,}\.0*|-?9{2,}\.9+")
_SHARE: Final = 0.005
_TIMES: Final = 5
_LEVELS: Final = 2_000


def check(context: Context) -> Iterator[Alert]:
    """Yield an alert on the columns that have such values, each with the values."""
    found = {column.name: _words(column) for column in context.labels}
    found.update({column.name: _numbers(column) for column in context.numbers})
    found = {name: values for name, values in found.items() if values}
    if found:
        told = named({name: ", ".join(values) for name, values in found.items()})
        yield Alert(ID, tuple(found), SEVERITY, f"Values that stand for missing ones: {told}", "Read them as missing")


def _words(column: Categories) -> list[str]:
    frequent = (str(column.levels[one]) for one in column.by_frequency[:_LEVELS])
    return [f"`{level}`" for level in frequent if level.strip().casefold() in _WORDS]


def _numbers(column: Numbers) -> list[str]:
    """The smallest or the largest value, where it is repeated and far from the rest."""
    levels = column.levels
    if len(levels) < 4:  # noqa: PLR2004 - two ends, and a range between them
        return []
    enough = max(_TIMES, _SHARE * len(column.ordered))
    ends = ((0, 1, -1), (-1, -2, 0))
    with np.errstate(over="ignore"):
        return [
            f"{levels[end]:g}"
            for end, neighbour, other in ends
            if column.counts[end] >= enough
            and _NUMBER.fullmatch(f"{levels[end]:.6g}")
            and _is_apart(levels[end], levels[neighbour], levels[other])
        ]


def _is_apart(end: float, neighbour: float, other: float) -> bool:
    """Whether the end is as far from its neighbour as the rest reaches, or -1 the only value below zero."""
    return bool(abs(end - neighbour) >= abs(neighbour - other)) or (end == -1 and neighbour >= 0 and other > 1)
