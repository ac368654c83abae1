"""The linter: every check on every resource, as they come."""

from collections.abc import Iterable, Iterator, Sequence

from naming.lint.checks import Check
from naming.lint.model import Finding, NamedResource


def lint(resources: Iterable[NamedResource], checks: Sequence[Check]) -> Iterator[Finding]:
    """Yield the findings of all `checks` on each of the `resources`, in their order and one at a time."""
    for resource in resources:
        for check in checks:
            yield from check(resource)
