"""The network that Azure manages for a workspace's computes: how far they reach, and the rules of what they may reach.

Limits after https://learn.microsoft.com/azure/machine-learning/how-to-managed-network#limitations
"""

import re
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from infra.settings.section import Section

OutboundRuleName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{2,32}$")]
_HOST = re.compile(r"(\*\.)?([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}")
_PORTS = re.compile(r"\*|\d{1,5}(-\d{1,5})?(,\d{1,5}(-\d{1,5})?)*")
_STORAGE_HOST = re.compile(r".*\.(blob|file|queue|table|dfs)\.core\.windows\.net", re.IGNORECASE)
_MOST_PORTS = 65535


class ManagedNetworkSettings(Section):
    """The network of the workspace's computes. Azure never makes one that is isolated more open again."""

    isolation: Literal["Disabled", "AllowInternetOutbound", "AllowOnlyApprovedOutbound"] = Field(
        default="Disabled",
        description="`Disabled` is no managed network, `AllowInternetOutbound` lets computes reach everything,"
        " `AllowOnlyApprovedOutbound` what Azure needs and `mlws:outboundRules` name.",
    )
    firewall_sku: Literal["Basic", "Standard"] = Field(
        default="Standard",
        description="Tier of the firewall that Azure makes, and bills by the hour, as soon as a rule names a host.",
    )
    provision_now: bool = Field(
        default=False,
        description="Whether Azure makes the network along with the workspace rather than with the first compute.",
    )

    @model_validator(mode="after")
    def _there_is_one_to_provision(self) -> "ManagedNetworkSettings":
        if self.provision_now and self.isolation == "Disabled":
            raise ValueError("provisionNow needs an isolation other than 'Disabled'; leave it out or set isolation")
        return self


class OutboundRule(Section):
    """What computes in a managed network may reach, under a name of your own.

    A rule is a host, an Azure resource behind a private endpoint, or a service tag with protocol and ports.
    """

    type: Literal["FQDN", "PrivateEndpoint", "ServiceTag"] = Field(
        description="`FQDN` and `ServiceTag` are for isolation `AllowOnlyApprovedOutbound`, `PrivateEndpoint` for both."
    )
    host: str | None = Field(
        default=None, description="Of an `FQDN`: the host on ports 80 and 443, as in `contoso.com` or `*.contoso.com`."
    )
    resource_id: str | None = Field(
        default=None, description="Of a `PrivateEndpoint`: the id of the resource that it leads to."
    )
    subresource: str | None = Field(
        default=None,
        description="Of a `PrivateEndpoint`: the part of the resource, as in `blob`, `vault` or `registry`.",
    )
    spark: bool = Field(default=False, description="Of a `PrivateEndpoint`: whether serverless Spark reaches it too.")
    service_tag: str | None = Field(default=None, description="Of a `ServiceTag`: its name, as in `AzureDataLake`.")
    protocol: Literal["TCP", "UDP", "ICMP", "*"] = Field(default="TCP", description="Of a `ServiceTag`.")
    ports: str | None = Field(
        default=None, description="Of a `ServiceTag`: ports and ranges, as in `443` or `80,8000-8080`."
    )

    @model_validator(mode="after")
    def _says_what_its_type_needs(self) -> "OutboundRule":
        for name, values in self._stated().items():
            missing = [key for key, value in values.items() if value is None]
            if name == self.type and missing:
                raise ValueError(f"a rule of type '{name}' needs {missing[0]}; write it beside type")
            extra = [key for key in values if key in self._given()]
            if name != self.type and extra:
                raise ValueError(
                    f"{extra[0]} is for a rule of type '{name}', not '{self.type}'; leave it out or change type"
                )
        return self

    @model_validator(mode="after")
    def _leads_somewhere(self) -> "OutboundRule":
        if self.host is not None and not _HOST.fullmatch(self.host):
            raise ValueError(f"host '{self.host}' is not a host name; write it as in contoso.com or *.contoso.com")
        if self.host is not None and _STORAGE_HOST.fullmatch(self.host):
            raise ValueError(f"host '{self.host}' is a storage account, which takes a rule of type 'PrivateEndpoint'")
        if self.resource_id is not None and not re.fullmatch(r"/subscriptions/[^/]+/.+/providers/.+", self.resource_id):
            raise ValueError(f"resourceId '{self.resource_id}' is not the id of an Azure resource; copy it from `az`")
        if self.ports is not None and not _are_ports(self.ports):
            raise ValueError(f"ports '{self.ports}' are no ports; write them as in 443, 80,8000-8080 or *")
        return self

    def _stated(self) -> dict[str, dict[str, object]]:
        """The keys of each type, with what they hold."""
        return {
            "FQDN": {"host": self.host},
            "PrivateEndpoint": {"resourceId": self.resource_id, "subresource": self.subresource, "spark": self.spark},
            "ServiceTag": {"serviceTag": self.service_tag, "protocol": self.protocol, "ports": self.ports},
        }

    def _given(self) -> set[str]:
        """The keys that the stack file has."""
        return {type(self).model_fields[name].alias or name for name in self.model_fields_set}


def _are_ports(text: str) -> bool:
    ranges = (
        [tuple(map(int, one.split("-"))) for one in text.split(",") if one != "*"] if _PORTS.fullmatch(text) else None
    )
    return ranges is not None and all(1 <= one[0] <= one[-1] <= _MOST_PORTS for one in ranges)
