"""Names that a stack file accepts instead of the convention's, because what has them existed before the stack."""

from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches

from naming.errors import NamingError
from naming.plan import NamingPlan


def with_accepted(plan: NamingPlan, accepted: Mapping[str, str], source: str) -> NamingPlan:
    """The plan with these names, by role. Azure's rules hold for them as for any other.

    Raises:
        NamingError: a role is none of the stack's, or Azure would refuse a name; it names `source`, the stack's file.
    """
    planned = {entry.role: entry for entry in plan}
    for role, name in accepted.items():
        if role not in planned:
            raise NamingError(
                f"{source}: mlws:names.{role}: the stack makes nothing of that kind; {_instead(role, planned)}"
            )
        for violation in planned[role].rule.violations(name):
            raise NamingError(f"{source}: mlws:names.{role}: {violation.message} Write the name that it has in Azure.")
    return replace(plan, entries=tuple(replace(one, name=accepted.get(one.role, one.name)) for one in plan.entries))


def _instead(role: str, planned: Mapping[str, object]) -> str:
    near = get_close_matches(role, planned, n=1)
    return f"did you mean '{near[0]}'?" if near else f"write one of {', '.join(planned)}"
