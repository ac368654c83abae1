"""An existing workspace and what it hangs on, found by what it says of itself, by role of the naming plan."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from infra.errors import InfraError
from infra.lifecycle.arm import Arm

# Stable versions of each provider; what is read of the answers has been the same in all of them.
_MACHINE_LEARNING, _INSIGHTS = "2024-10-01", "2020-02-02"
_TIED = {
    "storage_account": "storageAccount",
    "key_vault": "keyVault",
    "application_insights": "applicationInsights",
    "container_registry": "containerRegistry",
}
_GROUP_SEGMENTS = 5


@dataclass(frozen=True)
class Part:
    """A resource that plays a role in the workspace."""

    role: str
    id: str

    @property
    def name(self) -> str:
        """Its own name."""
        return self.id.rpartition("/")[2]

    @property
    def group(self) -> str:
        """The resource id of its resource group."""
        return "/".join(self.id.split("/")[:_GROUP_SEGMENTS])


@dataclass(frozen=True)
class Existing:
    """A workspace, its region, and its parts."""

    region: str
    parts: tuple[Part, ...]


def find(arm: Arm, subscription: str, group: str, workspace: str) -> Existing:
    """Read the workspace and follow it to its parts. Raises `InfraError` where there is no such workspace."""
    group_id = f"/subscriptions/{subscription}/resourceGroups/{group}"
    workspace_id = f"{group_id}/providers/Microsoft.MachineLearningServices/workspaces/{workspace}"
    found = arm.get(workspace_id, _MACHINE_LEARNING)
    if found is None:
        raise InfraError(
            f"there is no workspace '{workspace}' in resource group '{group}' of subscription {subscription}; name one"
            " with --workspace and --resource-group, as `az ml workspace list` prints them"
        )
    parts = (Part("resource_group", group_id), Part("workspace", workspace_id), *_tied(arm, found))
    computes = arm.listed(f"{workspace_id}/computes", _MACHINE_LEARNING)
    return Existing(str(found.get("location", "")), (*parts, *_cluster(workspace_id, computes)))


def _tied(arm: Arm, workspace: dict[str, Any]) -> Iterator[Part]:
    properties, identity = workspace.get("properties") or {}, workspace.get("identity") or {}
    for role, name in _TIED.items():
        if properties.get(name):
            yield Part(role, str(properties[name]))
    if properties.get("applicationInsights"):
        insights = arm.get(properties["applicationInsights"], _INSIGHTS) or {}
        logs = (insights.get("properties") or {}).get("WorkspaceResourceId")
        if logs:
            yield Part("log_analytics", str(logs))
    assigned = list(identity.get("userAssignedIdentities") or {})
    primary = properties.get("primaryUserAssignedIdentity") or (assigned[0] if len(assigned) == 1 else None)
    if primary:
        yield Part("managed_identity", str(primary))


def _cluster(workspace_id: str, computes: list[dict[str, Any]]) -> Iterator[Part]:
    """The cluster where there is one; which of several is the stack's nobody but its owner knows."""
    clusters = [one for one in computes if (one.get("properties") or {}).get("computeType") == "AmlCompute"]
    if len(clusters) == 1:
        yield Part("compute_cluster", f"{workspace_id}/computes/{clusters[0]['name']}")
