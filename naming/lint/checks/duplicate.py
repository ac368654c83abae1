"""NAM301: two resources have one name where Azure takes it only once.

How far a name reaches depends on its type: a storage account's name is taken in all of Azure, a resource group's in
its subscription, a workspace's in its resource group, a datastore's in its workspace. The linter remembers the names
of all its sources, so two stacks that would fight over one name are found before the second is deployed.

A name that is taken in a region is compared with those of the same location, where the sources say it. What is on
another resource, such as a lock or a diagnostic setting, is compared with what is on the same one, and with nothing
where the source does not say which that is.

Source: Azure documentation, Naming rules and restrictions for Azure resources, 2023-11-20 (the column "Scope").

Passes:

```text
kv=kv-churn-dev
kv=kv-churn-prod
```

Fails:

```text
kv=kv-churn
kv=kv-churn
```
"""

from typing import Final

ID: Final = "NAM301"
SEVERITY: Final = "error"
HELP = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules"
