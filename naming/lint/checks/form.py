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

from typing import Final

from naming.lint.checks import deviations
from naming.parse_diagnosis import DeviationKind

ID: Final = "NAM207"
SEVERITY: Final = "error"
HELP = deviations.HELP

check = deviations.check_of(
    ID,
    SEVERITY,
    DeviationKind.CASE,
    DeviationKind.SEPARATOR,
    DeviationKind.LENGTH,
    DeviationKind.UNKNOWN,
    not_of=["abbreviation", "environment", "region"],
)
