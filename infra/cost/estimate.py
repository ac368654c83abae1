"""The plan with prices: what is fixed, what each compute costs an hour, what use costs, and what is not known."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from infra.cost.meter import Charge, Meter, nodes_cost
from infra.cost.meters import meters_of
from infra.cost.plan import PlannedResource
from infra.cost.price_table import HOURS_A_MONTH, Price, PriceTable


@dataclass(frozen=True)
class FixedCost:
    """What a resource costs a month by being there. `monthly` is exact."""

    meter: Meter
    price: Price
    monthly: Decimal


@dataclass(frozen=True)
class ComputeCost:
    """What a cluster or instance costs. A number is `None` where the plan does not tell how many nodes."""

    meter: Meter
    price: Price
    node_hour: Decimal

    @property
    def least_hour(self) -> Decimal | None:
        """An hour with the fewest nodes."""
        return nodes_cost(self.node_hour, self.meter.minimum)

    @property
    def most_hour(self) -> Decimal | None:
        """An hour with all nodes."""
        return nodes_cost(self.node_hour, self.meter.maximum)

    @property
    def monthly(self) -> Decimal:
        """A month of the nodes that never go away: nothing where the compute scales to zero."""
        return (self.least_hour or Decimal(0)) * HOURS_A_MONTH


@dataclass(frozen=True)
class UsageCost:
    """What a unit of use costs; how much there will be is not known before."""

    meter: Meter
    price: Price


@dataclass(frozen=True)
class Unknown:
    """What could not be priced, and why. `charge` is `None` where the type itself is not known.

    `may_be_fixed` tells that the monthly sum lacks it; what only use or nodes that come and go cost is not in the sum.
    """

    resource: str
    what: str
    region: str
    charge: Charge | None
    why: str
    may_be_fixed: bool


@dataclass(frozen=True)
class Estimate:
    """A priced plan, in one currency."""

    stack: str
    currency: str
    fixed: tuple[FixedCost, ...]
    compute: tuple[ComputeCost, ...]
    usage: tuple[UsageCost, ...]
    unknown: tuple[Unknown, ...]

    @property
    def monthly(self) -> Decimal:
        """The known fixed cost of a month: of resources, and of nodes that never go away."""
        resources = sum((line.monthly for line in self.fixed), Decimal(0))
        return sum((line.monthly for line in self.compute), resources)

    @property
    def is_complete(self) -> bool:
        """Whether nothing fixed is missing from `monthly`: unknown use, or nodes scaled to zero, do not count."""
        return not any(line.may_be_fixed for line in self.unknown)

    @property
    def prices(self) -> tuple[Price, ...]:
        """Every price used, once."""
        lines: tuple[FixedCost | ComputeCost | UsageCost, ...] = (*self.fixed, *self.compute, *self.usage)
        return tuple({line.price.key: line.price for line in lines}.values())


def estimate(stack: str, resources: Iterable[PlannedResource], table: PriceTable, currency: str) -> Estimate:
    """Price `resources` with `table`."""
    lines = [line for resource in resources for line in _lines(resource, table, currency)]
    return Estimate(
        stack,
        currency,
        fixed=tuple(line for line in lines if isinstance(line, FixedCost)),
        compute=tuple(line for line in lines if isinstance(line, ComputeCost)),
        usage=tuple(line for line in lines if isinstance(line, UsageCost)),
        unknown=tuple(line for line in lines if isinstance(line, Unknown)),
    )


def meters(resources: Iterable[PlannedResource]) -> tuple[Meter, ...]:
    """Every meter of `resources`, once a price is concerned."""
    found = [meter for resource in resources for meter in meters_of(resource) or ()]
    return tuple({meter.key: meter for meter in found}.values())


def _lines(
    resource: PlannedResource, table: PriceTable, currency: str
) -> Iterator[FixedCost | ComputeCost | UsageCost | Unknown]:
    known = meters_of(resource)
    if known is None:
        yield Unknown(
            resource.name,
            resource.type,
            resource.region,
            None,
            "what Azure bills for it is not known",
            may_be_fixed=True,
        )
    for meter in known or ():
        yield _line(meter, table.find(meter, currency), currency)


def _line(meter: Meter, price: Price | None, currency: str) -> FixedCost | ComputeCost | UsageCost | Unknown:
    if price is None:
        return _unknown(meter, f"no price in {currency} for it in the table")
    if meter.charge is Charge.USAGE:
        return UsageCost(meter, price)
    monthly, hourly = price.per_month(), price.per_hour()
    if monthly is None or hourly is None:
        return _unknown(meter, f"its unit '{price.unit}' is no time")
    if meter.charge is Charge.FIXED:
        return FixedCost(meter, price, monthly)
    if meter.minimum is None or meter.maximum is None:
        return _unknown(meter, "the plan does not tell how many nodes it has")
    return ComputeCost(meter, price, hourly)


def _unknown(meter: Meter, why: str) -> Unknown:
    scales_to_zero = meter.charge is Charge.COMPUTE and meter.minimum == 0
    may_be_fixed = meter.charge is not Charge.USAGE and not scales_to_zero
    return Unknown(meter.resource, meter.title, meter.region, meter.charge, why, may_be_fixed)
