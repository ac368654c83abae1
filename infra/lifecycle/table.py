"""Tables for people: columns below each other, and values that fit into a cell."""

import json
from collections.abc import Iterator, Sequence

_WIDEST = 48
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What the engine writes for a value that only Azure will know (pulumi's plugin.UnknownStringValue)."""


def aligned(table: Sequence[Sequence[str]]) -> Iterator[str]:
    """The rows with their columns below each other."""
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for row in table:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def shown(value: object) -> str:
    """A value in a cell: text as it is, all else as JSON, and not too wide."""
    if UNKNOWN in str(value):
        return "(known once it is made)"
    text = "-" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…"
