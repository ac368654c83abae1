"""The steps of `mlws cost stack` that need more than one room: a plan from its source, a table from the price list."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from infra.cost.engine import preview_text
from infra.cost.errors import CostInputError
from infra.cost.estimate import meters
from infra.cost.plan import PlannedResource, planned_resources
from infra.cost.price_table import PriceTable


def plan_of(stack: str, source: str | None, project: Path) -> tuple[PlannedResource, ...]:
    """The resources of `stack`, from the preview in `source`, or from the engine where that is `None`."""
    return planned_resources(*preview_text(stack, source, project))


def require_currency(currency: str, table: PriceTable, *, refresh: bool) -> str:
    """The code of `currency`. Raises `CostInputError` where it is none, or the table has no price in it."""
    code = currency.upper()
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise CostInputError(f"--currency: '{currency}' is no currency code; write three letters, as USD or EUR")
    if not refresh and table.prices and code not in table.currencies():
        raise CostInputError(
            f"--currency: the price table has no price in {code}, only in {', '.join(table.currencies())}; "
            "add --refresh to ask Azure for them"
        )
    return code


def refreshed(table: PriceTable, plans: Iterable[Iterable[PlannedResource]], currency: str) -> PriceTable:
    """`table` with today's prices of all meters in `plans`. Raises `CostFailure` where the list does not answer."""
    from infra.cost import retail_api

    asked = meters(resource for plan in plans for resource in plan)
    today = datetime.now(UTC).date().isoformat()
    return table.with_prices(retail_api.retail_prices(asked, currency, today, retail_api.PRICE_LIST))
