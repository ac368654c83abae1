"""What the checks of the convention (NAM2xx) share: each takes its part of what `naming.parse` finds."""

from collections.abc import Callable, Iterator

from naming.errors import shown
from naming.lint.checks.context import Context
from naming.lint.model import Finding, NamedResource, Severity
from naming.parse_diagnosis import Deviation

HELP = "https://learn.microsoft.com/azure/cloud-adoption-framework/ready/azure-best-practices/resource-naming"


def findings(
    check_id: str,
    severity: Severity,
    resource: NamedResource,
    context: Context,
    is_meant: Callable[[Deviation], bool],
) -> Iterator[Finding]:
    """Yield a finding for each deviation of the name that is meant."""
    parsed = context.parsed(resource)
    for deviation in parsed.deviations if parsed else ():
        if is_meant(deviation):
            said = deviation.message
            message = said if shown(resource.name) in said else f"{shown(resource.name)}: {said}"
            yield Finding(id=check_id, severity=severity, resource=resource, message=message)


def concerns(deviation: Deviation, word: str) -> bool:
    """Whether a deviation is about that word of the name: `environment`, `region`, `suffix` and so on."""
    return deviation.token == word
