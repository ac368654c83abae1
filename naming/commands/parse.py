"""`mlws names parse`: what an existing name is made of."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from naming.commands.options import convention_option, json_option, read_convention
from naming.commands.tables import print_table

if TYPE_CHECKING:
    from naming.convention import Convention
    from naming.parse import ParsedName


@click.command()
@click.argument("name")
@click.option("--type", "resource_type", metavar="TYPE", help="Its type. [default: told from its abbreviation]")
@convention_option
@json_option
@click.pass_context
def parse(ctx: click.Context, name: str, resource_type: str | None, file: Path | None, *, as_json: bool) -> None:
    """Say what NAME is made of; exit 1 when it does not follow the convention.

    TYPE is an ARM type such as Microsoft.KeyVault/vaults, with a variant in brackets where that matters, an
    abbreviation such as kv, or a label such as "key vault".
    """
    from naming.parse import likeliest
    from naming.parse import parse as read
    from naming.rulebook import rule_for_key

    convention = read_convention(file)
    parsed = read(convention, rule_for_key(resource_type), name) if resource_type else likeliest(convention, name)
    if as_json:
        click.echo(json.dumps(_fields(parsed), indent=2))
    else:
        click.echo(f"{parsed.name}: {parsed.rule.label} ({parsed.rule.key}){_shortened(parsed)}")
        print_table(("token", "value", "state"), _rows(convention, parsed))
        for deviation in parsed.deviations:
            click.echo(deviation.message)
    ctx.exit(0 if parsed.follows else 1)


def _rows(convention: "Convention", parsed: "ParsedName") -> list[tuple[str, str, str]]:
    layout = convention.layout(parsed.rule)
    values = {**parsed.tokens, "suffix": parsed.suffix or ""}
    states = {one.token: one for one in parsed.deviations if one.token}
    rows = []
    cut = "workload" if parsed.shortened and not parsed.recovered else None
    for token in (*layout.order, *(["suffix"] if layout.suffix_length or parsed.suffix else [])):
        found = states.get(token)
        value = values.get(token, "") or (found.text if found and found.text else "")
        if found or value:
            rows.append((token, value, found.kind.value if found else "cut short" if token == cut else "ok"))
    strangers = [one.text for one in parsed.deviations if one.token is None and one.text]
    return [*rows, *(("", text, "unknown") for text in strangers)]


def _shortened(parsed: "ParsedName") -> str:
    if not parsed.shortened:
        return ""
    whole = ", and is the name of this convention's own workload" if parsed.recovered else ""
    return f"; it was shortened, a hash stands for what was removed{whole}"


def _fields(parsed: "ParsedName") -> dict[str, object]:
    return {
        "name": parsed.name,
        "type": parsed.rule.type,
        "variant": parsed.rule.variant,
        "follows": parsed.follows,
        "shortened": parsed.shortened,
        "complete": parsed.recovered is not None,
        "tokens": dict(parsed.tokens),
        "suffix": parsed.suffix,
        "missing": list(parsed.missing),
        "out_of_order": list(parsed.out_of_order),
        "unknown": list(parsed.unknown),
        "deviations": [asdict(deviation) for deviation in parsed.deviations],
    }
