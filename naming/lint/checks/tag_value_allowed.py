"""NAM402: a tag has a value that the settings do not allow.

`prod`, `Prod` and `production` are three values in a bill. The settings list the values that a tag may have, in the
case that they must have; an empty list allows any:

```toml
[lint.required-tags]
owner = []
environment = ["dev", "prod"]
```

Source: your settings; Azure documentation, Use tags to organize your Azure resources, read 2026-11-20: "Tag values
are case-sensitive."

Passes:

```json
[{"type": "Microsoft.KeyVault/vaults", "name": "kv-churn-dev",
  "tags": {"owner": "anybody", "environment": "dev"}}]
```

Fails:

```json
[{"type": "Microsoft.KeyVault/vaults", "name": "kv-churn-dev",
  "tags": {"owner": "anybody", "environment": "Dev"}}]
```
"""

from collections.abc import Iterator
from typing import Final

from naming.errors import did_you_mean, shown
from naming.lint.checks import tags
from naming.lint.checks.context import Context
from naming.lint.model import Finding, NamedResource

ID: Final = "NAM402"
SEVERITY: Final = "error"
HELP = tags.HELP


def check(resource: NamedResource, context: Context) -> Iterator[Finding]:
    """Yield a finding for each tag with a value that is not among the allowed ones."""
    allowed = context.configuration.allowed_values
    if not allowed or not resource.tags:
        return
    for name, value in resource.tags.items():
        values = allowed.get(name.lower())
        if values and value and value not in values:
            nearest = did_you_mean(value, values)
            message = f"the tag {shown(name)} of {shown(resource.name)} is {shown(value)}: {nearest}"
            yield Finding(id=ID, severity=SEVERITY, resource=resource, message=message)
