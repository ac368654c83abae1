"""NAM203: a name has a region that the convention does not know.

Microsoft publishes no short codes of regions, and the tables in use contradict each other: West Europe is `euw` in
one and `weu` in the other. naming.toml chooses a table (`region_codes`) and may have codes of its own (`[regions]`).

Source: the naming.toml of your project; the tables of Azure/AzureNamingTool and nianton/azure-naming, read 2026-08.

Passes:

```text
rg=rg-churn-dev-euw
```

Fails:

```text
rg=rg-churn-dev-weu
```
"""

from collections.abc import Iterator
from typing import Final

from naming.lint.checks import deviations
from naming.lint.checks.context import Context
from naming.lint.model import Finding, NamedResource
from naming.parse_diagnosis import Deviation, DeviationKind

ID: Final = "NAM203"
SEVERITY: Final = "error"
HELP = deviations.HELP


def check(resource: NamedResource, context: Context) -> Iterator[Finding]:
    """Yield a finding when the region is none of the convention's."""
    return deviations.findings(ID, SEVERITY, resource, context, _is_meant)


def _is_meant(deviation: Deviation) -> bool:
    return deviations.concerns(deviation, "region") and deviation.kind is DeviationKind.UNKNOWN
