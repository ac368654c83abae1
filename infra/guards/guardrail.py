"""Judges the name and the tags of every Azure resource while the program runs, so that a preview stops at a bad one.

The checks, their ids and their settings are those of `mlws lint`: what passes here passes there. A name or a tag that
is known only during an update is judged then, before the resource is made.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Any

import pulumi

from infra.errors import InfraError
from naming import Convention, NamingError, rule_for
from naming.lint.checks import registry
from naming.lint.checks.catalogue import IDS
from naming.lint.configuration import Configuration
from naming.lint.model import Finding, NamedResource
from naming.lint.sources.bodies import variant_of
from naming.lint.sources.places import place_on
from naming.lint.sources.pulumi import token_path

Props = Mapping[str, Any]
Judge = Callable[[NamedResource], Sequence[Finding]]
Findings = Callable[[str, str, Props], Sequence[Finding]]

_CONVENTION = "naming.toml"
_OF_TAGS = "NAM4"
_CAPITAL = re.compile(r"([A-Z])")
_OF_CONVENTION = "NAM2"


@dataclass(frozen=True)
class Guardrail:
    """The linter's checks for the resources of one stack: those of names, and those of tags."""

    environment: str
    names: Judge
    tags: Judge
    accepted: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls, convention: Convention, configuration: Configuration, environment: str, accepted: Collection[str] = ()
    ) -> "Guardrail":
        """Return the checks that the settings select, for a stack of `environment` that has these names already."""
        chosen = [check_id for check_id in IDS if configuration.selects(check_id)]
        of_tags = tuple(check_id for check_id in chosen if check_id.startswith(_OF_TAGS))
        of_names = tuple(check_id for check_id in chosen if not check_id.startswith(_OF_TAGS))
        return cls(
            environment,
            registry(convention, replace(configuration, select=of_names, ignore=())),
            registry(convention, replace(configuration, select=of_tags, ignore=())),
            frozenset(accepted),
        )

    def name_findings(self, token: str, label: str, inputs: Props) -> Sequence[Finding]:
        """Return what is wrong with the name of a resource; nothing where no rule is about it, or it is not known.

        `token` is Pulumi's type, `label` what the program calls the resource, `inputs` its properties, spelled as in
        Python or as in Azure.
        """
        resource = self._resource(token, label, inputs)
        findings = self.names(resource) if resource else ()
        if resource and resource.name in self.accepted:
            return [finding for finding in findings if not finding.id.startswith(_OF_CONVENTION)]
        return findings

    def tag_findings(self, token: str, label: str, inputs: Props) -> Sequence[Finding]:
        """Return what is wrong with the tags of a resource; nothing where it takes none, or one is not known."""
        resource, tags = self._resource(token, label, inputs), inputs.get("tags") or {}
        if resource is None or "tags" not in inputs or not all(isinstance(value, str) for value in tags.values()):
            return ()
        return self.tags(replace(resource, tags=dict(tags)))

    def _resource(self, token: str, label: str, inputs: Props) -> NamedResource | None:
        path = token_path(token)
        given = {_plain(key): value for key, value in inputs.items()}
        name = given.get(_plain(path.key)) if path else None
        if path is None or not isinstance(name, str):
            return None
        try:
            resource_type = rule_for(path.type).type
        except NamingError:
            return None
        group = given.get("resourcegroupname")
        place = None if len(path.segments) > 1 or group else place_on(path.type, name, lambda key: _text(given, key))
        place = place or path.place(
            name, f"/{group}" if isinstance(group, str) else label, lambda key: _text(given, key)
        )
        return NamedResource(
            type=resource_type,
            variant=path.variant or variant_of(given, _under),
            name=name,
            # Where a parent is not known yet, the resource is alone: better no finding than a wrong one.
            scope_path=place.scope_path if place else label,
            file=label,
            address=label,
            environment=self.environment,
            location=_text(given, "location"),
        )


def guard_every_resource(project: Path, environment: str, accepted: Collection[str] = ()) -> None:
    """Judge every Azure resource created from now on, with the settings and the convention in `project`.

    A resource whose name or tags the linter reports as an error stops the program with `InfraError`. Names that the
    stack file accepts need not follow the convention; Azure's rules hold for them too.
    """
    try:
        configuration = Configuration.load(project)
        guardrail = Guardrail.of(Convention.load(project / _CONVENTION), configuration, environment, accepted)
    except NamingError as error:
        raise InfraError(str(error)) from error
    pulumi.runtime.register_stack_transformation(_guard(guardrail))


def sentences(label: str, findings: Sequence[Finding]) -> str:
    """Return what is wrong with a resource, a line for each finding: the check's id, why, and a better name."""
    return "\n".join(
        f"{finding.id} at resource '{label}': {finding.message}"
        + (f" The nearest name that complies is '{finding.suggestion}'." if finding.suggestion else "")
        for finding in findings
    )


def _guard(
    guardrail: Guardrail,
) -> Callable[[pulumi.ResourceTransformationArgs], pulumi.ResourceTransformationResult | None]:
    def guard(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        path = token_path(args.type_)
        if path is None:
            return None
        props: dict[str, Any] = dict(args.props)
        later: dict[str, Any] = {}
        name = _name_property(args.type_, props)
        if name is None:
            # Pulumi would make a name of the label and random letters.
            _stop_at(args.name, guardrail.name_findings(args.type_, args.name, {**props, path.key: args.name}))
        for key, findings in ((name, guardrail.name_findings), ("tags", guardrail.tag_findings)):
            if key is None or props.get(key) is None:
                continue
            if _is_known(props[key]):
                _stop_at(args.name, findings(args.type_, args.name, props))
            else:
                later[key] = _judged_later(args, key, findings)
        return pulumi.ResourceTransformationResult({**props, **later}, args.opts) if later else None

    return guard


def _judged_later(args: pulumi.ResourceTransformationArgs, key: str, findings: Findings) -> pulumi.Output[Any]:
    """Return the property as it is, judged as soon as it is known: in an update, before the resource is made."""

    def judge(value: Any) -> Any:  # noqa: ANN401 - a name, or tags
        try:
            _stop_at(args.name, findings(args.type_, args.name, {**args.props, key: value}))
        except InfraError as error:
            # Out of the program's reach, where nothing but Pulumi would make a sentence of it.
            raise pulumi.RunError(str(error)) from None
        return value

    return pulumi.Output.from_input(args.props[key]).apply(judge)


def _stop_at(label: str, findings: Sequence[Finding]) -> None:
    errors = [finding for finding in findings if finding.severity == "error"]
    for finding in findings:
        if finding.severity == "warning":
            pulumi.log.warn(sentences(label, [finding]))
    if errors:
        raise InfraError(sentences(label, errors))


def _name_property(token: str, props: Props) -> str | None:
    """Return which of the properties, spelled as in Python, is the resource's own name."""
    path = token_path(token)
    return next((key for key in props if path and _plain(key) == _plain(path.key)), None)


def _is_known(value: Any) -> bool:  # noqa: ANN401 - an input of any kind
    if isinstance(value, Mapping):
        return all(_is_known(one) for one in value.values())
    return isinstance(value, str)


def _plain(key: str) -> str:
    """Return a property's name without what Python and Azure spell differently: account_name, accountName."""
    return key.replace("_", "").lower()


def _text(given: Props, key: str) -> str | None:
    value = given.get(_plain(key))
    return value if isinstance(value, str) else None


def _under(value: Any, key: str) -> Any:  # noqa: ANN401 - an input of any kind
    """Return what an input has under a key: a dictionary's, or that of an object of the SDK; None where it is later."""
    if isinstance(value, Mapping):
        found = next((one for name, one in value.items() if _plain(name) == _plain(key)), None)
    else:
        found = getattr(value, _CAPITAL.sub(r"_\1", key).lower(), None)
    if isinstance(found, pulumi.Output):
        return None
    return found.value if isinstance(found, Enum) else found
