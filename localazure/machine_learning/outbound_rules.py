"""Outbound rules of a workspace's managed network. Nothing is routed: jobs of the embedded Azure run on this machine.

https://learn.microsoft.com/azure/machine-learning/how-to-managed-network
"""

from typing import ClassVar

from localazure.arm.errors import ArmError
from localazure.arm.ids import ResourcePath
from localazure.arm.models import ResourceManager
from localazure.arm.resource_type import ResourceType
from localazure.arm.store import Json, Resource
from localazure.machine_learning.types import OUTBOUND_RULE, workspace_id

_TYPES = ("FQDN", "PrivateEndpoint", "ServiceTag")


class OutboundRule(ResourceType):
    """https://learn.microsoft.com/rest/api/azureml/managed-network-settings-rule"""

    type: ClassVar[str] = OUTBOUND_RULE
    created_status: ClassVar[int] = 200
    required: ClassVar[tuple[str, ...]] = ("properties.type", "properties.destination")

    def check(self, arm: ResourceManager, path: ResourcePath, body: Json, existing: Resource | None) -> None:
        """There must be a network, and where everything is open only private endpoints make a difference."""
        workspace = arm.store.get(workspace_id(path.text))
        assert workspace is not None
        isolation = (workspace.properties.get("managedNetwork") or {}).get("isolationMode") or "Disabled"
        kind = body["properties"]["type"]
        if kind not in _TYPES:
            raise ArmError(400, "ValidationError", f"The type '{kind}' of the rule is none of {', '.join(_TYPES)}.")
        if isolation == "Disabled":
            raise ArmError(400, "ValidationError", "The workspace has no managed network to add a rule to.")
        if isolation == "AllowInternetOutbound" and kind != "PrivateEndpoint":
            message = f"A rule of type '{kind}' needs the isolation mode 'AllowOnlyApprovedOutbound'."
            raise ArmError(400, "ValidationError", message)

    def enrich(self, arm: ResourceManager, resource: Resource, existing: Resource | None) -> None:
        """A rule waits for the network, which comes with the first compute."""
        properties = resource.properties
        properties.pop("provisioningState", None)
        properties.setdefault("category", "UserDefined")
        properties["status"] = "Inactive"
