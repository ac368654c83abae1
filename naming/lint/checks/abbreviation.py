"""NAM201: a name lacks the abbreviation of its type, or has another one.

The abbreviation is how people see in a list, a bill or a log what a resource is. It is the one of the Cloud Adoption
Framework unless the convention has its own (`[types]` of naming.toml). Types without either are not checked.

Source: Cloud Adoption Framework, Abbreviation recommendations for Azure resources, read 2026-08.

Passes:

```text
rg=rg-churn-dev-euw
appi=appi-churn-dev-euw
```

Fails:

```text
rg=kv-churn-dev-euw
appi=insights-churn-dev-euw
```
"""

from collections.abc import Iterator
from typing import Final

from naming.lint.checks import deviations
from naming.lint.checks.context import Context
from naming.lint.model import Finding, NamedResource
from naming.parse_diagnosis import Deviation, DeviationKind

ID: Final = "NAM201"
SEVERITY: Final = "error"
HELP = deviations.HELP


def check(resource: NamedResource, context: Context) -> Iterator[Finding]:
    """Yield a finding when the abbreviation is missing or wrong."""
    return deviations.findings(ID, SEVERITY, resource, context, _is_meant)


def _is_meant(deviation: Deviation) -> bool:
    return deviations.concerns(deviation, "abbreviation") and deviation.kind in (
        DeviationKind.UNKNOWN,
        DeviationKind.MISSING,
    )
