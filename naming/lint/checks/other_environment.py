"""NAM208: a name says another environment than the one that its resource belongs to.

A name copied from dev into the stack of prod is valid, follows the convention and is wrong: whoever reads it stops,
deletes or pays for the other environment. The check needs a source that says the environment, such as a Pulumi stack.

Source: the naming.toml of your project; Cloud Adoption Framework, Define your naming convention, read 2026-08.

Passes:

```toml
dev = ["rg=rg-churn-dev-euw"]
```

Fails:

```toml
prod = ["rg=rg-churn-dev-euw"]
```
"""

from collections.abc import Iterator
from typing import Final

from naming.errors import shown
from naming.lint.checks import deviations
from naming.lint.checks.context import Context
from naming.lint.model import Finding, NamedResource

ID: Final = "NAM208"
SEVERITY: Final = "error"
HELP = deviations.HELP


def check(resource: NamedResource, context: Context) -> Iterator[Finding]:
    """Yield a finding when the name says an environment and the source says another."""
    if resource.environment is None or context.convention is None:
        return
    parsed = context.parsed(resource)
    said = parsed.tokens.get("environment") if parsed else None
    if said and resource.environment in context.convention.environments and said != resource.environment:
        message = f"{shown(resource.name)} says {said!r} and belongs to {resource.environment!r}: write the name anew."
        yield Finding(id=ID, severity=SEVERITY, resource=resource, message=message)
