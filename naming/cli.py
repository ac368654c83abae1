"""`mlws names` shows what things are called; everything but click is imported where it is used."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click


class _StackOrSubcommand(click.Group):
    """A group whose first argument is a subcommand or, when it is none, the stack whose plan is meant."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = ["plan", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_StackOrSubcommand, subcommand_metavar="STACK | COMMAND [ARGS]...")
def names() -> None:
    """Show the names of a stack, or explain the rules behind them.

    `mlws names dev` is short for `mlws names plan dev`.
    """


@names.command()
@click.argument("stack")
@click.option(
    "--convention", type=click.Path(path_type=Path), help="The convention. [default: naming.toml of the project]"
)
@click.option(
    "--project",
    type=click.Path(path_type=Path),
    help="The folder of the Pulumi project. [default: found from the current folder upwards]",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def plan(stack: str, convention: Path | None, project: Path | None, *, as_json: bool) -> None:
    """Print every name that STACK will use, each proven valid."""
    from naming.convention import Convention
    from naming.plan import naming_plan
    from naming.presentation import PLAN_COLUMNS, plan_fields, plan_rows
    from naming.stack import project_folder, read_stack

    folder = project_folder(project or Path.cwd())
    read = read_stack(folder, stack)
    made = naming_plan(
        Convention.load(convention or folder / "naming.toml"),
        environment=read.environment,
        region=read.region,
        workload=read.workload,
        instance=read.instance,
    )
    if as_json:
        click.echo(json.dumps({"stack": stack, **plan_fields(made)}, indent=2))
    else:
        _print_table(PLAN_COLUMNS, plan_rows(made))


@names.command()
@click.argument("resource_type", metavar="TYPE", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--markdown", "as_markdown", is_flag=True, help="Print the reference page of all rules.")
def explain(resource_type: str | None, *, as_json: bool, as_markdown: bool) -> None:
    """Say what Azure accepts as the name of a TYPE, and where that is written; without TYPE, list all types.

    TYPE is an ARM type such as Microsoft.KeyVault/vaults, an abbreviation such as kv, or a label such as "key vault".
    """
    from naming.presentation import RULE_COLUMNS, markdown, rule_fields, rule_rows, rule_text
    from naming.rulebook import rules, rules_matching

    if as_markdown:
        click.echo(markdown(rules()), nl=False)
        return
    meant = rules_matching(resource_type) if resource_type else rules()
    if as_json:
        click.echo(json.dumps([rule_fields(rule) for rule in meant], indent=2))
    elif resource_type:
        click.echo("\n\n".join(map(rule_text, meant)))
    else:
        _print_table(RULE_COLUMNS, rule_rows(meant))


def _print_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
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
