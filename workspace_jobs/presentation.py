"""How results look: tables for people, aligned lines where there is no terminal, JSON for programs."""

import json
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, is_dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def echo_json(result: "DataclassInstance | Sequence[DataclassInstance] | Mapping[str, object]") -> None:
    """Print the result as JSON, and nothing but it."""
    click.echo(json.dumps(_plain(result), indent=2, ensure_ascii=False))


def echo_table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows under a heading: a rich table on a terminal, aligned columns elsewhere."""
    texts = [[text_of(cell) for cell in row] for row in rows]
    if sys.stdout.isatty():
        _echo_rich(columns, texts)
        return
    widths = [max(len(cell) for cell in column) for column in zip(columns, *texts, strict=True)]
    for row in (columns, *texts):
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def echo_pairs(pairs: Sequence[tuple[str, object]]) -> None:
    """Print names and values, one pair a line, leaving out what is empty."""
    present = [(name, text_of(value)) for name, value in pairs if value not in (None, "")]
    width = max((len(name) for name, _ in present), default=0)
    for name, value in present:
        click.echo(f"{name.ljust(width)}  {value}")


def text_of(value: object) -> str:
    """Write a value as people read it: times to the second in UTC, numbers to six digits."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%SZ")
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _echo_rich(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*columns, box=None, header_style="bold", pad_edge=False)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        # JSON has no such numbers, and whoever reads it strictly would refuse all of it.
        return None
    return str(value) if isinstance(value, Path) else value
