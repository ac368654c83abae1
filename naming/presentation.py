"""How plans look: tables on a terminal, aligned lines elsewhere, JSON on request. Rules are in naming/explain.py."""

from collections.abc import Iterator, Sequence

from naming.plan import NamingPlan

PLAN_COLUMNS = ("role", "resource type", "name", "length", "scope")


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


def aligned(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the header and the rows as lines whose columns are aligned."""
    table = [[column.upper() for column in columns], *rows]
    widths = [max(map(len, cells)) for cells in zip(*table, strict=True)]
    for row in table:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
