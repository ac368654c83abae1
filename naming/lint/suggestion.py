"""A better name for a resource: asked of the convention or, without one, its own put right; never one that is taken."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from naming.errors import NamingError
from naming.lint.checks.with_parent import parent_of

if TYPE_CHECKING:
    from naming.convention import Convention
    from naming.lint.checks.context import Context
    from naming.lint.model import NamedResource
    from naming.parse import ParsedName
    from naming.suggest import Suggestion
    from naming.tokens import Tokens

# Whether a name is another resource's: of the resource as it would be, and what it is called so far.
IsTaken = Callable[["NamedResource", str], bool]
_MOST_INSTANCES = 9_999


def suggestion_for(resource: "NamedResource", convention: "Convention", region: str | None) -> "Suggestion | None":
    """Return the compliant name nearest to that of the resource; `region` is what is taken where it says none.

    None where there is no such name, where the name is good, or where neither the name nor its source says an
    environment: any would be as good as another.
    """
    from naming.suggest import nearest_name

    environment = _environment(resource, convention)
    try:
        suggested = nearest_name(
            resource.rule, resource.name, convention, environment, region, is_in_environment=environment is not None
        )
    except NamingError:
        return None
    unsaid = "environment" in suggested.assumed and environment is None
    return None if unsaid or suggested.name == resource.name else suggested


class Suggestions:
    """Better names for the resources of one run: none has a finding itself, and no two are alike.

    What other resources are called is known as far as they were read: `is_taken` tells.
    """

    def __init__(self, context: "Context", is_taken: IsTaken) -> None:
        self._context = context
        self._is_taken = is_taken
        self._last: tuple[NamedResource, str | None] | None = None
        # Whose each suggested name is, both as hashes; and how many instances of a name are suggested already.
        self._given: dict[int, int] = {}
        self._instances: dict[int, int] = {}

    def name_for(self, resource: "NamedResource") -> str | None:
        """Return a better name for the resource, None where none can be said; it is sought once."""
        if self._last is None or self._last[0] is not resource:
            self._last = (resource, self._free(resource))
        return self._last[1]

    def _free(self, resource: "NamedResource") -> str | None:
        own = hash((resource.file, resource.line, resource.address, resource.name))
        for name in self._names(resource):
            key = _key(resource, name)
            if self._given.get(key, own) == own and not self._is_taken(replace(resource, name=name), resource.name):
                self._given[key] = own
                return name
        return None

    def _names(self, resource: "NamedResource") -> Iterator[str]:
        from naming.correct import corrections

        rule, parent = resource.rule, parent_of(resource)
        limit = rule.max_with_parent - len(parent) if rule.max_with_parent is not None and parent else rule.max_length
        parsed = self._context.parsed(resource)
        names = corrections(rule, resource.name, limit) if parsed is None else self._of_convention(resource, parsed)
        return (name for name in names if name != resource.name and len(name) <= limit)

    def _of_convention(self, resource: "NamedResource", parsed: "ParsedName") -> Iterator[str]:
        """Yield the name that the convention makes of the words, then those of further instances."""
        convention = self._context.convention
        tokens = None if convention is None else self._tokens(resource, parsed, convention)
        if convention is None or tokens is None:
            return
        try:
            first = convention.name(resource.rule, tokens)
            yield first
            if "instance" not in convention.layout(resource.rule).order:
                return
            key = _key(resource, first)
            while (number := self._instances.get(key, 1) + 1) <= _MOST_INSTANCES:
                self._instances[key] = number
                yield convention.name(resource.rule, replace(tokens, instance=f"{number:02}"))
        except NamingError:
            return

    def _tokens(self, resource: "NamedResource", parsed: "ParsedName", convention: "Convention") -> "Tokens | None":
        """Return what the name should be made of, None where that would be a guess."""
        from naming.suggest import tokens_meant, unsaid

        environment, region = _environment(resource, convention), resource.location
        needed = unsaid(parsed, convention)
        is_guess = ("environment" in needed and not environment) or ("region" in needed and not region)
        if is_guess or (parsed.follows and parsed.recovered is None):
            return None
        try:
            tokens = parsed.recovered or tokens_meant(parsed, convention, environment, region)
        except NamingError:
            return None
        # Where the name says another environment than its source, the source is right (NAM208).
        return replace(tokens, environment=environment) if environment else tokens


def _environment(resource: "NamedResource", convention: "Convention") -> str | None:
    return resource.environment if resource.environment in convention.environments else None


def _key(resource: "NamedResource", name: str) -> int:
    return hash((resource.type, resource.scope_path.lower(), name.lower()))
