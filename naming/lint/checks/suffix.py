"""NAM206: a name that all of Azure shares has no suffix of its own, or another one's.

The names of storage accounts, key vaults and container registries are taken worldwide: `stchurndev` is somebody
else's. The convention ends such names in a short hash of everything they stand for, the organisation included, so
that they are free and the same on every machine. A suffix that is not the hash of the name's own words was made
elsewhere, or copied.

Source: the naming.toml of your project; Cloud Adoption Framework, Define your naming convention, read 2026-08.

Passes:

```text
kv=kv-churn-dev-euw-8fdv0
```

Fails:

```text
kv=kv-churn-dev-euw
kv=kv-churn-dev-euw-0aaaa
```
"""

from typing import Final

from naming.lint.checks import deviations
from naming.parse_diagnosis import DeviationKind

ID: Final = "NAM206"
SEVERITY: Final = "error"
HELP = deviations.HELP

check = deviations.check_of(ID, SEVERITY, DeviationKind.MISSING, DeviationKind.SUFFIX, of=["suffix"])
