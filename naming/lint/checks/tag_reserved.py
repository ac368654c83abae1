"""NAM407: the name of a tag starts with a word that Azure keeps for itself.

`microsoft`, `azure` and `windows`, in upper or lower case. Tags that Azure puts there itself, whose name starts with
`hidden-` or `link:`, are left alone.

Source: the operation Tags_CreateOrUpdate of Azure Resource Manager, which keeps these three prefixes of predefined tag
names for Azure, read 2026-11-21.

Passes:

```json
[{"type": "Microsoft.KeyVault/vaults", "name": "kv-churn-dev",
  "tags": {"churn-azure": "yes"}}]
```

Fails:

```json
[{"type": "Microsoft.KeyVault/vaults", "name": "kv-churn-dev",
  "tags": {"Azure-owner": "ml-platform"}}]
```
"""

from collections.abc import Iterator
from typing import Final

from naming.errors import shown
from naming.lint.checks import tags
from naming.lint.checks.context import Context
from naming.lint.model import Finding, NamedResource

ID: Final = "NAM407"
SEVERITY: Final = "error"
HELP = tags.HELP


def check(resource: NamedResource, _context: Context) -> Iterator[Finding]:
    """Yield a finding for each name with a reserved prefix."""
    for name in tags.own_names(resource.tags):
        prefix = next((prefix for prefix in tags.RESERVED_PREFIXES if name.lower().startswith(prefix)), None)
        if prefix is not None:
            message = f"the tag {shown(name)} of {shown(resource.name)} starts with {prefix!r}, which Azure reserves."
            yield Finding(id=ID, severity=SEVERITY, resource=resource, message=message)
