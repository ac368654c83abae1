"""Computes: what jobs name as their target. The embedded Azure runs every job on this machine.

An instance is what it was made as: of a later PUT Azure takes nothing, and says nothing
(https://github.com/Azure/bicep-types-az/issues/2543).
"""

import re
from collections.abc import Mapping
from typing import ClassVar

from localazure.arm.errors import ArmError
from localazure.arm.ids import ResourcePath
from localazure.arm.models import ResourceManager
from localazure.arm.resource_type import ACCEPTED, Action, ResourceType, assign_identity
from localazure.arm.store import Json, Resource
from localazure.home import TENANT_ID
from localazure.machine_learning.types import COMPUTE, workspace_id
from localazure.machine_learning.workspace_kinds import HUB, PROJECT, kind_of

_INSTANCE = "ComputeInstance"
_TRIGGERS = ("Cron", "Recurrence")
_POWER_ACTIONS = ("Start", "Stop")
_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?")
_SHORTEST_IDLE_MINUTES, _LONGEST_IDLE_MINUTES = 15, 3 * 24 * 60


class Compute(ResourceType):
    """https://learn.microsoft.com/rest/api/azureml/compute"""

    type: ClassVar[str] = COMPUTE
    required: ClassVar[tuple[str, ...]] = ("properties.computeType",)

    def variant(self, body: Json) -> str | None:
        """Clusters, instances and the rest have naming rules of their own."""
        kind = (body.get("properties") or {}).get("computeType")
        return kind if kind in ("AmlCompute", "ComputeInstance") else "other"

    def check(self, arm: ResourceManager, path: ResourcePath, body: Json, existing: Resource | None) -> None:
        """A cluster must say its size and its scale, an instance its size and times that Azure can keep."""
        settings = body["properties"].get("properties") or {}
        if body["properties"]["computeType"] == _INSTANCE:
            _check_instance(settings)
        if body["properties"]["computeType"] != "AmlCompute":
            return
        workspace = arm.store.get(workspace_id(path.text))
        if workspace is not None and kind_of(workspace.body) in (HUB, PROJECT):
            raise ArmError(400, "UserError", f"A workspace of kind '{workspace.body['kind']}' has no compute clusters.")
        if not settings.get("vmSize"):
            raise ArmError(400, "InvalidRequest", "A compute cluster needs 'properties.properties.vmSize'.")
        if existing is not None and existing.properties["properties"]["vmSize"].lower() != settings["vmSize"].lower():
            raise ArmError(400, "InvalidRequest", "The 'vmSize' of a compute cluster cannot be changed.")

    def enrich(self, arm: ResourceManager, resource: Resource, existing: Resource | None) -> None:
        """A cluster that scales to zero is resting."""
        properties = resource.properties
        workspace = arm.store.get(workspace_id(resource.id))
        assert workspace is not None
        resource.body.setdefault("location", workspace.body["location"])
        properties["computeLocation"] = resource.body["location"]
        properties["isAttachedCompute"] = False
        if properties["computeType"] == "AmlCompute":
            properties["properties"].update(allocationState="Steady", currentNodeCount=0, targetNodeCount=0)
        if properties["computeType"] == _INSTANCE:
            properties["properties"] = existing.properties["properties"] if existing else _running(properties)
        assign_identity(resource, existing, TENANT_ID)

    @property
    def actions(self) -> Mapping[str, Action]:
        """Instances are started and stopped by hand."""
        return {"start": _set_state("Running"), "stop": _set_state("Stopped"), "restart": _set_state("Running")}


def _check_instance(settings: Json) -> None:
    if not settings.get("vmSize"):
        raise ArmError(400, "InvalidRequest", "A compute instance needs 'properties.properties.vmSize'.")
    idle = settings.get("idleTimeBeforeShutdown")
    if idle is not None and not _SHORTEST_IDLE_MINUTES <= _minutes(idle) <= _LONGEST_IDLE_MINUTES:
        message = "The 'idleTimeBeforeShutdown' of a compute instance must be between PT15M and P3D."
        raise ArmError(400, "InvalidRequest", message)
    for schedule in (settings.get("schedules") or {}).get("computeStartStop") or []:
        trigger = str(schedule.get("triggerType"))
        if (
            trigger not in _TRIGGERS
            or not schedule.get(trigger.lower())
            or schedule.get("action") not in _POWER_ACTIONS
        ):
            message = "Schedule format is not valid: it needs an 'action', a 'triggerType', and what that triggers at."
            raise ArmError(400, "InvalidRequest", message)


def _running(properties: Json) -> Json:
    settings: Json = properties.get("properties") or {}
    for number, schedule in enumerate((settings.get("schedules") or {}).get("computeStartStop") or []):
        schedule.update(id=str(number), provisioningStatus="Completed")
    return {**settings, "state": "Running", "errors": []}


def _set_state(state: str) -> Action:
    async def act(arm: ResourceManager, resource: Resource, _: Json) -> object:
        if resource.properties["computeType"] != _INSTANCE:
            raise ArmError(400, "InvalidRequest", "Only a compute instance is started and stopped.")
        resource.properties["properties"]["state"] = state
        arm.store.put(resource)
        return ACCEPTED

    return act


def _minutes(duration: str) -> int:
    found = _DURATION.fullmatch(duration)
    if found is None or not any(found.groups()):
        raise ArmError(400, "InvalidRequest", f"'{duration}' is not a duration in ISO 8601.")
    days, hours, minutes = (int(part or 0) for part in found.groups())
    return (days * 24 + hours) * 60 + minutes
