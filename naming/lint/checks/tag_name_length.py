"""NAM404: the name of a tag is empty or longer than Azure takes.

512 characters; 128 on a storage account.

Source: Azure documentation, Use tags to organize your Azure resources and management hierarchy, read 2026-11-20.

Passes:

```json
[{"type": "Microsoft.Storage/storageAccounts", "name": "stchurndev",
  "tags": {"cost-centre": "ml-research"}}]
```

Fails:

```json
[{"type": "Microsoft.Storage/storageAccounts", "name": "stchurndev",
  "tags": {"the-cost-centre-of-the-department-that-ordered-this-storage-account\
-and-of-every-other-department-that-may-have-to-pay-for-it-one-day": "ml-research"}}]
```
"""

from collections.abc import Iterator
from typing import Final

from naming.errors import shown
from naming.lint.checks import tags
from naming.lint.checks.context import Context
from naming.lint.model import Finding, NamedResource

ID: Final = "NAM404"
SEVERITY: Final = "error"
HELP = tags.HELP


def check(resource: NamedResource, _context: Context) -> Iterator[Finding]:
    """Yield a finding for each name that is too long, or empty."""
    longest = tags.longest_name(resource.type)
    for name in resource.tags or ():
        if not 1 <= len(name) <= longest:
            message = (
                f"the name of the tag {shown(name)} of {shown(resource.name)} has {len(name)} characters, and Azure "
                f"takes 1 to {longest} on {resource.rule.a_label}."
            )
            yield Finding(id=ID, severity=SEVERITY, resource=resource, message=message)
