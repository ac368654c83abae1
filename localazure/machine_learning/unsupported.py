"""What the embedded Azure does not do yet, refused in words: a thing that is kept but never runs would be a lie."""

from typing import ClassVar

from localazure.arm.errors import ArmError
from localazure.arm.ids import ResourcePath
from localazure.arm.models import ResourceManager
from localazure.arm.resource_type import ResourceType
from localazure.arm.store import Json, Resource
from localazure.machine_learning.assets import COLLECTIONS
from localazure.machine_learning.types import REGISTRY, WORKSPACE

_REFUSED = {
    f"{WORKSPACE}/onlineEndpoints": "serve online endpoints",
    f"{WORKSPACE}/batchEndpoints": "serve batch endpoints",
    f"{WORKSPACE}/schedules": "run schedules",
    **{f"{REGISTRY}/{assets}/versions": "keep what is published to a registry" for assets in COLLECTIONS},
    "Microsoft.KeyVault/vaults/accessPolicies": "change access policies one by one; state them all on the vault",
    "Microsoft.Resources/deployments": "evaluate ARM templates; create resources with `pulumi up`",
}


class Unsupported(ResourceType):
    """Refuses every PUT of its type."""

    what: ClassVar[str] = ""
    makes_parent: ClassVar[bool] = True

    def check(self, arm: ResourceManager, path: ResourcePath, body: Json, existing: Resource | None) -> None:
        """Always refuses."""
        raise ArmError(400, "NotSupportedByEmbeddedAzure", f"The embedded Azure does not {self.what}.")


def unsupported_types() -> list[ResourceType]:
    """One refusing type each."""
    return [
        type("Unsupported", (Unsupported,), {"type": resource_type, "what": what})()
        for resource_type, what in _REFUSED.items()
    ]
