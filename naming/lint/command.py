"""The command `mlws lint`: names from anywhere go in, findings and an exit code come out.

Everything but click is imported where it is used: `mlws lint` in a CI job is as fast as it can be.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from naming.lint.model import Finding, NamedResource


@click.command()
@click.argument("sources", nargs=-1, metavar="[TYPE=NAME | FILE | -]...")
@click.option("--file", "files", multiple=True, help="A list of names, one TYPE=NAME a line; - is standard input.")
@click.option("--format", "output", type=click.Choice(["text", "json"]), default="text", help="How to print findings.")
@click.option("--json", "output", flag_value="json", help="Short for --format json.")
@click.pass_context
def lint(ctx: click.Context, sources: tuple[str, ...], files: tuple[str, ...], output: str) -> None:
    """Judge names: exit 1 when Azure would refuse one or two are alike, 0 when all are good.

    TYPE is an ARM type, an abbreviation or a label, with a variant in brackets where that matters: kv=kv-churn-dev,
    Microsoft.MachineLearningServices/workspaces/computes[ComputeInstance]=ci-jane.
    """
    from naming.errors import NamingError
    from naming.lint.checks import all_checks
    from naming.lint.engine import lint as judge
    from naming.lint.reporters import REPORTERS

    if not sources and not files:
        raise NamingError("there is nothing to judge: write TYPE=NAME, name a file of names, or - for standard input.")
    found = 0

    def counted() -> "Iterator[Finding]":
        nonlocal found
        for finding in judge(_resources(sources, files), all_checks()):
            found += 1
            yield finding

    for piece in REPORTERS[output](counted()):
        click.echo(piece, nl=False)
    ctx.exit(1 if found else 0)


def _resources(sources: Sequence[str], files: Sequence[str]) -> "Iterator[NamedResource]":
    from naming.lint.sources.names import from_arguments, from_list

    yield from from_arguments([source for source in sources if "=" in source])
    for source in [*(source for source in sources if "=" not in source), *files]:
        yield from from_list(source)
