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
from localazure.network.private_endpoints import GROUPS

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
        if kind == "PrivateEndpoint":
            _check_part(body["properties"]["destination"])

    def enrich(self, arm: ResourceManager, resource: Resource, existing: Resource | None) -> None:
        """A rule waits for the network, which comes with the first compute."""
        properties = resource.properties
        properties.pop("provisioningState", None)
        properties.setdefault("category", "UserDefined")
        properties["status"] = "Inactive"


def _check_part(destination: Json) -> None:
    """The part that the endpoint leads to is one that the type of resource has, where those are known."""
    target = ResourcePath.parse(str(destination.get("serviceResourceId")))
    if target is None:
        raise ArmError(400, "ValidationError", "The destination of the rule has no valid serviceResourceId.")
    known, part = GROUPS.get(target.type.lower()), destination.get("subresourceTarget")
    if known is not None and part is not None and part not in known:
        message = f"The subresource target '{part}' of {target.type} is invalid; valid ones are {', '.join(known)}."
        raise ArmError(400, "ValidationError", message)
