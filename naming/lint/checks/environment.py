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

from typing import Final

from naming.lint.checks import deviations
from naming.parse_diagnosis import DeviationKind

ID: Final = "NAM202"
SEVERITY: Final = "error"
HELP = deviations.HELP

check = deviations.check_of(ID, SEVERITY, DeviationKind.UNKNOWN, of=["environment"])
