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

from collections.abc import Iterator
from typing import Final

from naming.lint.checks import deviations
from naming.lint.checks.context import Context
from naming.lint.model import Finding, NamedResource
from naming.parse_diagnosis import Deviation, DeviationKind

ID: Final = "NAM206"
SEVERITY: Final = "error"
HELP = deviations.HELP


def check(resource: NamedResource, context: Context) -> Iterator[Finding]:
    """Yield a finding when the suffix is missing or not its own."""
    return deviations.findings(ID, SEVERITY, resource, context, _is_meant)


def _is_meant(deviation: Deviation) -> bool:
    return deviations.concerns(deviation, "suffix") and deviation.kind in (DeviationKind.MISSING, DeviationKind.SUFFIX)
