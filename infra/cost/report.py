"""The estimate for people and programs: aligned lines, two stacks side by side, and JSON with exact amounts as text."""

from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from infra.cost.estimate import Estimate, Unknown
from infra.cost.meter import LOW_PRIORITY, Charge
from infra.cost.price_table import Price, format_amount

_CENT = Decimal("0.01")
_MILL = Decimal("0.0001")
_NOTHING = "-"


def lines(estimate: Estimate) -> Iterator[str]:
    """The estimate of one stack."""
    yield f"stack {estimate.stack}, {estimate.currency}, retail prices, a month of 730 hours"
    yield from _section("fixed, a month", _fixed(estimate))
    yield from _section("compute, an hour", _compute(estimate))
    yield from _section("by use", _usage(estimate))
    yield from _section("unknown, not in the sum", _unknown(estimate))
    yield ""
    yield f"{_sum(estimate)} a month before any use"
    yield from _ages(estimate.prices)


def compared(left: Estimate, right: Estimate) -> Iterator[str]:
    """Two estimates side by side: each resource once, and the sums."""
    rows = {name: [_NOTHING, _NOTHING] for name in (*_amounts(left), *_amounts(right))}
    for side, estimate in enumerate((left, right)):
        for name, amount in _amounts(estimate).items():
            rows[name][side] = amount
    yield f"{left.currency}, retail prices, a month of 730 hours"
    yield ""
    table = [["", left.stack, right.stack], *([name, *both] for name, both in rows.items())]
    yield from _aligned([*table, ["fixed a month", _sum(left), _sum(right)]], right_from=1)
    for estimate in (left, right):
        yield from _section(f"unknown in {estimate.stack}, not in the sum", _unknown(estimate))
    yield ""
    yield from _ages((*left.prices, *right.prices))


def as_dict(estimate: Estimate) -> dict[str, Any]:
    """The estimate for JSON. Amounts are text, for they are exact."""
    return {
        "stack": estimate.stack,
        "currency": estimate.currency,
        "monthly": format_amount(estimate.monthly.quantize(_CENT, ROUND_HALF_UP)),
        "complete": estimate.is_complete,
        "fixed": [
            {**_priced(line.meter.resource, line.meter.title, line.price), "monthly": _exact(line.monthly)}
            for line in estimate.fixed
        ],
        "compute": [
            {
                **_priced(line.meter.resource, line.meter.title, line.price),
                "priority": "low" if line.meter.meter == LOW_PRIORITY else "dedicated",
                "node_hour": _exact(line.node_hour),
                "nodes": [line.meter.minimum, line.meter.maximum],
                "hour": [_exact(line.least_hour), _exact(line.most_hour)],
                "monthly": _exact(line.monthly),
            }
            for line in estimate.compute
        ],
        "usage": [_priced(line.meter.resource, line.meter.title, line.price) for line in estimate.usage],
        "unknown": [
            {
                "resource": line.resource,
                "what": line.what,
                "region": line.region,
                "charge": line.charge,
                "why": line.why,
            }
            for line in estimate.unknown
        ],
    }


def _fixed(estimate: Estimate) -> list[list[str]]:
    return [[line.meter.resource, line.meter.title, _money(line.monthly)] for line in estimate.fixed]


def _compute(estimate: Estimate) -> list[list[str]]:
    return [
        [
            line.meter.resource,
            line.meter.title,
            f"{_unit_price(line.node_hour)} a node",
            f"{line.meter.minimum} to {line.meter.maximum} nodes",
            f"{_unit_price(line.least_hour)} to {_unit_price(line.most_hour)}",
            f"{_money(line.monthly)} a month at least",
        ]
        for line in estimate.compute
    ]


def _usage(estimate: Estimate) -> list[list[str]]:
    return [
        [
            line.meter.resource,
            line.meter.title,
            f"{format_amount(line.price.price)} per {line.price.unit}{_free(line.price)}",
        ]
        for line in estimate.usage
    ]


def _free(price: Price) -> str:
    return f", the first {format_amount(price.free)} free" if price.free else ""


def _unknown(estimate: Estimate) -> list[list[str]]:
    return [
        [line.resource, line.what, _per(line.charge), line.region or "no region", line.why] for line in estimate.unknown
    ]


def _per(charge: Charge | None) -> str:
    return {Charge.FIXED: "a month", Charge.COMPUTE: "an hour", Charge.USAGE: "by use", None: "?"}[charge]


def _amounts(estimate: Estimate) -> dict[str, str]:
    """Name to amount, for the comparison: several meters of one resource are several rows."""
    fixed = {
        f"{line.meter.resource}: {_kind(line.meter.title)}, a month": _money(line.monthly) for line in estimate.fixed
    }
    compute: dict[str, str] = {}
    for line in estimate.compute:
        name = line.meter.resource
        compute[f"{name}: a node, an hour"] = f"{line.meter.title} {_unit_price(line.node_hour)}"
        compute[f"{name}: all nodes, an hour"] = f"{_unit_price(line.most_hour)} with {line.meter.maximum}"
        compute[f"{name}: nodes that stay, a month"] = _money(line.monthly)
    usage = {f"{line.meter.resource}: {_kind(line.meter.title)}": _usage_price(line.price) for line in estimate.usage}
    return {**fixed, **compute, **usage, **dict(map(_unknown_amount, estimate.unknown))}


def _unknown_amount(line: Unknown) -> tuple[str, str]:
    """A row that says so, where a dash would look as if there were nothing to pay."""
    if line.charge is Charge.COMPUTE:
        return f"{line.resource}: a node, an hour", f"{line.what} unknown"
    month = ", a month" if line.charge is Charge.FIXED else ""
    return f"{line.resource}: {_kind(line.what)}{month}", "unknown"


def _kind(title: str) -> str:
    """A title without its tier, so that Basic and Premium stand in one row."""
    return title.partition(",")[0]


def _usage_price(price: Price) -> str:
    return f"{format_amount(price.price)} per {price.unit}"


def _sum(estimate: Estimate) -> str:
    amount = f"{_money(estimate.monthly)} {estimate.currency}"
    return amount if estimate.is_complete else f"at least {amount}"


def _section(title: str, rows: list[list[str]]) -> Iterator[str]:
    if rows:
        yield ""
        yield title
        yield from (f"  {line}" for line in _aligned(rows))


def _aligned(rows: list[list[str]], right_from: int | None = None) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [
            cell.rjust(width) if right_from is not None and number >= right_from else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()


def _ages(prices: Iterable[Price]) -> Iterator[str]:
    known = list(prices)
    if not known:
        return
    days = sorted({price.read for price in known})
    undated = len({price.key for price in known if not price.effective})
    read = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    doubt = f"; {undated} without the day from which they hold: --refresh asks Azure" if undated else ""
    yield f"prices read {read}{doubt}"


def _priced(resource: str, title: str, price: Price) -> dict[str, Any]:
    return {
        "resource": resource,
        "what": title,
        "price": format_amount(price.price),
        "unit": price.unit,
        "free": format_amount(price.free),
        "effective": price.effective or None,
        "read": price.read,
        "source": price.source,
    }


def _money(amount: Decimal) -> str:
    return f"{amount.quantize(_CENT, ROUND_HALF_UP):f}"


def _unit_price(amount: Decimal | None) -> str:
    return "?" if amount is None else f"{amount.quantize(_MILL, ROUND_HALF_UP):f}"


def _exact(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount.normalize():f}"
