"""The price table and the price list: dated and sourced, refreshed whole or not at all."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.cost.errors import CostFailure, CostInputError
from infra.cost.meter import Charge, Meter
from infra.cost.price_table import TABLE, Price, PriceTable, load, save
from infra.cost.retail_api import retail_prices

_PRICE = Price(
    "Container Registry", "Container Registry", "Basic", "Basic Registry Unit", "westeurope", "USD", "1/Day",
    Decimal("0.1666"), Decimal(0), "2020-08-01", "2026-01-31", "a test",
)  # fmt: skip
_UNIT = Meter("registry", "registry", Charge.FIXED, _PRICE.service, _PRICE.product, _PRICE.sku,
              _PRICE.meter, _PRICE.region)  # fmt: skip
_MACHINE = Meter("cluster", "size", Charge.COMPUTE, "Virtual Machines", "", "Standard_DS3_v2", "Linux", "westeurope")


def item(**differing: Any) -> dict[str, Any]:
    """An item as https://learn.microsoft.com/rest/api/cost-management/retail-prices/azure-retail-prices shows it."""
    return {
        "currencyCode": "USD", "tierMinimumUnits": 0.0, "retailPrice": 0.1666, "unitPrice": 0.1666,
        "armRegionName": "westeurope", "location": "EU West", "effectiveStartDate": "2020-08-01T00:00:00Z",
        "meterName": "Basic Registry Unit", "productName": "Container Registry", "skuName": "Basic",
        "serviceName": "Container Registry", "serviceFamily": "Containers", "unitOfMeasure": "1/Day",
        "type": "Consumption", "isPrimaryMeterRegion": True, "armSkuName": "",
    } | differing  # fmt: skip


def machine(meter: str, price: float, series: str = "Virtual Machines DSv2 Series") -> dict[str, Any]:
    return item(
        meterName=meter, skuName=meter, productName=series, serviceName="Virtual Machines", retailPrice=price,
        unitOfMeasure="1 Hour", armSkuName="Standard_DS3_v2",
    )  # fmt: skip


class _PriceList:
    """A price list on this machine: what it answers, page by page, and what it was asked."""

    def __init__(self, answers: list[Any]) -> None:
        self.answers = answers
        self.asked: list[str] = []
        self.url = ""


@contextmanager
def price_list(*answers: Any) -> Iterator[_PriceList]:
    served = _PriceList(list(answers))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked.append(self.path)
            answer = served.answers[min(len(served.asked), len(served.answers)) - 1]
            body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(answer if isinstance(answer, int) else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the base class
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    served.url = f"http://127.0.0.1:{server.server_port}/api/retail/prices"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def page(*items: dict[str, Any], following: str | None = None) -> dict[str, Any]:
    return {
        "BillingCurrency": "USD", "CustomerEntityId": "Default", "CustomerEntityType": "Retail",
        "Items": list(items), "NextPageLink": following, "Count": len(items),
    }  # fmt: skip


@pytest.fixture(autouse=True)
def _no_proxy_to_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


def test_each_price_of_the_table_in_the_repository_says_when_and_where_it_was_read() -> None:
    prices = load().prices.values()
    assert prices
    assert all(price.read and price.source.startswith("Azure Retail Prices API") for price in prices)
    assert all(price.price > 0 for price in prices)


def test_the_table_in_the_repository_is_as_refresh_writes_it(tmp_path: Path) -> None:
    save(load(), tmp_path / "prices.toml")
    assert (tmp_path / "prices.toml").read_text() == TABLE.read_text()


@given(st.text(max_size=20), st.decimals(min_value=0, max_value=10**6, places=9), st.text(max_size=20))
def test_a_table_is_read_as_it_was_written(sku: str, price: Decimal, unit: str) -> None:
    import tempfile

    table = PriceTable({}).with_prices([replace(_PRICE, sku=sku, price=price, unit=unit)])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "prices.toml"
        save(table, path)
        assert load(path) == table


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('price = "0.1666"', 'price = "-1"', r"price 1: price is '-1'; write an amount"),
        ('price = "0.1666"', 'price = "NaN"', r"price 1: price is 'NaN'"),
        ('price = "0.1666"', "price = 0.1666", r"price 1: price is no text; write it in quotes"),
        ('sku = "Basic"\n', "", r"price 1 has not exactly the keys"),
        ('read = "2026-01-31"', 'read = "lately"', r"says when"),
        ("[[price]]", "[price]", r"write \[\[price\]\]"),
        ("[[price]]", "[[price", r"not a readable price table"),
    ],
)
def test_a_mistake_in_a_table_is_a_sentence(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    path = tmp_path / "prices.toml"
    save(PriceTable({}).with_prices([_PRICE]), path)
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(CostInputError, match=sentence):
        load(path)


@pytest.mark.parametrize(
    ("unit", "monthly"),
    [("1 Hour", "730"), ("1/Day", "30"), ("30/Day", "1"), ("1/Month", "1"), ("100 Hours", "7.3"), ("10K", None),
     ("1 GB/Month", None), ("0 Hours", None), ("", None)],
)  # fmt: skip
def test_a_unit_of_time_has_a_monthly_price_and_no_other(unit: str, monthly: str | None) -> None:
    found = replace(_PRICE, unit=unit, price=Decimal(1)).per_month()
    assert found == (None if monthly is None else Decimal(monthly))


def test_the_list_is_asked_for_service_region_and_sku_and_the_price_is_kept_exactly() -> None:
    with price_list(page(item(), item(meterName="Data Stored", retailPrice=0.1))) as served:
        assert retail_prices([_UNIT], "USD", "2026-01-31", served.url) == [
            replace(_PRICE, source="Azure Retail Prices API")
        ]
    query = parse_qs(urlsplit(served.asked[0]).query)
    assert query["currencyCode"] == ["'USD'"]
    (question,) = query["$filter"]
    assert question == (
        "serviceName eq 'Container Registry' and armRegionName eq 'westeurope' and skuName eq 'Basic'"
        " and priceType eq 'Consumption'"
    )


def test_a_machine_gets_the_price_of_its_system_and_priority() -> None:
    windows = "Virtual Machines DSv2 Series Windows"
    answer = page(
        machine("DS3 v2 Spot", 0.1), machine("DS3 v2", 0.5, windows), machine("DS3 v2", 0.272),
        machine("DS3 v2 Low Priority", 0.05), machine("DS3 v2 Low Priority", 0.2, windows),
    )  # fmt: skip
    low = replace(_MACHINE, meter="Linux, low priority")
    with price_list(answer) as served:
        prices = {price.meter: price.price for price in retail_prices([_MACHINE, low], "USD", "2026-01-31", served.url)}
    assert prices == {"Linux": Decimal("0.272"), "Linux, low priority": Decimal("0.05")}
    assert len(served.asked) == 1
    assert "armSkuName" in served.asked[0]


@pytest.mark.parametrize(
    ("meter", "name"),
    [("Data Stored", "Hot LRS Data Stored"), ("Read Operations", "Hot Read Operations"),
     ("All Other Operations", "All Other Operations")],
)  # fmt: skip
def test_words_of_the_sku_before_the_name_of_a_meter_do_not_matter_and_others_do(meter: str, name: str) -> None:
    blobs = {"serviceName": "Storage", "productName": "General Block Blob v2", "skuName": "Hot LRS"}
    wanted = Meter("storage", meter, Charge.USAGE, "Storage", "General Block Blob v2", "Hot LRS", meter, "westeurope")
    others = [item(**blobs, meterName=f"Hot Iterative {meter}"), item(**blobs, meterName="Hot LRS Index")]
    with price_list(page(*others, item(**blobs, meterName=name, retailPrice=0.0196))) as served:
        (price,) = retail_prices([wanted], "USD", "2026-01-31", served.url)
    assert price.price == Decimal("0.0196")


def test_further_pages_are_read_from_the_same_host_whatever_the_link_says() -> None:
    first = page(machine("DS3 v2 Spot", 0.1), following="https://elsewhere.invalid:443/api/retail/prices?$skip=100")
    with price_list(first, page(machine("DS3 v2", 0.272))) as served:
        (price,) = retail_prices([_MACHINE], "USD", "2026-01-31", served.url)
    assert price.price == Decimal("0.272")
    assert served.asked[1].endswith("?$skip=100")


def test_the_first_tier_that_costs_something_is_the_price_and_what_is_below_is_free() -> None:
    tiers = [item(tierMinimumUnits=20.0, retailPrice=2.0), item(tierMinimumUnits=0.0, retailPrice=0.0),
             item(tierMinimumUnits=5.0, retailPrice=2.99)]  # fmt: skip
    with price_list(page(*tiers)) as served:
        (price,) = retail_prices([_UNIT], "USD", "2026-01-31", served.url)
    assert (price.price, price.free) == (Decimal("2.99"), Decimal(5))


@pytest.mark.parametrize(
    "items",
    [
        [],
        [item(type="DevTestConsumption")],
        [item(currencyCode="EUR")],
        [item(armRegionName="eastus")],
        [item(skuName="Premium")],
        [item(), item(meterName="Basic Basic Registry Unit")],
        [item(meterName="Another Basic Registry Unit")],
    ],
)
def test_where_no_meter_or_more_than_one_fits_there_is_no_price(items: list[dict[str, Any]]) -> None:
    with price_list(page(*items)) as served:
        assert retail_prices([_UNIT], "USD", "2026-01-31", served.url) == []


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (b"<html>sign in</html>", "is no price list"),
        ([], "is no price list"),
        ({"Items": 3}, "is no price list"),
        (503, "answered 503; nothing was changed"),
        (page(item(retailPrice=-1)), "says retailPrice = -1"),
        (page(following="https://elsewhere.invalid/?$skip=100"), "does not come to an end"),
    ],
)
def test_an_answer_of_another_shape_is_a_sentence(answer: Any, sentence: str) -> None:
    with price_list(answer) as served, pytest.raises(CostFailure, match=sentence) as caught:
        retail_prices([_UNIT], "USD", "2026-01-31", served.url)
    assert caught.value.exit_code == 1


def test_a_list_that_cannot_be_reached_is_a_sentence() -> None:
    with price_list() as served:
        pass
    with pytest.raises(CostFailure, match="cannot be reached"):
        retail_prices([_UNIT], "USD", "2026-01-31", served.url)


def test_the_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with price_list(page(item())) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url.partition("/api")[0])
        retail_prices([_UNIT], "USD", "2026-01-31", "http://prices.invalid/api")
    assert proxy.asked[0].startswith("http://prices.invalid/api?")


def test_a_meter_without_sku_or_region_is_not_asked_for() -> None:
    with price_list(page()) as served:
        retail_prices([replace(_UNIT, sku=""), replace(_UNIT, region="")], "USD", "2026-01-31", served.url)
    assert served.asked == []
