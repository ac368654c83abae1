"""`mlws names plan`: the names of a stack."""

import json
from pathlib import Path

import click

from naming.commands.tables import print_table


@click.command()
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
    from naming.presentation import PLAN_COLUMNS, plan_fields, plan_rows
    from naming.stack import project_folder, read_stack, stack_file, stack_plan

    folder = project_folder(project or Path.cwd())
    tokens = read_stack(folder, stack)
    made = stack_plan(tokens, Convention.load(convention or folder / "naming.toml"), stack_file(stack))
    if as_json:
        click.echo(json.dumps({"stack": stack, **plan_fields(made)}, indent=2))
    else:
        print_table(PLAN_COLUMNS, plan_rows(made))
