"""`mlws names suggest`: the nearest name that complies."""

import json
from pathlib import Path

import click

from naming.commands.options import convention_option, json_option, read_convention


@click.command()
@click.argument("name")
@click.option("--type", "resource_type", metavar="TYPE", help="Its type. [default: told from its abbreviation]")
@click.option("--environment", help="The environment, where the name does not say. [default: the convention's first]")
@click.option("--region", help="The region, where the name does not say. [default: westeurope]")
@convention_option
@json_option
def suggest(
    name: str,
    resource_type: str | None,
    file: Path | None,
    *,
    as_json: bool,
    **assumed: str | None,
) -> None:
    """Propose the name that complies and is nearest to NAME, and say whether renaming would replace the resource.

    TYPE is an ARM type such as Microsoft.KeyVault/vaults, with a variant in brackets where that matters, an
    abbreviation such as kv, or a label such as "key vault".
    """
    from naming.errors import shown
    from naming.parse import likeliest
    from naming.rulebook import rule_for_key
    from naming.suggest import nearest_name

    convention = read_convention(file)
    rule = rule_for_key(resource_type) if resource_type else likeliest(convention, name).rule
    nearest = nearest_name(rule, name, convention, assumed["environment"], assumed["region"])
    if as_json:
        fields = {
            "name": name,
            "type": rule.type,
            "variant": rule.variant,
            "suggestion": nearest.name,
            "replaces": nearest.replaces,
            "reason": nearest.reason,
            "assumed": list(nearest.assumed),
        }
        click.echo(json.dumps(fields, indent=2))
        return
    click.echo(nearest.name)
    click.echo(f"  {nearest.reason}")
    if nearest.assumed:
        click.echo(f"  {shown(name)} does not say its {' nor its '.join(nearest.assumed)}: assumed.")
