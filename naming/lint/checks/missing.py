"""NAM205: a name lacks a word that the convention wants.

Environment, region and workload tell a resource from the same one elsewhere; without one of them the next environment
needs another kind of name, and the resource can't be renamed then.

Source: the naming.toml of your project; Cloud Adoption Framework, Define your naming convention, read 2026-08.

Passes:

```text
rg=rg-churn-dev-euw
```

Fails:

```text
rg=rg-churn-dev
```
"""

from typing import Final

from naming.lint.checks import deviations
from naming.parse_diagnosis import DeviationKind

ID: Final = "NAM205"
SEVERITY: Final = "error"
HELP = deviations.HELP

check = deviations.check_of(ID, SEVERITY, DeviationKind.MISSING, not_of=["abbreviation", "suffix"])
