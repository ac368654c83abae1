"""NAM101: a name is shorter or longer than Azure allows.

Every type of resource has its own limits, from 2 to 260 characters, and Azure tells only when the deployment is under
way: half of it exists by then. Names that are put together from words hit the limit as soon as one word grows.

Shorten a word of the name; `mlws names suggest` proposes a name that keeps what tells it apart.

Source: Azure documentation, Naming rules and restrictions for Azure resources, 2023-11-20; the limits of each type
with their own sources are in the reference of the rules.

Passes:

```text
kv=kv-churn-dev-euw-7fa59
```

Fails:

```text
kv=kv-customerchurnmodelling-prod-euw
kv=kv
```
"""

from collections.abc import Iterator
from typing import Final

from naming.lint.checks.context import Context
from naming.lint.model import Finding, NamedResource
from naming.rule import ViolationKind

ID: Final = "NAM101"
SEVERITY: Final = "error"
HELP = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules"


def check(resource: NamedResource, _context: Context) -> Iterator[Finding]:
    """Yield a finding when the name has too few or too many characters."""
    for violation in resource.rule.violations(resource.name):
        if violation.kind is ViolationKind.LENGTH:
            yield Finding(id=ID, severity=SEVERITY, resource=resource, message=violation.message)
