"""Remembers every name that a run of the linter has seen: the one state behind NAM301, NAM302 and NAM303.

A million names are remembered in about 100 MB: of a name only a hash of 64 bits stays, and where it was read. Two
different names would have to share their hash to be taken for one; among a million that happens in one run of thirty
million.
"""

from collections.abc import Callable, Iterator

from naming.errors import shown
from naming.lint.checks import duplicate, duplicate_across_environments, duplicate_by_case
from naming.lint.containers import container_of
from naming.lint.model import Finding, NamedResource

# Where a name was read: a line of the first file that was seen, or file, line, and what the source calls the resource.
_Place = int | None | tuple[str, int | None, str | None]


class Uniqueness:
    """Yields a finding for a name that was seen before within its scope."""

    def __init__(self) -> None:
        self._places: dict[int, _Place] = {}
        # How a name was spelt, where not in lower case.
        self._spellings: dict[int, str] = {}
        self._first_file: str | None = None
        self._environments: dict[tuple[str, str], NamedResource] = {}
        self._containers: dict[tuple[str, str | None], Callable[[NamedResource], str]] = {}

    def feed(self, resource: NamedResource) -> Iterator[Finding]:
        """Yield a finding when another resource has the name; remember the resource when none has."""
        if self.is_new(resource):
            yield from self._across_environments(resource)
            return
        key = self._key(resource)
        file, line, address = self._place(key)
        if not _is_same(resource, file, line, address):
            first = file if line is None else f"{file}:{line}"
            yield _taken(resource, self._spellings.get(key, resource.name.lower()), first)

    def is_taken(self, resource: NamedResource, _former: str) -> bool:
        """Whether another resource that was seen has the name, without remembering this one."""
        key = self._key(resource)
        return key in self._places and not _is_same(resource, *self._place(key))

    def is_new(self, resource: NamedResource) -> bool:
        """Remember the resource, and say whether its name was free."""
        key = self._key(resource)
        places = self._places
        size = len(places)
        if self._first_file is None:
            self._first_file = resource.file
        if resource.address is None and resource.file == self._first_file:
            places.setdefault(key, resource.line)
        else:
            places.setdefault(key, (resource.file, resource.line, resource.address))
        if len(places) == size:
            return False
        if not resource.name.islower():
            self._spellings[key] = resource.name
        return True

    def _key(self, resource: NamedResource) -> int:
        kind = (resource.type, resource.variant)
        container = self._containers.get(kind)
        if container is None:
            container = self._containers[kind] = container_of(resource.rule)
        return hash((resource.type, container(resource), resource.name.lower()))

    def _place(self, key: int) -> tuple[str, int | None, str | None]:
        place = self._places[key]
        return place if isinstance(place, tuple) else (self._first_file or "", place, None)

    def _across_environments(self, resource: NamedResource) -> Iterator[Finding]:
        if resource.environment is None or resource.type.count("/") > 1:
            return
        first = self._environments.setdefault((resource.type, resource.name.lower()), resource)
        if first.environment != resource.environment:
            message = (
                f"{shown(resource.name)} is {resource.rule.a_label} of {resource.environment} and, at {first.where}, "
                f"one of {first.environment}: put the environment into the name."
            )
            check = duplicate_across_environments
            yield Finding(id=check.ID, severity=check.SEVERITY, resource=resource, message=message)


def _is_same(resource: NamedResource, file: str, line: int | None, address: str | None) -> bool:
    """Whether a place is the resource's own: a source that was given twice, a step that replaces it."""
    if address is not None or resource.address is not None:
        return address == resource.address
    return line is not None and (file, line) == (resource.file, resource.line)


def _taken(resource: NamedResource, spelling: str, first: str) -> Finding:
    label, scope = resource.rule.label, resource.rule.scope
    if spelling == resource.name:
        message = (
            f"{shown(resource.name)} is the name of another {label} too, at {first}; the scope of its name is {scope}."
        )
        return Finding(id=duplicate.ID, severity=duplicate.SEVERITY, resource=resource, message=message)
    message = (
        f"{shown(resource.name)} and {shown(spelling)}, the name of another {label} at {first}, are one name to Azure; "
        f"its scope is {scope}."
    )
    return Finding(id=duplicate_by_case.ID, severity=duplicate_by_case.SEVERITY, resource=resource, message=message)
