"""Logging commands of Azure Pipelines: each finding becomes an issue of the task.

The format is Microsoft's (Logging commands, task.logissue). The agent turns `%AZP25`, `%0D`, `%0A`, `%3B` and `%5D`
back, and looks for commands anywhere in a line, so that none may hide in a name. It knows errors and warnings alone;
what is neither is a line of the log.
"""

from collections.abc import Iterable, Iterator

from naming.lint.model import Finding
from naming.lint.reporters.text import line, sentence

_IN_MESSAGE = str.maketrans({"%": "%AZP25", "\r": "%0D", "\n": "%0A"})
_IN_PROPERTY = {**_IN_MESSAGE, **str.maketrans({";": "%3B", "]": "%5D"})}


def report(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield one command for each finding."""
    for finding in findings:
        if finding.severity == "info":
            yield f"{_harmless(line(finding))}\n"
            continue
        resource = finding.resource
        properties = {
            "type": finding.severity,
            "sourcepath": resource.file,
            "linenumber": resource.line,
            "code": finding.id,
        }
        written = ";".join(
            f"{name}={_harmless(str(value)).translate(_IN_PROPERTY)}"
            for name, value in properties.items()
            if value is not None
        )
        yield f"##vso[task.logissue {written}]{_harmless(sentence(finding)).translate(_IN_MESSAGE)}\n"


def _harmless(text: str) -> str:
    return text.replace("##vso[", "##vso [").replace("##[", "## [")
