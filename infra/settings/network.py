"""From where the services of a stack can be reached, and the virtual network of one that only a network reaches."""

import re
from ipaddress import AddressValueError, IPv4Network, NetmaskValueError
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from infra.settings.section import Section

DEFAULT_ADDRESS_SPACE = "10.64.0.0/24"
# The registry takes the fewest, the storage account no ranges smaller than that:
# learn.microsoft.com/azure/container-registry/container-registry-access-selected-networks
# learn.microsoft.com/azure/storage/common/storage-network-security
_MOST_ADDRESSES = 100
_SMALLEST_RANGE = 30
# Room for the addresses of every endpoint; Azure Monitor's alone has a dozen. Azure's own limit is /29.
_SMALLEST_NETWORK = 26
_WIDEST_NETWORK = 8
_NOT_PUBLIC = tuple(map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))
# learn.microsoft.com/azure/machine-learning/how-to-configure-private-link: Docker's bridge on every node.
_DOCKERS = IPv4Network("172.17.0.0/16")
_GROUP = r"/subscriptions/[0-9a-fA-F-]{36}/resourceGroups/[^/]+"
_SUBNET = re.compile(rf"{_GROUP}/providers/Microsoft\.Network/virtualNetworks/[^/]+/subnets/[^/]+", re.IGNORECASE)


def _public_addresses(value: str) -> str:
    network = _ipv4(value)
    if "/" in value and network.prefixlen > _SMALLEST_RANGE:
        written = ", ".join(map(str, network))
        raise ValueError(f"'{value}' is too small a range for Azure; write its addresses singly: {written}")
    if any(network.overlaps(private) for private in _NOT_PUBLIC):
        raise ValueError(
            f"'{value}' is no public address, and Azure sees only those; write the one that your network has on the"
            " internet, or choose access 'private'"
        )
    return value


def _private_range(value: str) -> str:
    network = _ipv4(value)
    if not any(network.subnet_of(private) for private in _NOT_PUBLIC):
        raise ValueError(f"'{value}' is no range of private addresses; write one such as {DEFAULT_ADDRESS_SPACE}")
    if not _WIDEST_NETWORK <= network.prefixlen <= _SMALLEST_NETWORK:
        raise ValueError(f"'{value}' must be /{_WIDEST_NETWORK} to /{_SMALLEST_NETWORK}, so that all endpoints fit")
    if network.overlaps(_DOCKERS):
        raise ValueError(f"'{value}' overlaps {_DOCKERS}, which Docker uses on every node; write another range")
    return value


def _subnet(value: str) -> str:
    if not _SUBNET.fullmatch(value):
        raise ValueError(
            f"'{value}' is not the resource id of a subnet; write /subscriptions/<id>/resourceGroups/<group>/providers/"
            "Microsoft.Network/virtualNetworks/<network>/subnets/<subnet>, as `az network vnet subnet show` prints it"
        )
    return value


def _resource_group(value: str) -> str:
    if not re.fullmatch(_GROUP, value, re.IGNORECASE):
        raise ValueError(
            f"'{value}' is not the resource id of a resource group; write /subscriptions/<id>/resourceGroups/<group>"
        )
    return value


def _ipv4(value: str) -> IPv4Network:
    try:
        return IPv4Network(value)
    except (AddressValueError, NetmaskValueError, ValueError):
        raise ValueError(_instead_of(value)) from None


def _instead_of(value: str) -> str:
    try:
        return f"'{value}' begins within its range; write {IPv4Network(value, strict=False)}"
    except ValueError:
        return f"'{value}' is no IPv4 address and no range of them; write one such as 203.0.113.7 or 203.0.113.0/24"


class NetworkSettings(Section):
    """From where storage, Key Vault, container registry, monitoring and workspace can be reached.

    Whoever reaches them must sign in all the same. See docs/how-to/close-the-network.md.
    """

    access: Literal["public", "allow-listed", "private"] = Field(
        default="public",
        description="`public` from everywhere, `allow-listed` storage, vault and registry from listed addresses only,"
        " `private` all of them from a virtual network only.",
    )
    allowed_addresses: tuple[Annotated[str, AfterValidator(_public_addresses)], ...] = Field(
        default=(),
        max_length=_MOST_ADDRESSES,
        description="With `allow-listed`: public IPv4 addresses, and ranges of them as in `203.0.113.0/24`.",
    )
    address_space: Annotated[str, AfterValidator(_private_range)] | None = Field(
        default=None,
        description=f"With `private`: addresses of the virtual network. Default: `{DEFAULT_ADDRESS_SPACE}`.",
    )
    subnet_id: Annotated[str, AfterValidator(_subnet)] | None = Field(
        default=None,
        description="With `private`: resource id of the subnet for the endpoints, in the stack's region. Default: a"
        " virtual network of the stack's own.",
    )
    dns_zones_group_id: Annotated[str, AfterValidator(_resource_group)] | None = Field(
        default=None,
        description="With `private`: resource id of the resource group that has Azure's private DNS zones already,"
        " linked to the network. Default: zones of the stack's own.",
    )

    @model_validator(mode="after")
    def _fits_the_access(self) -> "NetworkSettings":
        if self.access == "allow-listed" and not self.allowed_addresses:
            raise ValueError("access 'allow-listed' lets nobody in without allowedAddresses; write some")
        belongs = {
            "allowedAddresses": ("allow-listed", bool(self.allowed_addresses)),
            "addressSpace": ("private", self.address_space is not None),
            "subnetId": ("private", self.subnet_id is not None),
            "dnsZonesGroupId": ("private", self.dns_zones_group_id is not None),
        }
        for key, (access, given) in belongs.items():
            if given and self.access != access:
                raise ValueError(f"{key} needs access '{access}', not '{self.access}'; leave it out or change access")
        return self

    @model_validator(mode="after")
    def _is_one_network(self) -> "NetworkSettings":
        if self.subnet_id is not None and self.address_space is not None:
            raise ValueError(
                "subnetId is of a network that is there, addressSpace of one to make; leave one of them out"
            )
        return self

    @model_validator(mode="after")
    def _addresses_are_distinct(self) -> "NetworkSettings":
        seen: list[IPv4Network] = []
        for address in self.allowed_addresses:
            network = IPv4Network(address)
            other = next((one for one in seen if one.overlaps(network)), None)
            if other is not None:
                within = str(other).removesuffix("/32")
                raise ValueError(f"allowedAddresses has '{address}' and '{within}', which overlap; give each once")
            seen.append(network)
        return self
