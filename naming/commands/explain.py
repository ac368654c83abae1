"""`mlws names explain`: what Azure accepts, and where that is written."""

import json

import click

from naming.commands.tables import print_table


@click.command()
@click.argument("resource_type", metavar="TYPE", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--markdown", "as_markdown", is_flag=True, help="Print the reference page of all rules.")
def explain(resource_type: str | None, *, as_json: bool, as_markdown: bool) -> None:
    """Say what Azure accepts as the name of a TYPE, and where that is written; without TYPE, list all types.

    TYPE is an ARM type such as Microsoft.KeyVault/vaults, an abbreviation such as kv, or a label such as "key vault".
    """
    from naming.explain import RULE_COLUMNS, markdown, rule_fields, rule_rows, rule_text
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
        print_table(RULE_COLUMNS, rule_rows(meant))
