"""The linter's checks as a Pulumi policy pack, for stacks whose program has no guardrail: `--policy-pack policy`.

The convention and the settings are those of the naming.toml beside this folder, or above it.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from pulumi_policy import (
    EnforcementLevel,
    PolicyPack,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.proxy import UnknownValueError

from infra.guards.guardrail import Guardrail, sentences
from naming import Convention
from naming.convention_file import nearest_convention
from naming.lint.checks.catalogue import IDS
from naming.lint.configuration import Configuration
from naming.lint.model import Finding

_UNIQUENESS = "NAM3"


def _stack(urn: str) -> str:
    """Return the stack of `urn:pulumi:<stack>::<project>::...`: what its environment is called."""
    return urn.partition("::")[0].rpartition(":")[2]


@cache
def _settings() -> tuple[Convention, Configuration]:
    file = nearest_convention(Path(__file__).parent)
    return Convention.load(file), Configuration.load(file.parent)


def _guardrail(stack: str, wanted: Callable[[str], bool]) -> Guardrail:
    convention, configuration = _settings()
    left_out = [check_id for check_id in IDS if not wanted(check_id)]
    return Guardrail.of(convention, configuration.with_options(ignore=left_out), stack)


@cache
def _guardrail_of_resources(stack: str) -> Guardrail:
    return _guardrail(stack, lambda check_id: not check_id.startswith(_UNIQUENESS))


def _known(props: Mapping[str, Any]) -> dict[str, Any]:
    """Return the properties that are known already: a preview refuses to tell the others."""
    known = {}
    for key in props:
        try:
            known[key] = props[key]
        except UnknownValueError:
            continue
    return known


def _severe(findings: Sequence[Finding], severities: Sequence[str]) -> list[Finding]:
    return [finding for finding in findings if finding.severity in severities]


def _policy(
    name: str, description: str, level: EnforcementLevel, severities: Sequence[str], *, tags: bool
) -> ResourceValidationPolicy:
    def judge(args: ResourceValidationArgs, report: ReportViolation) -> None:
        guardrail = _guardrail_of_resources(_stack(args.urn))
        findings = guardrail.tag_findings if tags else guardrail.name_findings
        found = _severe(findings(args.resource_type, args.name, _known(args.props)), severities)
        for finding in found:
            report(sentences(args.name, [finding]))

    return ResourceValidationPolicy(name, description, judge, level)


def _judge_uniqueness(args: StackValidationArgs, report: ReportViolation) -> None:
    guardrails: dict[str, Guardrail] = {}
    for resource in args.resources:
        stack = _stack(resource.urn)
        if stack not in guardrails:
            guardrails[stack] = _guardrail(stack, lambda check_id: check_id.startswith(_UNIQUENESS))
        found = guardrails[stack].name_findings(resource.resource_type, resource.name, _known(resource.props))
        for finding in _severe(found, ["error"]):
            report(sentences(resource.name, [finding]), resource.urn)


PolicyPack(
    name="mlws",
    enforcement_level=EnforcementLevel.MANDATORY,
    policies=[
        _policy(
            "names", "Names are valid and follow the convention.", EnforcementLevel.MANDATORY, ["error"], tags=False
        ),
        _policy("tags", "Tags are there and valid.", EnforcementLevel.MANDATORY, ["error"], tags=True),
        _policy(
            "names-advice", "What the settings call a warning.", EnforcementLevel.ADVISORY, ["warning"], tags=False
        ),
        _policy("tags-advice", "What the settings call a warning.", EnforcementLevel.ADVISORY, ["warning"], tags=True),
        StackValidationPolicy("uniqueness", "No two names are alike.", _judge_uniqueness, EnforcementLevel.MANDATORY),
    ],
)
