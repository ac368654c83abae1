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

from typing import Final

from naming.lint.checks import deviations
from naming.parse_diagnosis import DeviationKind

ID: Final = "NAM204"
SEVERITY: Final = "error"
HELP = deviations.HELP

check = deviations.check_of(ID, SEVERITY, DeviationKind.ORDER)
