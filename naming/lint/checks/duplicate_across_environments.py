"""NAM303: resources of two environments have one name.

Azure takes it, since they are in different resource groups or subscriptions, and people get it wrong: a log, a bill
or a chat says `appi-churn`, and nobody knows whether dev or prod is meant. The check needs sources that say which
environment they belong to, such as two exported stacks. What lies inside another resource (a compute in its
workspace) is told apart by that one and is left alone.

Source: Cloud Adoption Framework, Define your naming convention (the environment is part of a name), read 2026-08.

Passes:

```toml
dev = ["appi=appi-churn-dev"]
prod = ["appi=appi-churn-prod"]
```

Fails:

```toml
dev = ["appi=appi-churn"]
prod = ["appi=appi-churn"]
```
"""

from typing import Final

ID: Final = "NAM303"
SEVERITY: Final = "warning"
HELP = "https://learn.microsoft.com/azure/cloud-adoption-framework/ready/azure-best-practices/resource-naming"
