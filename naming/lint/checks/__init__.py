"""The checks: each yields what is wrong with one resource, and may remember those that it has seen."""

from collections.abc import Callable, Iterable

from naming.lint.checks.azure import refused_by_azure
from naming.lint.checks.uniqueness import UniqueWithinScope
from naming.lint.model import Finding, NamedResource

Check = Callable[[NamedResource], Iterable[Finding]]


def all_checks() -> list[Check]:
    """Return every check, none of which has seen anything yet."""
    return [refused_by_azure, UniqueWithinScope()]
