"""SARIF 2.1.0, what GitHub code scanning and Azure DevOps Advanced Security read: every check is a rule in it.

The file is written as findings come: what it says of the checks comes first. A finding keeps its fingerprint when lines
move, so that a code scanner does not take it for a new one.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, distribution, version
from urllib.parse import quote, urlsplit

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
    pages_at = address_of_pages(_installed_from())
    return [
        {
            "id": check_id,
            "name": module(check_id).__name__.rpartition(".")[2].title().replace("_", ""),
            "shortDescription": {"text": _as_sentence(title(check_id))},
            "fullDescription": {"text": _as_sentence(title(check_id))},
            "help": {"text": page(check_id), "markdown": page(check_id)},
            "helpUri": f"{pages_at}/{check_id}.md" if pages_at else module(check_id).HELP,
            "defaultConfiguration": {"level": _LEVELS[module(check_id).SEVERITY]},
            "properties": {"tags": ["naming", _FAMILIES[check_id[:4]]]},
        }
        for check_id in ids
    ]


def address_of_pages(installed_from: str | None) -> str | None:
    """Return where the pages of the checks can be read, by what pip noted of the repository that it installed from.

    None where it noted none that shows its files under /blob/: each rule has its whole page as `help` too, and then
    `helpUri` is Microsoft's page on what the check is about.
    """
    try:
        noted = json.loads(installed_from or "{}")
        url, commit = str(noted["url"]), str(noted["vcs_info"]["commit_id"])
    except (ValueError, KeyError, TypeError):
        return None
    host = urlsplit(url).hostname or ""
    if not url.startswith("https://") or host.endswith(("dev.azure.com", "visualstudio.com")):
        return None
    return f"https://{host}{urlsplit(url).path.removesuffix('.git')}/blob/{commit}/docs/reference/lint"


def _installed_from() -> str | None:
    try:
        return distribution("mlws").read_text("direct_url.json")
    except PackageNotFoundError:
        return None


def _as_sentence(text: str) -> str:
    # Not capitalize(), which writes Azure in small letters.
    return f"{text[:1].upper()}{text[1:]}"


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
