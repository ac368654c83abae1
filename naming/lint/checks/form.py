"""NAM207: a name has the convention's words and is not written as it writes them.

Upper case, another separator, a name longer than the convention allows, or a word that stands for nothing: each is a
name that Azure takes and that the convention would not have made.

Source: the naming.toml of your project; Cloud Adoption Framework, Define your naming convention, read 2026-08.

Passes:

```text
rg=rg-churn-dev-euw
```

Fails:

```text
rg=RG-churn-dev-euw
rg=rg_churn_dev_euw
```
"""

from collections.abc import Iterator
from typing import Final

from naming.lint.checks import deviations
from naming.lint.checks.context import Context
from naming.lint.model import Finding, NamedResource
from naming.parse_diagnosis import Deviation, DeviationKind

ID: Final = "NAM207"
SEVERITY: Final = "error"
HELP = deviations.HELP

_FORM = (DeviationKind.CASE, DeviationKind.SEPARATOR, DeviationKind.LENGTH)


def check(resource: NamedResource, context: Context) -> Iterator[Finding]:
    """Yield a finding when the name is written in another form."""
    return deviations.findings(ID, SEVERITY, resource, context, _is_meant)


def _is_meant(deviation: Deviation) -> bool:
    return deviation.kind in _FORM or (
        deviation.kind is DeviationKind.UNKNOWN and deviation.token not in ("abbreviation", "environment", "region")
    )
