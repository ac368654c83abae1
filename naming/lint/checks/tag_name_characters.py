r"""NAM406: the name of a tag has a character that Azure refuses.

No `<`, `>`, `%`, `&`, `\`, `?` or `/` anywhere. On Front Door no `#` or `:` either; on Traffic Manager none of them,
no space and no digit at the start; on DNS zones no space, no parentheses and no digit at the start.

Source: Azure documentation, Use tags to organize your Azure resources and management hierarchy, read 2026-11-20.

Passes:

```json
[{"type": "Microsoft.KeyVault/vaults", "name": "kv-churn-dev",
  "tags": {"team:squad": "ml"}}]
```

Fails:

```json
[{"type": "Microsoft.KeyVault/vaults", "name": "kv-churn-dev",
  "tags": {"team/squad": "ml"}}]
```
"""

from collections.abc import Iterator
from typing import Final

from naming.errors import shown
from naming.lint.checks import tags
from naming.lint.checks.context import Context
from naming.lint.model import Finding, NamedResource

ID: Final = "NAM406"
SEVERITY: Final = "error"
HELP = tags.HELP


def check(resource: NamedResource, _context: Context) -> Iterator[Finding]:
    """Yield a finding for each name with a forbidden character."""
    forbidden = tags.forbidden(resource.type)
    for name in tags.own_names(resource.tags):
        found = next((character for character in name if character in forbidden), None)
        if found is not None:
            message = (
                f"the name of the tag {shown(name)} of {shown(resource.name)} has a {found!r}, which Azure refuses."
            )
            yield Finding(id=ID, severity=SEVERITY, resource=resource, message=message)
        elif name[:1].isdigit() and not tags.may_start_with_digit(resource.type):
            message = (
                f"the name of the tag {shown(name)} of {shown(resource.name)} starts with a digit, which Azure refuses "
                f"on {resource.rule.a_label}."
            )
            yield Finding(id=ID, severity=SEVERITY, resource=resource, message=message)
