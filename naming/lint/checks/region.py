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

from typing import Final

from naming.lint.checks import deviations
from naming.parse_diagnosis import DeviationKind

ID: Final = "NAM203"
SEVERITY: Final = "error"
HELP = deviations.HELP

check = deviations.check_of(ID, SEVERITY, DeviationKind.UNKNOWN, of=["region"])
