"""`mlws cost`: what a stack will cost, from its preview, before anything is created."""

import json
from pathlib import Path

import click


@click.group()
def cost() -> None:
    """Price a stack before it is created."""


@cost.command()
@click.argument("name")
@click.option("--preview", metavar="FILE|-", help="Output of `pulumi preview --json`. Default: run it.")
@click.option("--compare", metavar="STACK|FILE", help="Another stack, or a file of its preview, beside it.")
@click.option("--currency", default="USD", show_default=True, help="Currency of the prices, as USD or EUR.")
@click.option("--refresh", is_flag=True, help="First ask Azure's public price list, and rewrite the price table.")
@click.option(
    "--prices",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Price table, made by --refresh. Default: built in.",
)
@click.option(
    "--project",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    help="Folder of Pulumi.yaml.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the estimate as JSON, with exact amounts as text.")
def stack(  # noqa: PLR0913, PLR0917 - a parameter for each option
    name: str,
    preview: str | None,
    compare: str | None,
    currency: str,
    prices: Path | None,
    project: Path,
    *,
    refresh: bool,
    as_json: bool,
) -> None:
    """Price the plan of stack NAME: fixed cost a month, cost of each compute an hour, and what use costs.

    What has no price in the table is listed as unknown, never guessed.
    """
    from infra.cost import price_table, report
    from infra.cost.estimate import estimate
    from infra.cost.pricing import plan_of, refreshed, require_currency

    table_file = prices or price_table.TABLE
    plans = {name: plan_of(name, preview, project)}
    if compare is not None:
        other, source = (Path(compare).stem, compare) if Path(compare).is_file() else (compare, None)
        plans[other if other != name else f"{other} ({compare})"] = plan_of(other, source, project)
    # A table of one's own begins with what the built-in one knows.
    is_new = refresh and not table_file.exists()
    table = price_table.load(price_table.TABLE if is_new else table_file)
    code = require_currency(currency, table, refresh=refresh)
    if refresh:
        table = refreshed(table, plans.values(), code)
        price_table.save(table, table_file)
    estimates = [estimate(each, resources, table, code) for each, resources in plans.items()]
    if as_json:
        found = [report.as_dict(each) for each in estimates]
        click.echo(json.dumps(found[0] if compare is None else found, indent=2, ensure_ascii=False))
        return
    text = report.lines(estimates[0]) if compare is None else report.compared(*estimates)
    click.echo("\n".join(text))
