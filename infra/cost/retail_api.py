"""Prices from the Azure Retail Prices API, which is public and asks for no login.

One question for each service, region and SKU; the meter is chosen here, and only where exactly one fits. Facts:
https://learn.microsoft.com/rest/api/cost-management/retail-prices/azure-retail-prices
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any
from urllib.parse import quote, urlsplit

from infra.cost.errors import CostFailure
from infra.cost.meter import DEDICATED, LOW_PRIORITY, VIRTUAL_MACHINES, Meter
from infra.cost.price_table import Price, amount

PRICE_LIST = "https://prices.azure.com/api/retail/prices"
SOURCE = "Azure Retail Prices API"
_TIMEOUT_SECONDS = 30
_MOST_PAGES = 50
_OTHER_PRIORITIES = (" Low Priority", " Spot")


@dataclass(frozen=True)
class _Question:
    """What is asked in one go."""

    service: str
    region: str
    sku: str

    @property
    def wanted(self) -> dict[str, str]:
        column = "armSkuName" if self.service == VIRTUAL_MACHINES else "skuName"
        return {"serviceName": self.service, "armRegionName": self.region, column: self.sku}

    @property
    def filter(self) -> str:
        literals = {name: value.replace("'", "''") for name, value in self.wanted.items()}
        return " and ".join(
            [*(f"{name} eq '{value}'" for name, value in literals.items()), "priceType eq 'Consumption'"]
        )


def retail_prices(meters: Iterable[Meter], currency: str, today: str, base_url: str = PRICE_LIST) -> list[Price]:
    """The prices of those `meters` that the list knows, read on the day `today` (as 2026-01-31).

    Raises `CostFailure` where the list cannot be reached or answers in another shape. Proxies of the environment are
    used.
    """
    asked = [meter for meter in meters if meter.service and meter.sku and meter.region]
    found: list[Price] = []
    for question, of_question in groupby(sorted(asked, key=_sort_key), key=_question):
        items = _items(question, currency, base_url)
        for meter in of_question:
            price = _choose(meter, items, currency, today)
            found.extend([] if price is None else [price])
    return found


def _sort_key(meter: Meter) -> tuple[str, ...]:
    return (meter.service, meter.region, meter.sku, meter.meter, meter.product)


def _question(meter: Meter) -> _Question:
    return _Question(meter.service, meter.region, meter.sku)


def _items(question: _Question, currency: str, base_url: str) -> list[dict[str, Any]]:
    query = f"currencyCode={quote(repr(currency))}&$filter={quote(question.filter)}"
    items: list[dict[str, Any]] = []
    for _ in range(_MOST_PAGES):
        page = _get(f"{base_url}?{query}")
        rows, following = page.get("Items"), page.get("NextPageLink")
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise CostFailure(_other_shape(base_url))
        items += rows
        if not isinstance(following, str) or not following:
            return items
        # Only the question of the link is taken, so that an answer cannot send us to another host.
        query = urlsplit(following).query
    raise CostFailure(
        f"the price list at {base_url} does not come to an end for {question.filter}; nothing was changed"
    )


def _get(url: str) -> dict[str, Any]:
    import requests

    base_url = url.partition("?")[0]
    try:
        with requests.Session() as session:
            answer = session.get(url, timeout=_TIMEOUT_SECONDS, headers={"Accept": "application/json"})
        answer.raise_for_status()
        page = json.loads(answer.content, parse_float=Decimal)
    except requests.HTTPError as error:
        raise CostFailure(
            f"the price list at {base_url} answered {error.response.status_code}; nothing was changed, try again later"
        ) from None
    except requests.RequestException:
        raise CostFailure(
            f"the price list at {base_url} cannot be reached; nothing was changed, try again with a network, or set "
            "HTTPS_PROXY where one is needed"
        ) from None
    except ValueError:
        raise CostFailure(_other_shape(base_url)) from None
    if not isinstance(page, dict):
        raise CostFailure(_other_shape(base_url))
    return page


def _other_shape(base_url: str) -> str:
    return (
        f"the answer of {base_url} is no price list; nothing was changed, check for a proxy that answers in its place"
    )


def _choose(meter: Meter, items: list[dict[str, Any]], currency: str, today: str) -> Price | None:
    fitting = [item for item in items if _fits(meter, item) and item.get("currencyCode") == currency]
    if len({(item.get("productName"), item.get("meterName")) for item in fitting}) != 1:
        return None
    # The first tier that costs something; what is below it is free.
    tiers = sorted(
        (_number(item, "tierMinimumUnits"), _number(item, "retailPrice"), n) for n, item in enumerate(fitting)
    )
    free, price, position = next((tier for tier in tiers if tier[1] > 0), tiers[0])
    item = fitting[position]
    return Price(
        service=meter.service,
        product=meter.product,
        sku=meter.sku,
        meter=meter.meter,
        region=meter.region,
        currency=currency,
        unit=str(item.get("unitOfMeasure", "")),
        price=price,
        free=free,
        effective=str(item.get("effectiveStartDate", ""))[:10],
        read=today,
        source=SOURCE,
    )


def _fits(meter: Meter, item: dict[str, Any]) -> bool:
    # The filter is applied again: a mirror may leave it out, and a price of something else is worse than none.
    wanted = {**_question(meter).wanted, "type": "Consumption"}
    if any(str(item.get(name, "")).lower() != value.lower() for name, value in wanted.items()):
        return False
    product, name = str(item.get("productName", "")), str(item.get("meterName", ""))
    if meter.service != VIRTUAL_MACHINES:
        return product == meter.product and _is_called(meter, name)
    if product.endswith("Windows"):
        return False
    if meter.meter == LOW_PRIORITY:
        return name.endswith(" Low Priority")
    return meter.meter == DEDICATED and not name.endswith(_OTHER_PRIORITIES)


def _is_called(meter: Meter, name: str) -> bool:
    """Whether `name` is the meter's, perhaps after words of its SKU: 'Hot LRS Data Stored', 'Hot Read Operations'."""
    if not name.endswith(meter.meter):
        return False
    return set(name.removesuffix(meter.meter).split()) <= set(meter.sku.split())


def _number(item: dict[str, Any], name: str) -> Decimal:
    value = amount(item.get(name, 0))
    if value is None:
        raise CostFailure(
            f"the price list says {name} = {item.get(name)!r} for {item.get('meterName')}; nothing was changed"
        )
    return value
