"""Names that a stack file accepts instead of the convention's, because what has them existed before the stack."""

from collections.abc import Mapping
from dataclasses import replace

from infra.errors import SettingsError
from infra.settings.names import Role
from naming import NamingPlan


def with_accepted(plan: NamingPlan, accepted: Mapping[Role, str], source: str) -> NamingPlan:
    """The plan with these names, by role. Azure's rules hold for them as for any other.

    Raises:
        SettingsError: a role is none of the stack's; `source`, the stack's file, is named.
        NamingError: Azure would refuse a name.
    """
    roles = [entry.role for entry in plan]
    for role in accepted:
        if role not in roles:
            raise SettingsError(
                f"{source}: mlws:names.{role}: the stack makes nothing of that kind; leave it out, or write one of"
                f" {', '.join(roles)}"
            )
    names: dict[str, str] = {str(role): name for role, name in accepted.items()}
    return replace(plan, entries=tuple(replace(one, name=names.get(one.role, one.name)) for one in plan.entries))
