"""What training runs on."""

from typing import Annotated

from pydantic import Field, StringConstraints

from infra.settings.section import Section


class ComputeClusterSettings(Section):
    """The compute cluster, which has no node, and costs nothing, while nothing runs."""

    vm_size: Annotated[str, StringConstraints(pattern=r"^(?i:standard)_[A-Za-z0-9_-]+$")] = Field(
        default="Standard_DS3_v2", description="Azure VM size of a node, as in `Standard_DS3_v2`."
    )
    max_nodes: int = Field(ge=1, le=1000, description="Most nodes at once.")
    idle_seconds: int = Field(
        ge=60, le=86400, description="Seconds that a node stays idle before the cluster scales down to zero."
    )
