"""SARIF 2.1.0, what GitHub code scanning and Azure DevOps Advanced Security read: every check is a rule in it.

The file is written as findings come: what it says of the checks comes first. A finding keeps its fingerprint when lines
move, so that a code scanner does not take it for a new one.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from urllib.parse import quote

from naming.lint.checks.catalogue import IDS
from naming.lint.checks.pages import module, page, title
from naming.lint.model import Finding
from naming.lint.reporters.text import sentence

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_FAMILIES = {"NAM1": "azure", "NAM2": "convention", "NAM3": "uniqueness", "NAM4": "tags"}


def report(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield the log, a result at a time."""
    yield f'{{\n"$schema": "{_SCHEMA}",\n"version": "2.1.0",\n"runs": [{{\n"tool": '
    yield json.dumps({"driver": {"name": "mlws", "semanticVersion": _version(), "rules": _rules(IDS)}})
    yield ',\n"columnKind": "unicodeCodePoints",\n"results": ['
    between = "\n"
    for finding in findings:
        yield f"{between}{json.dumps(_result(finding))}"
        between = ",\n"
    yield "]\n}]\n}\n"


def _rules(ids: Sequence[str]) -> list[dict[str, object]]:
    return [
        {
            "id": check_id,
            "name": module(check_id).__name__.rpartition(".")[2].title().replace("_", ""),
            "shortDescription": {"text": title(check_id).capitalize()},
            "fullDescription": {"text": title(check_id).capitalize()},
            "help": {"text": page(check_id), "markdown": page(check_id)},
            "helpUri": module(check_id).HELP,
            "defaultConfiguration": {"level": _LEVELS[module(check_id).SEVERITY]},
            "properties": {"tags": ["naming", _FAMILIES[check_id[:4]]]},
        }
        for check_id in ids
    ]


def _result(finding: Finding) -> dict[str, object]:
    resource = finding.resource
    identity = "\n".join((finding.id, resource.type, resource.scope_path, resource.name, finding.message))
    properties = {"type": resource.rule.key, "name": resource.name, "suggestion": finding.suggestion}
    return {
        "ruleId": finding.id,
        "ruleIndex": IDS.index(finding.id),
        "level": _LEVELS[finding.severity],
        "message": {"text": sentence(finding)},
        "locations": [_location(finding)],
        "partialFingerprints": {"mlws/v1": sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()},
        "properties": {name: value for name, value in properties.items() if value is not None},
    }


def _location(finding: Finding) -> dict[str, object]:
    resource = finding.resource
    logical = [{"name": resource.name, "fullyQualifiedName": resource.address or resource.name, "kind": "resource"}]
    if resource.file.startswith("<") or not resource.file:
        return {"logicalLocations": logical}
    physical: dict[str, object] = {"artifactLocation": {"uri": _uri(resource.file)}}
    if resource.line is not None:
        physical["region"] = {"startLine": max(resource.line, 1)}
    return {"physicalLocation": physical, "logicalLocations": logical}


def _uri(file: str) -> str:
    """Return a path as a URI: relative as it was given, or absolute with its scheme."""
    path = quote(file.replace("\\", "/").removeprefix("./"), errors="replace")
    return f"file://{path}" if path.startswith("/") else path


def _version() -> str:
    try:
        return version("mlws")
    except PackageNotFoundError:
        return "0.0.0"
