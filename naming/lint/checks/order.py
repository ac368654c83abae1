"""NAM204: a name has its words in another order than the convention.

`order` in naming.toml says which word comes first. Names in one order sort, filter and read as one; a script that
takes the third word for the environment finds the region in this one.

Source: the naming.toml of your project; Cloud Adoption Framework, Define your naming convention, read 2026-08.

Passes:

```text
rg=rg-churn-dev-euw
```

Fails:

```text
rg=rg-dev-churn-euw
```
"""

from collections.abc import Iterator
from typing import Final

from naming.lint.checks import deviations
from naming.lint.checks.context import Context
from naming.lint.model import Finding, NamedResource
from naming.parse_diagnosis import Deviation, DeviationKind

ID: Final = "NAM204"
SEVERITY: Final = "error"
HELP = deviations.HELP


def check(resource: NamedResource, context: Context) -> Iterator[Finding]:
    """Yield a finding when a word stands at another place."""
    return deviations.findings(ID, SEVERITY, resource, context, _is_meant)


def _is_meant(deviation: Deviation) -> bool:
    return deviation.kind is DeviationKind.ORDER
