"""NAM403: a resource has more tags than Azure takes.

Fifty; fifteen on Azure Automation, CDN, DNS zones and their records, and saved searches of Log Analytics. Policies
that add tags run into the limit at a resource that has nearly as many, and its next deployment fails.

Source: Azure documentation, Use tags to organize your Azure resources and management hierarchy, read 2026-11-20.

Passes:

```json
[{"type": "Microsoft.KeyVault/vaults", "name": "kv-churn-dev", "tags": {
  "t01": "", "t02": "", "t03": "", "t04": "", "t05": "", "t06": "", "t07": "", "t08": "", "t09": "",
  "t10": "", "t11": "", "t12": "", "t13": "", "t14": "", "t15": "", "t16": "", "t17": "", "t18": "",
  "t19": "", "t20": "", "t21": "", "t22": "", "t23": "", "t24": "", "t25": "", "t26": "", "t27": "",
  "t28": "", "t29": "", "t30": "", "t31": "", "t32": "", "t33": "", "t34": "", "t35": "", "t36": "",
  "t37": "", "t38": "", "t39": "", "t40": "", "t41": "", "t42": "", "t43": "", "t44": "", "t45": "",
  "t46": "", "t47": "", "t48": "", "t49": "", "t50": ""}}]
```

Fails:

```json
[{"type": "Microsoft.KeyVault/vaults", "name": "kv-churn-dev", "tags": {
  "t01": "", "t02": "", "t03": "", "t04": "", "t05": "", "t06": "", "t07": "", "t08": "", "t09": "",
  "t10": "", "t11": "", "t12": "", "t13": "", "t14": "", "t15": "", "t16": "", "t17": "", "t18": "",
  "t19": "", "t20": "", "t21": "", "t22": "", "t23": "", "t24": "", "t25": "", "t26": "", "t27": "",
  "t28": "", "t29": "", "t30": "", "t31": "", "t32": "", "t33": "", "t34": "", "t35": "", "t36": "",
  "t37": "", "t38": "", "t39": "", "t40": "", "t41": "", "t42": "", "t43": "", "t44": "", "t45": "",
  "t46": "", "t47": "", "t48": "", "t49": "", "t50": "", "t51": ""}}]
```
"""

from collections.abc import Iterator
from typing import Final

from naming.errors import shown
from naming.lint.checks import tags
from naming.lint.checks.context import Context
from naming.lint.model import Finding, NamedResource

ID: Final = "NAM403"
SEVERITY: Final = "error"
HELP = tags.HELP


def check(resource: NamedResource, _context: Context) -> Iterator[Finding]:
    """Yield a finding when there are too many tags."""
    most = tags.most(resource.type)
    if resource.tags and len(resource.tags) > most:
        message = (
            f"{shown(resource.name)} has {len(resource.tags)} tags, and Azure takes {most} on {resource.rule.a_label}."
        )
        yield Finding(id=ID, severity=SEVERITY, resource=resource, message=message)
