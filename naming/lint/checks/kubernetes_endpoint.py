"""NAM104: the names of a Kubernetes online endpoint and its deployment are too long together.

Azure Machine Learning makes one Kubernetes name of the two: each may have 32 characters, both together 62. Managed
endpoints have no such limit, so the check needs a source that tells the kind.

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

from naming.lint.checks.context import Context
from naming.lint.model import Finding, NamedResource

ID: Final = "NAM104"
SEVERITY: Final = "error"
HELP = "https://learn.microsoft.com/azure/machine-learning/how-to-manage-quotas"

_TYPE = "microsoft.machinelearningservices/workspaces/onlineendpoints/deployments"
_KIND = "kubernetes"
_SHORTEST, _LONGEST = 6, 62


def check(resource: NamedResource, _context: Context) -> Iterator[Finding]:
    """Yield a finding when endpoint and deployment together have fewer than 6 or more than 62 characters."""
    if resource.type.lower() != _TYPE or (resource.variant or "").lower() != _KIND:
        return
    endpoint = resource.scope_path.rstrip("/").rpartition("/")[2]
    together = len(endpoint) + len(resource.name)
    if endpoint and not _SHORTEST <= together <= _LONGEST:
        message = (
            f"{endpoint!r} and its deployment {resource.name!r} have {together} characters together, and Kubernetes "
            f"takes {_SHORTEST} to {_LONGEST}."
        )
        yield Finding(id=ID, severity=SEVERITY, resource=resource, message=message)
