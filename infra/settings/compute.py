"""What training runs on: compute clusters, and which VM sizes they, and compute instances, may have."""

from collections.abc import Collection
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from infra.settings.section import Section
from infra.settings.vm_sizes import nearest, vm_size

VmSizeName = Annotated[
    str,
    StringConstraints(pattern=r"^(?i:standard)_[A-Za-z0-9_-]+$"),
    Field(description="The name of a VM size, as `Standard_D4s_v3`."),
]
ComputeKey = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{1,4}$")]
_GROUP = r"^/subscriptions/[0-9a-fA-F-]{36}/resource[gG]roups/[^/]+/providers/"
IdentityId = Annotated[
    str, StringConstraints(pattern=rf"{_GROUP}Microsoft\.ManagedIdentity/userAssignedIdentities/[^/]+$")
]
SubnetId = Annotated[
    str, StringConstraints(pattern=rf"{_GROUP}Microsoft\.Network/virtualNetworks/[^/]+/subnets/[^/]+$")
]


class ComputeClusterSettings(Section):
    """The compute cluster, which has no node, and costs nothing, while nothing runs."""

    vm_size: Annotated[str, StringConstraints(min_length=1)] = Field(
        default="Standard_D4s_v3", description="Azure VM size of a node, as in `Standard_D4s_v3`."
    )
    max_nodes: int = Field(ge=1, le=1000, description="Most nodes at once.")
    idle_seconds: int = Field(
        ge=60, le=86400, description="Seconds that a node stays idle before the cluster scales down to zero."
    )
    priority: Literal["dedicated", "low"] = Field(
        default="dedicated",
        description="With `low` nodes cost a fraction, and Azure may take them away in the middle of a job.",
    )
    identity_id: IdentityId | None = Field(
        default=None,
        description="Resource id of a user-assigned identity that jobs act as; give it its rights in `mlws:access`."
        " Default: one of the cluster's own, which reads and writes blobs and pulls images.",
    )
    subnet_id: SubnetId | None = Field(
        default=None,
        description="Resource id of the subnet that the nodes are in; they have no public address then. Default:"
        " Azure's own network, or the workspace's managed one.",
    )


class NamedClusterSettings(ComputeClusterSettings):
    """More compute clusters, by a name of one to four letters or digits that stands in the cluster's.

    What a cluster does not state is as in `mlws:computeCluster`.
    """


def wrong_size(key: str, size: str, unlisted: Collection[str], *, instance: bool, low_priority: bool) -> str | None:
    """What is wrong with a VM size for an instance, or for the nodes of a cluster; `unlisted` are taken unseen."""
    if size.lower() in {one.lower() for one in unlisted}:
        return None
    known = vm_size(size)
    if known is None:
        near = nearest(size)
        instead = f"did you mean '{near.name}'?" if near else "write one that `az ml compute list-sizes` tells."
        return (
            f"{key}: '{size}' is not among the VM sizes of Azure Machine Learning that are known here; {instead} If"
            " Azure has it all the same, write it in mlws:unlistedVmSizes"
        )
    if instance and not known.instance:
        return f"{key}: Azure Machine Learning has '{size}' for clusters only; write another size, as Standard_DS3_v2"
    if low_priority and not known.low_priority:
        return f"{key}: Azure has no low-priority node of '{size}'; write another size, or the priority 'dedicated'"
    return None
