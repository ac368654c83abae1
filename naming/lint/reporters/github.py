"""Workflow commands of GitHub Actions: each finding becomes an annotation of its line in a pull request.

The format, and what has to be escaped, is GitHub's (Workflow commands for GitHub Actions; actions/toolkit, command.ts).
"""

from collections.abc import Iterable, Iterator

from naming.lint.model import Finding
from naming.lint.reporters.text import sentence

_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}
_IN_MESSAGE = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_IN_PROPERTY = {**_IN_MESSAGE, **str.maketrans({":": "%3A", ",": "%2C"})}


def report(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield one command for each finding."""
    for finding in findings:
        resource = finding.resource
        properties = {"file": resource.file, "line": resource.line, "title": finding.id}
        written = ",".join(
            f"{name}={str(value).translate(_IN_PROPERTY)}" for name, value in properties.items() if value is not None
        )
        yield f"::{_COMMANDS[finding.severity]} {written}::{sentence(finding).translate(_IN_MESSAGE)}\n"
