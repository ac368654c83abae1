"""What a stack may say about serverless compute: nodes that Azure makes for a job and takes away after it."""

from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from infra.settings.resource_id import resource_id
from infra.settings.section import Section

SubnetId = Annotated[str, AfterValidator(resource_id("Microsoft.Network/virtualNetworks/subnets"))]


class ServerlessComputeSettings(Section):
    """Where the nodes of serverless compute stand."""

    subnet_id: SubnetId | None = Field(
        default=None,
        description="The subnet of a network of yours that the nodes are in. Default: none, or the managed one.",
    )
    public_ip: bool = Field(default=True, description="Whether nodes in that subnet have a public address.")

    @model_validator(mode="after")
    def _addresses_are_of_a_subnet(self) -> "ServerlessComputeSettings":
        if not self.public_ip and self.subnet_id is None:
            raise ValueError("publicIp 'false' is about nodes in a subnet of yours; write subnetId, or leave it out")
        return self
