"""How the subcommands print rows."""

import sys
from collections.abc import Sequence

import click


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print `rows` under `columns`: as a table on a terminal, as aligned lines elsewhere."""
    if not sys.stdout.isatty():
        from naming.presentation import aligned

        for line in aligned(columns, rows):
            click.echo(line)
        return
    from rich.console import Console
    from rich.table import Table

    table = Table()
    for column in columns:
        # Where the terminal is narrow the type is cut, never a name.
        table.add_column(column, no_wrap=column != "resource type", overflow="ellipsis")
    for row in rows:
        table.add_row(*row)
    Console().print(table)
