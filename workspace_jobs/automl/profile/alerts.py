"""What a check says about a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
_LISTED = 5


@dataclass(frozen=True)
class Alert:
    """Something about some columns that training should not start without knowing, and what to do about it.

    Parameters:
        id: of the check, such as `EDA201`; stable, and documented in docs/reference/profile.
        columns: those it is about, by name; empty where it is about the table's rows.
        severity: `error` is to be put right before training, `warning` is likely to cost quality or trust,
            `note` says what will be done with a column.
        message: what was found, in one sentence without its full stop, columns between backticks.
        advice: what to do, the same way.
    """

    id: str
    columns: tuple[str, ...]
    severity: Severity
    message: str
    advice: str


def named(columns: Sequence[str] | Mapping[str, str]) -> str:
    """The first few columns, and in brackets what is told of each: `age` (12%), `income` (5%) and 3 more."""
    details = columns if isinstance(columns, Mapping) else dict.fromkeys(columns, "")
    return listed([f"`{name}` ({detail})" if detail else f"`{name}`" for name, detail in details.items()])


def listed(items: Sequence[str]) -> str:
    """The first few of `items` and how many there are besides: `a, b, c, d, e and 12 more`."""
    rest = len(items) - _LISTED
    shown = ", ".join(items[:_LISTED])
    return f"{shown} and {rest:,} more" if rest > 0 else shown
