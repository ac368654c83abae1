"""NAM401: a tag that the settings require is missing or empty.

Tags are how bills, owners and clean-up jobs find a resource; one that has none belongs to nobody. Which are required
is for the settings to say, and nothing is until they do:

```toml
[lint.required-tags]
owner = []
environment = ["dev", "prod"]
```

Tag names are the same to Azure in upper and lower case, so they are here. Resources whose source does not know tags
are not judged, nor are types that take none (locks, role assignments, budgets, diagnostic settings and others), nor
those inside another resource that have no tags at all, since most of them take none.

Source: your settings.

Passes:

```json
[{"type": "Microsoft.KeyVault/vaults", "name": "kv-churn-dev",
  "tags": {"owner": "ml-platform", "Environment": "dev"}}]
```

Fails:

```json
[{"type": "Microsoft.KeyVault/vaults", "name": "kv-churn-dev",
  "tags": {"owner": "", "environment": "dev"}}]
```
"""

from collections.abc import Iterator
from typing import Final

from naming.errors import shown
from naming.lint.checks import tags
from naming.lint.checks.context import Context
from naming.lint.model import Finding, NamedResource

ID: Final = "NAM401"
SEVERITY: Final = "error"
HELP = tags.HELP


def check(resource: NamedResource, context: Context) -> Iterator[Finding]:
    """Yield a finding for each required tag that is not there, or is there without a value."""
    required = context.configuration.required_tags
    if not required or resource.tags is None or not tags.is_judged(resource.type, resource.tags):
        return
    present = {name.lower() for name, value in resource.tags.items() if value}
    for name in required:
        if name.lower() not in present:
            message = f"{shown(resource.name)} lacks the tag {name!r}, which {context.configuration.file} requires."
            yield Finding(id=ID, severity=SEVERITY, resource=resource, message=message)
