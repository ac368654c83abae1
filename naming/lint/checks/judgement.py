"""The selected checks, put together so that a good name costs next to nothing."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Protocol

from naming.errors import NamingError
from naming.lint.checks.catalogue import MODULES
from naming.lint.checks.context import Context
from naming.lint.checks.uniqueness import Uniqueness
from naming.lint.model import Finding, NamedResource, rule_of
from naming.lint.suggestion import IsTaken, Suggestions

if TYPE_CHECKING:
    from naming.convention import Convention
    from naming.lint.configuration import Configuration
    from naming.rule import Rule

_Accepts = Callable[[str], bool]
_NAMES, _TAGS = ("NAM1", "NAM2"), ("NAM4",)
_UNIQUENESS = "NAM3"


class Check(Protocol):
    """A module of a check on single resources."""

    def check(self, resource: NamedResource, context: Context, /) -> Iterator[Finding]:
        """Yield what is wrong with the resource."""


class Judgement:
    """The checks that the settings select; called with one resource after the other, it returns what is wrong."""

    def __init__(self, convention: "Convention | None", configuration: "Configuration") -> None:
        self.configuration = configuration
        self._context = Context(configuration, convention)
        self._ids = [check_id for check_id in MODULES if configuration.selects(check_id)]
        self._selected = frozenset(self._ids)
        self._azures, self._conventions = self._modules("NAM1"), self._modules("NAM2") if convention else []
        self._tags: list[Check] | None = None
        self._uniqueness = Uniqueness() if any(one.startswith(_UNIQUENESS) for one in self._ids) else None
        self._accepts: dict[tuple[str, str | None], _Accepts] = {}
        self._known: list[IsTaken] = [self._uniqueness.is_taken] if self._uniqueness else []
        self._suggestions = Suggestions(self._context, self._is_taken)

    def __call__(self, resource: NamedResource) -> Sequence[Finding]:
        """Return the findings on the resource, none that the settings leave out."""
        accepts = self._accepts.get((resource.type, resource.variant)) or self.accepts(resource.type, resource.variant)
        uniqueness = self._uniqueness
        is_good = accepts(resource.name)
        if (
            is_good
            and resource.tags is None
            and resource.environment is None
            and (uniqueness is None or uniqueness.is_new(resource))
        ):
            return ()
        return self.as_set(self._found(resource, is_good=is_good and self._is_judged_by_name_alone(resource)))

    def accepts(self, resource_type: str, variant: str | None) -> _Accepts:
        """Return what says of a name of the type that no check has anything against it, without its tags.

        It is in no doubt when it returns True; a name that it returns False for may still be good.
        """
        key = (resource_type, variant)
        if key not in self._accepts:
            self._accepts[key] = self._shortcut(rule_of(resource_type, variant))
        return self._accepts[key]

    def dislikes_tags(self, resource: NamedResource) -> bool:
        """Whether there is something wrong with the tags of a resource, whatever it is called."""
        return next(self._of_tags(resource), None) is not None

    def as_set(self, findings: Iterable[Finding]) -> list[Finding]:
        """Return the findings that the settings report, as severe as they say, each with a better name."""
        return [self._with_suggestion(finding) for finding in findings if self._is_reported(finding)]

    def avoid(self, is_taken: IsTaken) -> None:
        """Suggest no name that is taken, as somebody tells who reads names that this never sees."""
        self._known.append(is_taken)

    def _is_taken(self, resource: NamedResource, former: str) -> bool:
        return any(known(resource, former) for known in self._known)

    def _shortcut(self, rule: "Rule") -> _Accepts:
        if not (self._azures or self._conventions):
            return lambda _: True
        if rule.max_with_parent is not None:
            # The name alone does not tell.
            return lambda _: False
        accepts = rule.accepts
        followed = self._followed(rule)
        if followed is not None:
            return lambda name: followed(name) and accepts(name)
        return lambda name: accepts(name) and "#" not in name

    def _followed(self, rule: "Rule") -> _Accepts | None:
        """Return what says that a name follows the convention, None where there is none to follow."""
        convention = self._context.convention
        if convention is None or not any(one.startswith("NAM2") for one in self._ids):
            return None
        from naming.lint.checks.shortcut import follows

        try:
            return follows(convention, rule)
        except NamingError:
            return None

    def _is_judged_by_name_alone(self, resource: NamedResource) -> bool:
        """Whether nothing but its name decides on the name: the environment of a resource may contradict it."""
        return resource.environment is None or self._context.convention is None

    def _found(self, resource: NamedResource, *, is_good: bool) -> Iterator[Finding]:
        if not is_good:
            yield from self._of_name(resource)
        if self._uniqueness is not None:
            yield from self._uniqueness.feed(resource)
        yield from self._of_tags(resource)

    def _of_name(self, resource: NamedResource) -> Iterator[Finding]:
        rule, name = resource.rule, resource.name
        if not rule.accepts(name) or rule.max_with_parent is not None or "#" in name:
            for check in self._azures:
                yield from check.check(resource, self._context)
        parsed = self._context.parsed(resource) if self._conventions else None
        if parsed is not None and (parsed.deviations or resource.environment is not None):
            for check in self._conventions:
                yield from check.check(resource, self._context)

    def _of_tags(self, resource: NamedResource) -> Iterator[Finding]:
        if resource.tags is None:
            return
        if self._tags is None:
            self._tags = self._modules("NAM4")
        for check in self._tags:
            yield from check.check(resource, self._context)

    def _modules(self, *families: str) -> list[Check]:
        wanted = [check_id for check_id in self._ids if check_id.startswith(families)]
        return [import_module(f"naming.lint.checks.{MODULES[check_id]}") for check_id in wanted]

    def _is_reported(self, finding: Finding) -> bool:
        return finding.id in self._selected and self.configuration.reports(finding)

    def _with_suggestion(self, finding: Finding) -> Finding:
        suggestion = finding.suggestion
        if suggestion is None and finding.id.startswith(_NAMES):
            suggestion = self._suggestions.name_for(finding.resource)
        severity = self.configuration.severity(finding.id, finding.severity)
        return Finding(finding.id, finding.resource, finding.message, severity, suggestion)
