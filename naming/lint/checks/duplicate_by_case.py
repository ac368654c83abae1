"""NAM302: two names differ by upper and lower case alone.

Azure compares names without regard to case, so the second resource is refused, or worse, the first one is updated.
Tools disagree: a Terraform state, a Pulumi stack and a Python dictionary hold the two for different ones.

Source: Azure documentation, Naming rules and restrictions for Azure resources, 2023-11-20: "Always perform a
case-insensitive comparison of names."

Passes:

```text
kv=kv-churn-dev
kv=KV-churn-prod
```

Fails:

```text
kv=kv-churn
kv=KV-Churn
```
"""

from typing import Final

ID: Final = "NAM302"
SEVERITY: Final = "error"
HELP = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules"
