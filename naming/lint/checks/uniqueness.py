"""NAM301: a name that another resource of the type already has within the scope, in upper or lower case."""

from collections.abc import Iterator

from naming.lint.model import Finding, NamedResource
from naming.rule import Scope

# Names that are unique beyond the container of the resource, as far as one run of the linter can see.
_WIDE = {Scope.GLOBAL, Scope.TENANT, Scope.SUBSCRIPTION, Scope.REGION}


class UniqueWithinScope:
    """Remembers every name and yields a finding for one that was seen before."""

    def __init__(self) -> None:
        self._first: dict[tuple[str, str, str], tuple[str, str, int | None]] = {}

    def __call__(self, resource: NamedResource) -> Iterator[Finding]:
        """Yield a finding when the name was seen before within its scope."""
        scope = resource.rule.scope
        container = "" if scope in _WIDE else resource.scope_path
        key = (resource.rule.type, container, resource.name.lower())
        name, file, line = self._first.setdefault(key, (resource.name, resource.file, resource.line))
        if (file, line) != (resource.file, resource.line):
            message = (
                f"{resource.name!r} is the name of two resources: {name!r} at {file}:{line} is a "
                f"{resource.rule.label} too, and the scope of its name is {scope}."
            )
            yield Finding("NAM301", resource, message)
