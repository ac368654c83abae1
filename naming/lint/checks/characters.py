"""NAM102: a name has characters that Azure refuses in it.

Which characters a name may have depends on the type: a storage account takes lower-case letters and digits alone, a
key vault hyphens too but never two in a row, a datastore underscores but no hyphens. What is wrong at the very start
or end of a name alone is reported as NAM105.

Source: Azure documentation, Naming rules and restrictions for Azure resources, 2023-11-20; the characters of each
type with their own sources are in the reference of the rules.

Passes:

```text
st=stchurndeveuw7fa59
Microsoft.MachineLearningServices/workspaces/datastores=training_data
```

Fails:

```text
st=st-churn-dev
kv=kv--churn
Microsoft.MachineLearningServices/workspaces/datastores=training-data
```
"""

from collections.abc import Iterator
from typing import Final

from naming.lint.checks.context import Context
from naming.lint.checks.edges import wrong_edges
from naming.lint.model import Finding, NamedResource
from naming.rule import ViolationKind

ID: Final = "NAM102"
SEVERITY: Final = "error"
HELP = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules"


def check(resource: NamedResource, _context: Context) -> Iterator[Finding]:
    """Yield a finding when the name has a character or a sequence of them that its type does not take."""
    for violation in resource.rule.violations(resource.name):
        if violation.kind is ViolationKind.CHARACTERS and not wrong_edges(resource.rule, resource.name):
            yield Finding(id=ID, severity=SEVERITY, resource=resource, message=violation.message)
