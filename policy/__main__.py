"""The linter's checks as a Pulumi policy pack, for stacks whose program has no guardrail: `--policy-pack policy`.

The convention and the settings are those of the naming.toml beside this folder, or above it.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from pulumi_policy import (
    EnforcementLevel,
    PolicyPack,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
)
from pulumi_policy.proxy import UnknownValueError

from infra.guards.guardrail import Guardrail, sentences
from naming import Convention
from naming.convention_file import nearest_convention
from naming.lint.checks.catalogue import IDS
from naming.lint.configuration import Configuration
from naming.lint.model import Finding, Severity

_UNIQUENESS = "NAM3"
_ONE_AT_A_TIME = Lock()


def _stack(urn: str) -> str:
    """Return the stack of `urn:pulumi:<stack>::<project>::...`: what its environment is called."""
    return urn.partition("::")[0].rpartition(":")[2]


@cache
def _settings() -> tuple[Convention, Configuration]:
    file = nearest_convention(Path(__file__).parent)
    return Convention.load(file), Configuration.load(file.parent)


@cache
def _guardrail(stack: str, *, of_uniqueness: bool) -> Guardrail:
    convention, configuration = _settings()
    left_out = [check_id for check_id in IDS if check_id.startswith(_UNIQUENESS) != of_uniqueness]
    return Guardrail.of(convention, configuration.with_options(ignore=left_out), stack)


def _known(props: Mapping[str, Any]) -> dict[str, Any]:
    """Return the properties that are known already: a preview refuses to tell the others."""
    known = {}
    for key in props:
        try:
            known[key] = props[key]
        except UnknownValueError:
            continue
    return known


def _policy(
    name: str, description: str, findings: Callable[[ResourceValidationArgs], Sequence[Finding]], severity: Severity
) -> ResourceValidationPolicy:
    def judge(args: ResourceValidationArgs, report: ReportViolation) -> None:
        # The engine asks for several resources at once, and one name after the other is remembered.
        with _ONE_AT_A_TIME:
            found = [finding for finding in findings(args) if finding.severity == severity]
        for finding in found:
            report(sentences(args.name, [finding]))

    level = EnforcementLevel.MANDATORY if severity == "error" else EnforcementLevel.ADVISORY
    return ResourceValidationPolicy(name, description, judge, level)


def _of_name(args: ResourceValidationArgs) -> Sequence[Finding]:
    guardrail = _guardrail(_stack(args.urn), of_uniqueness=False)
    return guardrail.name_findings(args.resource_type, args.urn, _known(args.props))


def _of_tags(args: ResourceValidationArgs) -> Sequence[Finding]:
    guardrail = _guardrail(_stack(args.urn), of_uniqueness=False)
    return guardrail.tag_findings(args.resource_type, args.urn, _known(args.props))


def _of_uniqueness(args: ResourceValidationArgs) -> Sequence[Finding]:
    # Not a policy on the whole stack: such a one is given what Azure answers, where the names are spelled otherwise.
    guardrail = _guardrail(_stack(args.urn), of_uniqueness=True)
    return guardrail.name_findings(args.resource_type, args.urn, _known(args.props))


PolicyPack(
    name="mlws",
    enforcement_level=EnforcementLevel.MANDATORY,
    policies=[
        _policy("names", "Names are valid and follow the convention.", _of_name, "error"),
        _policy("tags", "Tags are there and valid.", _of_tags, "error"),
        _policy("uniqueness", "No two names are alike.", _of_uniqueness, "error"),
        _policy("names-advice", "What the settings call a warning.", _of_name, "warning"),
        _policy("tags-advice", "What the settings call a warning.", _of_tags, "warning"),
        _policy("uniqueness-advice", "What the settings call a warning.", _of_uniqueness, "warning"),
    ],
)
