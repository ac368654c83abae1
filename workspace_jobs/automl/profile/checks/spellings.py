"""EDA408: labels differ in case or spaces alone.

`Berlin`, `berlin` and `Berlin ` are three categories to a program, each with a part of the rows.

What to do: strip the spaces and settle on one case.

Found:

```python
frame = pd.DataFrame({"city": ["Berlin", "berlin ", "Ulm", "Bonn"] * 25})
```

Not found:

```python
frame = pd.DataFrame({"city": ["Berlin", "Ulm", "Bonn", "Trier"] * 25})
```
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from workspace_jobs.automl.profile.alerts import Alert, Severity, named
from workspace_jobs.automl.profile.checks.context import Context
from workspace_jobs.automl.profile.columns import Categories

ID: Final = "EDA408"
SEVERITY: Final[Severity] = "warning"
_LOOKED_AT: Final = 2_000
# Codes such as `a` and `A` may be meant, and where every value is its own no two are one.
_SHORTEST: Final = 2


def check(context: Context) -> Iterator[Alert]:
    """Yield an alert on the columns, a target of labels among them, that have several spellings of a label."""
    columns = list(context.labels)
    if isinstance(context.target, Categories):
        columns.append(context.target)
    found = {one.name: _spellings(one) for one in columns if one.kind == "category"}
    found = {name: spellings for name, spellings in found.items() if spellings}
    if found:
        told = named({name: " and ".join(spellings) for name, spellings in found.items()})
        message = f"Labels that differ in case or spaces alone: {told}"
        yield Alert(ID, tuple(found), SEVERITY, message, "Strip the spaces and settle on one case")


def _spellings(column: Categories) -> list[str]:
    """The first label that is written in several ways, in each of them."""
    if column.distinct == len(column.codes):
        return []
    written: dict[str, list[str]] = defaultdict(list)
    for place in column.by_frequency[:_LOOKED_AT]:
        level = str(column.levels[place])
        if len(level) >= _SHORTEST:
            written[" ".join(level.casefold().split())].append(f"`{level}`")
    return next((spellings[:3] for spellings in written.values() if len(spellings) > 1), [])
