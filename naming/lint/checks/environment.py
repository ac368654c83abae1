"""NAM202: a name has an environment that the convention does not know.

The environments and their short forms are in `[environments]` of naming.toml. `production` beside `prod`, or a
`stage` that nobody agreed on, splits every list and every policy that goes by the name.

Source: the naming.toml of your project; Cloud Adoption Framework, Define your naming convention, read 2026-08.

Passes:

```text
rg=rg-churn-dev-euw
```

Fails:

```text
rg=rg-churn-production-euw
```
"""

from collections.abc import Iterator
from typing import Final

from naming.lint.checks import deviations
from naming.lint.checks.context import Context
from naming.lint.model import Finding, NamedResource
from naming.parse_diagnosis import Deviation, DeviationKind

ID: Final = "NAM202"
SEVERITY: Final = "error"
HELP = deviations.HELP


def check(resource: NamedResource, context: Context) -> Iterator[Finding]:
    """Yield a finding when the environment is none of the convention's."""
    return deviations.findings(ID, SEVERITY, resource, context, _is_meant)


def _is_meant(deviation: Deviation) -> bool:
    return deviations.concerns(deviation, "environment") and deviation.kind is DeviationKind.UNKNOWN
