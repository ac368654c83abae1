"""NAM105: a name starts or ends with what Azure refuses there and takes elsewhere.

Most types take hyphens, few at the end; a resource group takes periods, none at the end; a key vault takes digits,
none at the start; a compute may not end in a hyphen and a number, which the platform reserves for its nodes. Such
names come from templates whose last word was left empty, so the word that is missing is worth a look.

Source: Azure documentation, Naming rules and restrictions for Azure resources, 2023-11-20; Azure/bicep-types-az for
computes, read 2026-08.

Passes:

```text
kv=kv-churn-dev
rg=rg-churn.dev
```

Fails:

```text
kv=kv-churn-dev-
kv=1kv-churn-dev
rg=rg-churn-dev.
Microsoft.MachineLearningServices/workspaces/computes[AmlCompute]=cpu-01
```
"""

from collections.abc import Iterator
from typing import Final

from naming.errors import shown
from naming.lint.checks.context import Context
from naming.lint.model import Finding, NamedResource
from naming.rule import Rule, ViolationKind

ID: Final = "NAM105"
SEVERITY: Final = "error"
HELP = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules"


def check(resource: NamedResource, _context: Context) -> Iterator[Finding]:
    """Yield a finding when only the start or the end of the name keeps it from being accepted."""
    rule = resource.rule
    for violation in rule.violations(resource.name):
        edges = wrong_edges(rule, resource.name) if violation.kind is ViolationKind.CHARACTERS else ""
        if edges:
            message = f"{shown(resource.name)} {edges} {rule.a_label} may not, which takes {rule.description}."
            yield Finding(id=ID, severity=SEVERITY, resource=resource, message=message)


def wrong_edges(rule: Rule, name: str) -> str:
    """Say how the name starts or ends wrongly ("ends as"), or nothing where more is wrong or all is well.

    An edge is wrong when the name fits once a letter stands before or after it.
    """
    if len(name) <= 1 or _fits(rule, name):
        return ""
    if _fits(rule, f"{name}a"):
        return "ends as"
    if _fits(rule, f"a{name}"):
        return "starts as"
    return "starts and ends as" if _fits(rule, f"a{name}a") else ""


def _fits(rule: Rule, name: str) -> bool:
    return all(violation.kind is not ViolationKind.CHARACTERS for violation in rule.violations(name))
