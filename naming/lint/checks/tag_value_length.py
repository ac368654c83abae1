"""NAM405: the value of a tag is longer than Azure takes.

256 characters. A value of JSON or a list of names grows past it unseen.

Source: Azure documentation, Use tags to organize your Azure resources and management hierarchy, read 2026-11-20.

Passes:

```json
[{"type": "Microsoft.KeyVault/vaults", "name": "kv-churn-dev",
  "tags": {"purpose": "churn"}}]
```

Fails:

```json
[{"type": "Microsoft.KeyVault/vaults", "name": "kv-churn-dev",
  "tags": {"purpose": "keeps the secrets of\
 churn, uplift, pricing, basket, returns, forecasting, recommendations, search,\
 churn, uplift, pricing, basket, returns, forecasting, recommendations, search,\
 churn, uplift, pricing, basket, returns, forecasting, recommendations, search, and a few more"}}]
```
"""

from collections.abc import Iterator
from typing import Final

from naming.errors import shown
from naming.lint.checks import tags
from naming.lint.checks.context import Context
from naming.lint.model import Finding, NamedResource

ID: Final = "NAM405"
SEVERITY: Final = "error"
HELP = tags.HELP


def check(resource: NamedResource, _context: Context) -> Iterator[Finding]:
    """Yield a finding for each value that is too long."""
    for name, value in (resource.tags or {}).items():
        if len(value) > tags.LONGEST_VALUE:
            message = (
                f"the tag {shown(name)} of {shown(resource.name)} has a value of {len(value)} characters, and Azure "
                f"takes {tags.LONGEST_VALUE}."
            )
            yield Finding(id=ID, severity=SEVERITY, resource=resource, message=message)
