"""A JSON array with one object for each finding, one on a line."""

import json
from collections.abc import Iterable, Iterator

from naming.lint.model import Finding


def report(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield the array, an object at a time."""
    opening = "[\n"
    for finding in findings:
        yield f"{opening}  {json.dumps(_fields(finding))}"
        opening = ",\n"
    yield "[]\n" if opening == "[\n" else "\n]\n"


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
