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
    from naming.stack import configuration, project_folder, stack_file, stack_plan, stack_tokens
    from naming.stack_parts import plan_of_parts, stated_parts, with_computes

    folder = project_folder(project or Path.cwd())
    file, config = stack_file(stack), configuration(folder, stack)
    tokens = stack_tokens(config, stack)
    parts = stated_parts(config, tokens.environment, file)
    ours = Convention.load(convention or folder / "naming.toml")
    made = with_computes(plan_of_parts(stack_plan(tokens, ours, file), parts, ours, file), parts, ours)
    if as_json:
        click.echo(json.dumps({"stack": stack, **plan_fields(made)}, indent=2))
    else:
        print_table(PLAN_COLUMNS, plan_rows(made))
