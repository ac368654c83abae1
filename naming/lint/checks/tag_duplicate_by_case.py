"""NAM408: two tags of a resource have names that differ by case alone.

To Azure they are one tag: a deployment fails, or keeps one of the two values, and not always the same.

Source: Azure documentation, Use tags to organize your Azure resources, read 2026-11-20: "Tag names are
case-insensitive for operations."

Passes:

```json
[{"type": "Microsoft.KeyVault/vaults", "name": "kv-churn-dev",
  "tags": {"owner": "a", "team": "b"}}]
```

Fails:

```json
[{"type": "Microsoft.KeyVault/vaults", "name": "kv-churn-dev",
  "tags": {"owner": "a", "Owner": "b"}}]
```
"""

from collections.abc import Iterator
from typing import Final

from naming.errors import shown
from naming.lint.checks import tags
from naming.lint.checks.context import Context
from naming.lint.model import Finding, NamedResource

ID: Final = "NAM408"
SEVERITY: Final = "error"
HELP = tags.HELP


def check(resource: NamedResource, _context: Context) -> Iterator[Finding]:
    """Yield a finding for each name that another tag of the resource has in another case."""
    first: dict[str, str] = {}
    for name in resource.tags or ():
        before = first.setdefault(name.lower(), name)
        if before != name:
            message = f"the tags {shown(before)} and {shown(name)} of {shown(resource.name)} are one tag to Azure."
            yield Finding(id=ID, severity=SEVERITY, resource=resource, message=message)
