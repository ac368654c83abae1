"""How plans and rules look: tables on a terminal, aligned lines elsewhere, JSON and Markdown on request."""

from collections.abc import Iterator, Sequence

from naming.plan import NamingPlan
from naming.rule import Rule

PLAN_COLUMNS = ("role", "resource type", "name", "length", "scope")
RULE_COLUMNS = ("type", "label", "abbreviation", "length", "scope")


def plan_rows(plan: NamingPlan) -> list[tuple[str, ...]]:
    """Return one row for each name, as `PLAN_COLUMNS` says."""
    return [
        (entry.role, entry.rule.key, entry.name, f"{len(entry.name)}/{entry.rule.max_length}", entry.rule.scope.value)
        for entry in plan
    ]


def plan_fields(plan: NamingPlan) -> dict[str, object]:
    """Return the plan as JSON has it."""
    tokens = plan.tokens
    return {
        "environment": tokens.environment,
        "region": tokens.region,
        "workload": tokens.workload,
        "instance": tokens.instance,
        "organisation": tokens.organisation,
        "names": [
            {
                "role": entry.role,
                "type": entry.type,
                "variant": entry.variant,
                "name": entry.name,
                "length": len(entry.name),
                "max_length": entry.rule.max_length,
                "scope": entry.rule.scope.value,
            }
            for entry in plan
        ],
    }


def rule_rows(rules: Sequence[Rule]) -> list[tuple[str, ...]]:
    """Return one row for each rule, as `RULE_COLUMNS` says."""
    return [(rule.key, rule.label, rule.abbreviation or "", _lengths(rule), rule.scope.value) for rule in rules]


def rule_fields(rule: Rule) -> dict[str, object]:
    """Return a rule as JSON has it."""
    return {
        "type": rule.type,
        "variant": rule.variant,
        "label": rule.label,
        "abbreviation": rule.abbreviation,
        "min_length": rule.min_length,
        "max_length": rule.max_length,
        "pattern": rule.pattern,
        "scope": rule.scope.value,
        "case": rule.case.value,
        "separator": rule.separator,
        "reserved_words": rule.reserved_words is not None,
        "description": rule.description,
        "note": rule.note,
        "sources": [
            {"name": source.name, "says": source.says, "retrieved": source.retrieved} for source in rule.sources
        ],
    }


def rule_text(rule: Rule) -> str:
    """Return everything about a rule, to be read on a terminal."""
    facts = [
        ("abbreviation", rule.abbreviation or "none in the Cloud Adoption Framework"),
        ("length", _lengths(rule)),
        ("characters", rule.description),
        ("pattern", rule.pattern),
        ("unique in", rule.scope.value),
        ("case", rule.case.value),
        ("reserved words", "refused" if rule.reserved_words else "no matter"),
        ("for example", ", ".join(rule.good)),
        ("not", ", ".join(map(repr, rule.bad))),
        ("follows", _cited(rule, 0)),
        *(("also read", _cited(rule, position)) for position in range(1, len(rule.sources))),
        *([("note", rule.note)] if rule.note else []),
    ]
    return "\n".join([f"{rule.key} ({rule.label})", *(f"  {key:<15} {value}" for key, value in facts)])


def aligned(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the header and the rows as lines whose columns are aligned."""
    table = [[column.upper() for column in columns], *rows]
    widths = [max(map(len, cells)) for cells in zip(*table, strict=True)]
    for row in table:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def markdown(rules: Sequence[Rule]) -> str:
    """Return the reference page of all rules: `docs/reference/naming.md`."""
    lines = [
        "# What Azure accepts as a name",
        "",
        "Written by `mlws names explain --markdown` from `naming/rules/`; a test compares the two. How a name",
        "is put together is the convention's business: `naming.toml` explains itself.",
        "",
        "A type is written as below wherever mlws takes one; its abbreviation and its label do as well.",
        "",
        "| type | label | abbreviation | length | characters | unique in |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| [`{rule.key}`](#{_anchor(rule)}) | {rule.label} | {rule.abbreviation or ''} | {_lengths(rule)} "
        f"| {rule.description} | {rule.scope.value} |"
        for rule in rules
    ]
    for rule in rules:
        lines += ["", f"## {rule.label}", "", *_section(rule)]
    return "\n".join(lines) + "\n"


def _section(rule: Rule) -> list[str]:
    facts = [
        f"- type: `{rule.key}`",
        f"- length: {_lengths(rule)}",
        f"- characters: {rule.description}",
        f"- pattern: `{rule.pattern}`",
        f"- unique in: {rule.scope.value}; case: {rule.case.value}",
        *(["- refuses Azure's reserved words"] if rule.reserved_words else []),
        f"- accepted: {', '.join(f'`{name}`' for name in rule.good)}",
        f"- refused: {', '.join(f'`{_escaped(name)}`' for name in rule.bad)}",
        *(f"- source: {source.name}: `{source.says}` (read {source.retrieved})" for source in rule.sources),
    ]
    return [*facts, "", rule.note] if rule.note else facts


def _anchor(rule: Rule) -> str:
    return rule.label.lower().replace(" ", "-")


def _escaped(name: str) -> str:
    return repr(name)[1:-1]


def _lengths(rule: Rule) -> str:
    return str(rule.max_length) if rule.min_length == rule.max_length else f"{rule.min_length}-{rule.max_length}"


def _cited(rule: Rule, position: int) -> str:
    source = rule.sources[position]
    return f"{source.name}: {source.says} (read {source.retrieved})"
