"""NAM104: a name is too long together with that of the resource which it is in.

Azure Machine Learning makes one Kubernetes name of those of an online endpoint and its deployment: each may have 32
characters, both together 62. Managed endpoints have no such limit, so the check needs a source that tells the kind and
the endpoint: a template, a Pulumi stack or a list of resources.

Source: Azure documentation, Manage and increase quotas and limits for resources with Azure Machine Learning (online
endpoints: 6 to 62 characters in total), read 2026-08.

Passes:

```json
[{"id": "/subscriptions/0/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/mlw-churn\
/onlineEndpoints/churn-scoring/deployments/blue", "kind": "Kubernetes",
"type": "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments",
"name": "mlw-churn/churn-scoring/blue"}]
```

Fails:

```json
[{"id": "/subscriptions/0/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/mlw-churn\
/onlineEndpoints/a-name-of-thirty-two-characters1/deployments/b-name-of-thirty-two-characters2", "kind": "Kubernetes",
"type": "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments",
"name": "mlw-churn/a-name-of-thirty-two-characters1/b-name-of-thirty-two-characters2"}]
```
"""

from collections.abc import Iterator
from typing import Final

from naming.errors import shown
from naming.lint.checks.context import Context
from naming.lint.model import Finding, NamedResource

ID: Final = "NAM104"
SEVERITY: Final = "error"
HELP = "https://learn.microsoft.com/azure/machine-learning/how-to-manage-quotas"


def check(resource: NamedResource, _context: Context) -> Iterator[Finding]:
    """Yield a finding when the two names together have more characters than Azure takes."""
    rule = resource.rule
    parent = parent_of(resource) if rule.max_with_parent is not None else ""
    together = len(parent) + len(resource.name)
    if parent and rule.max_with_parent is not None and together > rule.max_with_parent:
        message = (
            f"{shown(resource.name)} and {shown(parent)}, which it is in, have {together} characters together, and "
            f"{rule.a_label} takes {rule.max_with_parent}."
        )
        yield Finding(id=ID, severity=SEVERITY, resource=resource, message=message)


def parent_of(resource: NamedResource) -> str:
    """Return the name of what the resource is in, nothing where the source does not say."""
    before, _, name = resource.scope_path.rstrip("/").rpartition("/")
    parent_type = resource.type.split("/")[-2].lower()
    return name if before.lower().endswith(f"/{parent_type}") else ""
