"""`mlws infra`: judge stack files before any engine or cloud is asked, and compare stacks with what is there."""

import json
from pathlib import Path

import click

_PROJECT = click.option(
    "--project",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    help="Folder of Pulumi.yaml.",
)


@click.group()
def infra() -> None:
    """Check the settings of stacks and document them, and compare stacks with Azure."""


@infra.command()
@click.argument("stacks", nargs=-1, metavar="[STACK]...")
@_PROJECT
@click.option("--json", "as_json", is_flag=True, help="Print the settings and names as JSON.")
def check(stacks: tuple[str, ...], project: Path, *, as_json: bool) -> None:
    """Check stack files: every setting, and every name that it leads to. Default: all of them.

    Needs neither Pulumi nor a subscription. Ends with exit code 2 at the first mistake.
    """
    from infra.check import check_stack
    from infra.stack_file import stacks as stacks_of

    wanted = stacks or stacks_of(project)
    if as_json:
        click.echo(json.dumps([check_stack(project, stack).as_dict() for stack in wanted], indent=2))
        return
    width = max(map(len, wanted))
    for stack in wanted:
        checked = check_stack(project, stack)
        click.echo(f"{stack:<{width}}  ok  {checked.region}, {len(checked.names)} names, {checked.names['workspace']}")


@infra.command()
@click.argument("stack")
@_PROJECT
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with whole values.")
@click.pass_context
def drift(context: click.Context, stack: str, project: Path, *, as_json: bool) -> None:
    """Show what somebody changed in Azure behind the back of STACK. Changes nothing.

    Ends with exit code 1 where there is any, so that a nightly job can tell.
    """
    from infra.lifecycle import drift_report
    from infra.lifecycle.drift import drift as drift_of
    from infra.stack_file import configuration

    configuration(project, stack)
    found = drift_of(stack, project)
    if as_json:
        click.echo(json.dumps(drift_report.as_dict(stack, found), indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(drift_report.lines(stack, found)))
    context.exit(1 if found else 0)


@infra.command()
@click.option("--schema", is_flag=True, help="Print the JSON schema of a stack file, for editors.")
def settings(*, schema: bool) -> None:
    """Print the reference of every setting, in Markdown."""
    if schema:
        from infra.settings.schema import settings_schema

        click.echo(settings_schema(), nl=False)
        return
    from infra.settings.reference import settings_reference

    click.echo(settings_reference(), nl=False)
