"""The dated price table: retail prices, each with the day it was read and where, in a file that people may correct.

A price that nobody could source is not in it. Prices are written as text, so that no binary fraction creeps in.
"""

import json
import os
import re
import tempfile
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from infra.cost.errors import CostFailure, CostInputError
from infra.cost.meter import Meter, key

TABLE = Path(__file__).with_name("prices.toml")
HOURS_A_MONTH = Decimal(730)
DAYS_A_MONTH = Decimal(30)
_HEADER = """\
# Retail prices of Azure, as far as they could be sourced. `mlws cost stack NAME --refresh` rewrites this file.
# What is not here is reported as unknown. `read` is the day on which the figure was read from `source`; `effective` is
# the day from which Azure says it holds, and empty where the source does not tell. `free` is what each month is free
# of charge, in `unit`s. The keys are those of the Azure Retail Prices API, see docs/reference/prices.md.
"""
_PERIODS = {"hour": HOURS_A_MONTH, "day": DAYS_A_MONTH, "month": Decimal(1)}
_UNIT = re.compile(r"(\d{1,6})\s*/?\s*(hour|day|month)s?", re.IGNORECASE)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Price:
    """One retail price: what the meter is, where, what a `unit` of it costs, and how we know."""

    service: str
    product: str
    sku: str
    meter: str
    region: str
    currency: str
    unit: str
    price: Decimal
    free: Decimal
    effective: str
    read: str
    source: str

    @property
    def key(self) -> tuple[str, ...]:
        """What the price is looked up by, together with its currency."""
        return (*key(self.service, self.product, self.sku, self.meter, self.region), self.currency)

    def per_hour(self) -> Decimal | None:
        """The price of an hour, `None` where the unit is not a time."""
        monthly = self.per_month()
        return None if monthly is None else monthly / HOURS_A_MONTH

    def per_month(self) -> Decimal | None:
        """The price of a month of 730 hours or 30 days, `None` where the unit is not a time."""
        unit = _UNIT.fullmatch(self.unit.strip())
        if unit is None or int(unit[1]) == 0:
            return None
        return self.price * _PERIODS[unit[2].lower()] / int(unit[1])


@dataclass(frozen=True)
class PriceTable:
    """Prices by meter and currency."""

    prices: dict[tuple[str, ...], Price]

    def find(self, meter: Meter, currency: str) -> Price | None:
        """The price of `meter`, `None` where the table has none."""
        return self.prices.get((*meter.key, currency))

    def currencies(self) -> list[str]:
        """The currencies there are prices in, sorted."""
        return sorted({price.currency for price in self.prices.values()})

    def with_prices(self, newer: Iterable[Price]) -> "PriceTable":
        """This table with `newer` in place of, or beside, what it has."""
        return PriceTable({**self.prices, **{price.key: price for price in newer}})


def load(path: Path = TABLE) -> PriceTable:
    """The table in `path`. Raises `CostInputError` that names the entry."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CostInputError(f"{path}: not a readable price table ({error}); correct it or give --prices") from None
    rows = content.get("price", [])
    if not isinstance(rows, list):
        raise CostInputError(f"{path}: `price` is no list of tables; write [[price]] above each price")
    prices: dict[tuple[str, ...], Price] = {}
    for number, row in enumerate(rows, 1):
        price = _price(row, f"{path}: price {number}")
        if price.key in prices:
            raise CostInputError(f"{path}: price {number} is there twice ({price.sku} {price.meter}); delete one")
        prices[price.key] = price
    return PriceTable(prices)


def save(table: PriceTable, path: Path = TABLE) -> None:
    """Write `table` to `path`, all of it or nothing. Raises `CostFailure` where the file cannot be written."""
    rows = [_as_toml(price) for _, price in sorted(table.prices.items())]
    temporary = None
    try:
        with tempfile.NamedTemporaryFile(
            "w", dir=path.parent, prefix=path.name, delete=False, encoding="utf-8"
        ) as file:
            temporary = Path(file.name)
            file.write("\n".join([_HEADER, *rows]))
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(path.stat().st_mode if path.exists() else 0o644)
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise CostFailure(
            f"{path}: cannot be written ({error.strerror}); give a file of your own with --prices"
        ) from None


def _price(row: Any, where: str) -> Price:  # noqa: ANN401 - whatever the file holds
    names = [field.name for field in fields(Price)]
    if not isinstance(row, dict) or sorted(row) != sorted(names):
        raise CostInputError(f"{where} has not exactly the keys {', '.join(names)}; add or delete what differs")
    for name in names:
        if not isinstance(row[name], str):
            raise CostInputError(f'{where}: {name} is no text; write it in quotes, as in {name} = "{row[name]}"')
    numbers = {name: amount(row[name]) for name in ("price", "free")}
    for name, value in numbers.items():
        if value is None:
            raise CostInputError(f"{where}: {name} is '{row[name]}'; write an amount such as \"0.12\"")
    if not _DAY.fullmatch(row["read"]) or not row["source"]:
        raise CostInputError(f"{where}: each price says when (`read`, as 2026-01-31) and where (`source`) it was read")
    return Price(**{**row, **numbers})


def amount(value: object) -> Decimal | None:
    """`value` as an amount of money, `None` where it is none: finite, and not below zero."""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() and number >= 0 else None


def _as_toml(price: Price) -> str:
    # A JSON string is a TOML basic string, save for the one character that TOML wants escaped.
    values = {field.name: format_amount(getattr(price, field.name)) for field in fields(price)}
    rows = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in values.items()]
    return "\n".join(["[[price]]", *rows, ""]).replace("\x7f", "\\u007f")


def format_amount(value: Decimal | str) -> str:
    """`value` in digits, without exponent: 1E-7 is what no reader of a price expects."""
    return f"{value:f}" if isinstance(value, Decimal) else value
