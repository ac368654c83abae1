"""JUnit XML, what every CI server shows as tests: a finding is a test that failed, no finding one that passed.

There is no one schema of JUnit. This fits Ant's (windyroad/JUnit-Schema, JUnit.xsd) and that of Jenkins' xUnit plugin
(junit-10.xsd), both read 2026-11-21; the former was held against it with a validator then, and a test compares the
structure. It wants the counts before the cases, so it is written when the last finding has come.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from naming.lint.model import Finding
from naming.lint.reporters.text import line, sentence

_SUITE = "mlws lint"
_NOT_XML = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")


def report(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield the suite and its cases, when all findings are there."""
    found = list(findings)
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n'
    yield f"<testsuite{_attributes(_suite(found))}>\n<properties/>\n"
    if not found:
        yield f"<testcase{_attributes({'name': 'names', 'classname': _SUITE, 'time': '0'})}/>\n"
    for finding in found:
        yield _case(finding)
    yield "<system-out/>\n<system-err/>\n</testsuite>\n</testsuites>\n"


def _suite(found: Sequence[Finding]) -> dict[str, str]:
    return {
        "name": _SUITE,
        "package": _SUITE,
        "id": "0",
        "tests": str(max(len(found), 1)),
        "failures": str(sum(finding.severity != "info" for finding in found)),
        "errors": "0",
        "time": "0",
        "timestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S"),
        "hostname": "localhost",
    }


def _case(finding: Finding) -> str:
    resource = finding.resource
    case = {"name": f"{finding.id} {resource.name}", "classname": resource.file or _SUITE, "time": "0"}
    if finding.severity == "info":
        return f"<testcase{_attributes(case)}/>\n"
    failure = {"type": finding.id, "message": sentence(finding)}
    text = escape(_allowed(line(finding)))
    return f"<testcase{_attributes(case)}>\n<failure{_attributes(failure)}>{text}</failure>\n</testcase>\n"


def _attributes(attributes: dict[str, str]) -> str:
    return "".join(f" {name}={quoteattr(_allowed(value))}" for name, value in attributes.items())


def _allowed(text: str) -> str:
    """Return `text` without the characters that XML 1.0 can't have."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
