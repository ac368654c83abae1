"""The names of deleted workspaces: Azure keeps a workspace for 14 days, and makes no other of its name meanwhile.

https://learn.microsoft.com/azure/machine-learning/concept-soft-delete: the name is free after the retention period, or
once the workspace is deleted for good, which is a deletion with `forceToPurge=true`. There is no request that lists or
recovers one (the portal does), so what is kept here is the name alone. Azure says of workspaces that only act as a
user-assigned identity that they cannot be recovered, not what becomes of their names: here they are kept too, which is
the harder case for whoever makes a workspace again.
"""

from datetime import UTC, datetime, timedelta

from localazure.arm.errors import ArmError
from localazure.arm.models import ResourceManager
from localazure.arm.store import Resource

# No type of Azure's and no path of its: no request reaches these.
_DELETED = "deleted-workspaces"
_RETENTION = timedelta(days=14)
_UNTIL = "scheduledPurgeDate"


def keep(arm: ResourceManager, workspace: Resource) -> None:
    """Keep the name of a workspace that is deleted now."""
    until = datetime.now(UTC) + _RETENTION
    body = {"id": _key(workspace.id), "type": _DELETED, "properties": {_UNTIL: until.isoformat()}}
    arm.store.put(Resource(_key(workspace.id), _DELETED, body))


def refuse_kept(arm: ResourceManager, workspace_id: str) -> None:
    """Refuse, in Azure's words, a new workspace of a name that is kept (Azure/ResourceModules#3596 quotes them)."""
    kept = arm.store.get(_key(workspace_id))
    if kept is not None and datetime.fromisoformat(kept.properties[_UNTIL]) > datetime.now(UTC):
        message = "Soft-deleted workspace exists. Please purge or recover it. https://aka.ms/wsoftdelete"
        raise ArmError(400, "BadRequest", message)


def forget(arm: ResourceManager, workspace_id: str) -> bool:
    """Free a name. Returns whether it was kept."""
    return bool(arm.store.delete(_key(workspace_id)))


def _key(workspace_id: str) -> str:
    return _DELETED + workspace_id
