"""How findings are written down: each reporter turns them into pieces of text, as they come."""

import json
from collections.abc import Callable, Iterable, Iterator

from naming.lint.model import Finding

Reporter = Callable[[Iterable[Finding]], Iterator[str]]


def as_text(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield one line for each finding: where, what, why."""
    for finding in findings:
        yield f"{finding.resource.file}:{finding.resource.line}: {finding.id} {finding.message}\n"


def as_json(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield a JSON array with one object for each finding."""
    opening = "[\n"
    for finding in findings:
        yield f"{opening}  {json.dumps(_fields(finding))}"
        opening = ",\n"
    yield "[]\n" if opening == "[\n" else "\n]\n"


REPORTERS: dict[str, Reporter] = {"text": as_text, "json": as_json}


def _fields(finding: Finding) -> dict[str, object]:
    resource = finding.resource
    return {
        "id": finding.id,
        "severity": finding.severity,
        "type": resource.rule.key,
        "name": resource.name,
        "message": finding.message,
        "suggestion": finding.suggestion,
        "file": resource.file,
        "line": resource.line,
    }
