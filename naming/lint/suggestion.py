"""A better name for a resource: asked of the convention, and left out where it would be a guess."""

from typing import TYPE_CHECKING

from naming.errors import NamingError

if TYPE_CHECKING:
    from naming.convention import Convention
    from naming.lint.model import NamedResource
    from naming.suggest import Suggestion


def suggestion_for(
    resource: "NamedResource", convention: "Convention", region: str | None = None
) -> "Suggestion | None":
    """Return the compliant name nearest to that of the resource; `region` is what is taken where it says none.

    None where there is no such name, where the name is good, or where neither the name nor its source says an
    environment: any would be as good as another.
    """
    from naming.suggest import nearest_name

    environment = resource.environment if resource.environment in convention.environments else None
    try:
        suggested = nearest_name(resource.rule, resource.name, convention, environment, region)
    except NamingError:
        return None
    unsaid = "environment" in suggested.assumed and environment is None
    return None if unsaid or suggested.name == resource.name else suggested
