"""NAM101 length, NAM102 characters, NAM103 reserved word: what Azure itself refuses."""

from collections.abc import Iterator

from naming.lint.model import Finding, NamedResource
from naming.rule import ViolationKind

_IDS = {
    ViolationKind.LENGTH: "NAM101",
    ViolationKind.CHARACTERS: "NAM102",
    ViolationKind.RESERVED: "NAM103",
}


def refused_by_azure(resource: NamedResource) -> Iterator[Finding]:
    """Yield one finding for each reason that Azure would give."""
    for violation in resource.rule.violations(resource.name):
        yield Finding(_IDS[violation.kind], resource, violation.message)
