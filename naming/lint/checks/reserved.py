"""NAM103: a name has a word in it that Azure keeps for itself.

A resource that can be reached from outside may not look like Microsoft's own: 38 words such as `azure` or `office365`
can't be the whole name, `microsoft` and `windows` can't be part of one, and none may start with `login`. Upper and
lower case are the same. Azure answers such a name with ReservedResourceName, in the middle of a deployment.

Source: Azure documentation, Resolve errors for reserved resource names, 2023-04-05; the words are in
`naming/rules/reserved-words.toml`.

Passes:

```text
st=stchurnazure
cr=crlogin
```

Fails:

```text
cr=sharepoint
st=stwindowschurn
cr=logincharts
```
"""

from collections.abc import Iterator
from typing import Final

from naming.lint.checks.context import Context
from naming.lint.model import Finding, NamedResource
from naming.rule import ViolationKind

ID: Final = "NAM103"
SEVERITY: Final = "error"
HELP = "https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-reserved-resource-name"


def check(resource: NamedResource, _context: Context) -> Iterator[Finding]:
    """Yield a finding when the name is, contains or starts with a reserved word."""
    for violation in resource.rule.violations(resource.name):
        if violation.kind is ViolationKind.RESERVED:
            yield Finding(id=ID, severity=SEVERITY, resource=resource, message=violation.message)
