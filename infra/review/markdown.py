"""A review as a comment on a pull request: the verdict to see at once, the tables to unfold."""

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from infra.cost.report import as_dict as estimate_as_dict
from infra.cost.report import lines as estimate_lines
from infra.review.changes import OPERATIONS, WITH_LOSS, Change
from infra.review.review import Review
from naming.lint.model import Finding

# A comment on GitHub holds 65,536 characters.
_MOST_ROWS = 200


def comment(review: Review) -> str:
    """The review in Markdown. Its first line is a marker by which the next run finds the comment to rewrite."""
    return "\n".join(_lines(review)) + "\n"


def as_dict(review: Review) -> dict[str, Any]:
    """The same for a program."""
    return {
        "stack": review.stack,
        "refused": review.is_refused,
        "changes": [
            {
                "operation": change.operation,
                "resource": change.name,
                "type": change.type,
                "properties": list(change.properties),
                "lost": change.lost,
            }
            for change in review.changes
        ],
        "findings": [
            {
                "id": finding.id,
                "severity": finding.severity,
                "type": finding.resource.type,
                "name": finding.resource.name,
                "message": finding.message,
                "suggestion": finding.suggestion,
            }
            for finding in review.findings
        ],
        "cost": {"before": estimate_as_dict(review.before), "after": estimate_as_dict(review.after)},
    }


def _lines(review: Review) -> Iterator[str]:
    yield f"<!-- mlws infra review {review.stack} -->"
    yield f"### Stack `{review.stack}`: {_plan(review.changes)}"
    yield ""
    for change in sorted(review.changes, key=lambda change: change.lost is None):
        if change.operation in WITH_LOSS:
            yield f"- **{change.operation}** `{change.name}` ({change.type}){_because(change)}{_lost(change)}"
    if review.is_refused:
        yield (
            "- **Refused**: what is protected is neither replaced nor deleted before `mlws:protection.allowReplacing`"
            " names it, and the plan ends where it is refused"
        )
    yield f"- Names and tags: {_verdict(review.findings)}"
    yield f"- Cost: {_cost(review)}"
    yield ""
    yield from _folded("Plan", _table(("", "resource", "type", "what differs"), map(_change_row, review.changes)))
    yield from _folded("Findings", [*_table(("id", "name", "what", "instead"), map(_finding_row, review.findings))])
    yield from _folded("Not judged", [f"- {_cell(note)}" for note in review.notes])
    yield from _folded("Cost", ["```text", *estimate_lines(review.after), "```"])


def _plan(found: Sequence[Change]) -> str:
    counts = Counter(change.operation for change in found)
    order = [*reversed(OPERATIONS), *(each for each in counts if each not in OPERATIONS)]
    return ", ".join(f"{counts[each]} to {each}" for each in order if counts[each]) or "no change"


def _because(change: Change) -> str:
    return f", because of {', '.join(f'`{one}`' for one in change.properties)}" if change.properties else ""


def _lost(change: Change) -> str:
    return f". **Lost with it:** {change.lost}" if change.lost else ""


def _verdict(findings: Sequence[Finding]) -> str:
    counts = Counter(finding.severity for finding in findings)
    return ", ".join(f"{count} × {severity}" for severity, count in counts.items()) or "nothing is wrong"


def _cost(review: Review) -> str:
    before, after = review.before.monthly, review.after.monthly
    least = "" if review.after.is_complete else "at least "
    difference = _money(after - before)
    change = "as today" if after == before else f"{'+' if after > before else ''}{difference} against today"
    return f"{least}{_money(after)} {review.after.currency} a month before any use, {change}"


def _money(amount: Decimal) -> str:
    return f"{amount.quantize(Decimal('0.01'), ROUND_HALF_UP):f}"


def _change_row(change: Change) -> tuple[str, ...]:
    return change.operation, f"`{change.name}`", change.type, ", ".join(change.properties)


def _finding_row(finding: Finding) -> tuple[str, ...]:
    return finding.id, f"`{finding.resource.name}`", finding.message, finding.suggestion or ""


def _table(head: Sequence[str], rows: Iterator[tuple[str, ...]]) -> list[str]:
    """A table in Markdown; nothing without rows, and not more of them than a comment holds."""
    found = [f"| {' | '.join(map(_cell, row))} |" for row in rows]
    if not found:
        return []
    more = [f"\n{len(found) - _MOST_ROWS} more are in the log."] if len(found) > _MOST_ROWS else []
    return [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *found[:_MOST_ROWS], *more]


def _cell(text: str) -> str:
    """Text that neither ends a cell nor begins a tag."""
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")


def _folded(title: str, content: Sequence[str]) -> Iterator[str]:
    if content:
        yield from (f"<details><summary>{title}</summary>", "", *content, "", "</details>", "")
