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
        click.echo(f"{stack:<{width}}  ok  {checked.region}, {len(checked.names)} names, {checked.headline}")


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
    context.exit(1 if found.drifted else 0)


@infra.command()
@click.argument("stack")
@click.option("--preview", metavar="FILE|-", help="Output of `pulumi preview --json --show-sames`. Default: run it.")
@_PROJECT
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def review(context: click.Context, stack: str, preview: str | None, project: Path, *, as_json: bool) -> None:
    """Say what an update of STACK would change, name and cost, in Markdown for a pull request. Changes nothing.

    Ends with exit code 1 where a name or a tag is wrong, or Pulumi would refuse because of what is protected.
    """
    from infra.review import markdown
    from infra.review.review import review as review_of
    from infra.stack_file import configuration

    configuration(project, stack)
    found = review_of(stack, preview, project)
    click.echo(
        json.dumps(markdown.as_dict(found), indent=2, ensure_ascii=False) if as_json else markdown.comment(found),
        nl=as_json,
    )
    context.exit(1 if found.fails else 0)


@infra.command(name="import")
@click.argument("stack")
@click.option("--workspace", metavar="NAME", help="The existing workspace. Default: as the stack names its own.")
@click.option("--resource-group", metavar="NAME", help="Its resource group. Default: as the stack names its own.")
@click.option("--subscription", metavar="ID", help="Its subscription. Default: the stack's, or AZURE_SUBSCRIPTION_ID.")
@click.option("--accept-names", is_flag=True, help="Write names that do not follow the convention into the stack file.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the file for `pulumi import` here.")
@click.option("--yes", is_flag=True, help="Do it: take what exists into the state. Without it, only show the plan.")
@_PROJECT
@click.option("--json", "as_json", is_flag=True, help="Print what came of it as JSON; the steps go to standard error.")
@click.pass_context
def import_(  # noqa: PLR0913, PLR0917 - a parameter for each option
    context: click.Context,
    stack: str,
    workspace: str | None,
    resource_group: str | None,
    subscription: str | None,
    out: Path | None,
    project: Path,
    *,
    accept_names: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Adopt an existing workspace and its parts into STACK. Azure is only read.

    Ends with exit code 1 where something keeps it from being the stack's: it says what to write or to move.
    """
    from infra.lifecycle.import_command import Wanted, run

    wanted = Wanted(stack, project, workspace, resource_group, subscription)
    outcome = run(wanted, lambda said: click.echo(said, err=as_json), out, accept_names=accept_names, yes=yes)
    if as_json:
        click.echo(json.dumps(outcome.as_dict(stack), indent=2, ensure_ascii=False))
    context.exit(1 if outcome.obstacles else 0)


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
