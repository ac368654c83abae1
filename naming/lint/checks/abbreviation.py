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

from typing import Final

from naming.lint.checks import deviations
from naming.parse_diagnosis import DeviationKind

ID: Final = "NAM201"
SEVERITY: Final = "error"
HELP = deviations.HELP

check = deviations.check_of(ID, SEVERITY, DeviationKind.UNKNOWN, DeviationKind.MISSING, of=["abbreviation"])
