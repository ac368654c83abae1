"""What the checks of the convention (NAM2xx) share: each takes its part of what `naming.parse` finds."""

from collections.abc import Callable, Collection, Iterator

from naming.errors import shown
from naming.lint.checks.context import Context
from naming.lint.model import Finding, NamedResource, Severity
from naming.parse_diagnosis import DeviationKind

HELP = "https://learn.microsoft.com/azure/cloud-adoption-framework/ready/azure-best-practices/resource-naming"

Check = Callable[[NamedResource, Context], Iterator[Finding]]


def check_of(
    check_id: str, severity: Severity, *kinds: DeviationKind, of: Collection[str] = (), not_of: Collection[str] = ()
) -> Check:
    """Return the check that yields a finding for each deviation of a name that is of these kinds.

    `of` are the words that it must be about (`environment`, `suffix`), where only some are meant; `not_of` those that
    another check is about.
    """

    def check(resource: NamedResource, context: Context) -> Iterator[Finding]:
        parsed = context.parsed(resource)
        for deviation in parsed.deviations if parsed else ():
            token = deviation.token
            if deviation.kind in kinds and token not in not_of and (not of or token in of):
                name, said = shown(resource.name), deviation.message
                message = said if name in said else f"{name}: {said}"
                yield Finding(id=check_id, severity=severity, resource=resource, message=message)

    return check
