"""A preview read three times: what it changes, what is wrong with its names and tags, and what it costs."""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from infra.cost import price_table
from infra.cost.engine import preview_text
from infra.cost.estimate import Estimate, estimate
from infra.cost.plan import planned_resources
from infra.engine import EngineFailure
from infra.errors import InfraError
from infra.names import CONVENTION
from infra.review.changes import Change, changes
from naming import Convention, NamingError
from naming.lint.checks import registry
from naming.lint.configuration import Configuration
from naming.lint.engine import lint_sources
from naming.lint.model import Finding
from naming.lint.sources.notes import Notes

_CURRENCY = "USD"
# What the engine says of a plan that it would not carry out, and how it ends.
_PROTECTED, _ENDED = "marked for protection", "preview failed"


@dataclass(frozen=True)
class Review:
    """What there is to say about a preview. `before` is what the stack costs today, `after` what it will.

    `is_refused` is whether the engine would not carry it out, because of what is protected.
    """

    stack: str
    changes: Sequence[Change]
    findings: Sequence[Finding]
    notes: Sequence[str]
    before: Estimate
    after: Estimate
    is_refused: bool

    @property
    def fails(self) -> bool:
        """Whether a name or a tag is wrong, or the engine would refuse."""
        return self.is_refused or any(finding.severity == "error" for finding in self.findings)


def review(stack: str, source: str | None, project: Path) -> Review:
    """Review `stack`: the preview in the file `source`, in standard input (`-`), or the engine's own where None.

    Raises:
        InfraError: there is no preview, or it cannot be read.
    """
    text, origin = _preview(stack, source, project)
    after = planned_resources(text, origin)
    steps = json.loads(text)["steps"]
    findings, notes = _lint(text, project)
    prices = price_table.load(price_table.TABLE)
    before = planned_resources(json.dumps({"steps": [_undone(step) for step in steps]}), origin)
    return Review(
        stack,
        changes(steps),
        findings,
        notes,
        estimate(stack, before, prices, _CURRENCY),
        estimate(stack, after, prices, _CURRENCY),
        _is_refused(text),
    )


def _preview(stack: str, source: str | None, project: Path) -> tuple[str, str]:
    """The preview and what to call it; what is refused is a plan all the same, and one that most needs a review."""
    try:
        return preview_text(stack, source, project)
    except EngineFailure as failure:
        if not _is_refused(failure.output):
            raise
        return failure.output, f"the preview of stack '{stack}'"


def _is_refused(text: str) -> bool:
    """Whether the engine planned, and stopped at what is protected and at nothing else."""
    try:
        told = json.loads(text).get("diagnostics") or ()
        errors = [str(one["message"]) for one in told if one["severity"] == "error"]
    except (ValueError, AttributeError, KeyError, TypeError):
        return False
    return any(_PROTECTED in one for one in errors) and all(_PROTECTED in one or _ENDED in one for one in errors)


def _undone(step: dict[str, object]) -> dict[str, object]:
    """The step as if what is there now were the plan."""
    return {"op": "same", "newState": step.get("oldState")}


def _lint(text: str, project: Path) -> tuple[list[Finding], list[str]]:
    """What the linter finds with the settings and the convention of the project."""
    notes = Notes()
    try:
        checks = [registry(Convention.load(project / CONVENTION), Configuration.load(project))]
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "preview.json")
            file.write_text(text, encoding="utf-8")
            findings = list(lint_sources((), [str(file)], checks, notes))
            return findings, [sentence.replace(f"{file}: ", "") for sentence in notes.sentences()]
    except NamingError as error:
        raise InfraError(str(error)) from error
