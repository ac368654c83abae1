"""NAM106: a name has a `#` in it.

Some types take it, yet in the address of a resource everything from the # on is cut off: the request that was meant
for `appi#1` reaches `appi`. Azure's documentation advises against it for every type.

Source: Azure documentation, Naming rules and restrictions for Azure resources, 2023-11-20: "Don't use # in a resource
name. It interferes with URL parsing on Azure Resource Manager requests."

Passes:

```text
appi=appi-churn-1
```

Fails:

```text
appi=appi-churn#1
```
"""

from collections.abc import Iterator
from typing import Final

from naming.errors import shown
from naming.lint.checks.context import Context
from naming.lint.model import Finding, NamedResource

ID: Final = "NAM106"
SEVERITY: Final = "warning"
HELP = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules"


def check(resource: NamedResource, _context: Context) -> Iterator[Finding]:
    """Yield a finding when the type takes a # and the name has one."""
    if "#" in resource.name and resource.rule.accepts(resource.name):
        message = f"{shown(resource.name)} has a #, where Azure cuts off the address of a resource: write a hyphen."
        yield Finding(id=ID, severity=SEVERITY, resource=resource, message=message)
