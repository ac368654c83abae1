"""One finding, one line: where, which check, how severe if it is no error, what is wrong, and a better name."""

from collections.abc import Iterable, Iterator

from naming.lint.model import Finding


def report(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield one line for each finding."""
    for finding in findings:
        yield f"{line(finding)}\n"


def line(finding: Finding) -> str:
    """Return a finding as one line, without its end."""
    severity = "" if finding.severity == "error" else f"{finding.severity}: "
    said = f"{finding.resource.where}: {finding.id} {severity}{sentence(finding)}"
    if said.isprintable():
        return said
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in said)


def sentence(finding: Finding) -> str:
    """Return what a finding says, with its suggestion."""
    if finding.suggestion is None:
        return finding.message
    return f"{finding.message} Suggested: {finding.suggestion}"
