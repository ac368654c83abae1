"""A meter: what Azure counts for a resource, in the words of its price list, so that a price can be found for it."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

GLOBAL = "Global"
"""The region under which the price list files a meter that costs the same everywhere."""
ZONE_1 = "Zone 1"
"""That of names, which cost the same in every public region: infracost/infracost@0327a5b8 asks for Azure DNS there."""
VIRTUAL_MACHINES = "Virtual Machines"
DEDICATED = "Linux"
LOW_PRIORITY = "Linux, low priority"


class Charge(StrEnum):
    """When a meter runs: as long as the resource exists, as long as a node does, or with what is done."""

    FIXED = "fixed"
    COMPUTE = "compute"
    USAGE = "usage"


@dataclass(frozen=True)
class Meter:
    """What is counted for the resource called `resource`.

    `product`, `sku` and `meter` are `productName`, `skuName` and `meterName` (less words of the SKU) in the price list;
    of a virtual machine `sku` is `armSkuName`, `product` is empty and `meter` tells system and priority. `minimum` and
    `maximum` are nodes, and `None` where the plan does not tell. `title` is for people.
    """

    resource: str
    title: str
    charge: Charge
    service: str
    product: str
    sku: str
    meter: str
    region: str
    minimum: int | None = 1
    maximum: int | None = 1

    @property
    def key(self) -> tuple[str, ...]:
        """What a price is looked up by."""
        return key(self.service, self.product, self.sku, self.meter, self.region)


def key(service: str, product: str, sku: str, meter: str, region: str) -> tuple[str, ...]:
    """The identity of a meter in a price table; spelling of case is not part of it."""
    return tuple(part.lower() for part in (service, product, sku, meter, region))


def nodes_cost(per_hour: Decimal, nodes: int | None) -> Decimal | None:
    """What `nodes` cost an hour, `None` where their number is not known."""
    return None if nodes is None else per_hour * nodes
