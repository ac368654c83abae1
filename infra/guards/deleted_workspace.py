"""A workspace whose name Azure still keeps, because the last one of that name was only soft-deleted.

Azure keeps it for 14 days and recovers it in the portal only; there is no request that asks for one, so the refusal
itself is what tells: https://learn.microsoft.com/azure/machine-learning/concept-soft-delete. Where the settings say so
the deleted one is purged then, and creating the workspace is tried again; a workspace that is there is never refused
in these words, so that none can be purged.
"""

import time
from http import HTTPStatus

import pulumi
import requests

from infra.guards.soft_delete import RESOURCE_MANAGER, authorization
from infra.settings.protection import ProtectionSettings
from infra.settings.workspace import WorkspaceSettings

# The API version that azure-native 3.29 uses for workspaces.
_API_VERSION = "2025-12-01"
_REFUSAL = "soft-deleted workspace exists"
_TIMEOUT_SECONDS = 60
_POLLS, _POLL_SECONDS = 60, 10


def for_deleted_workspace(
    subscription_id: str, workspace: WorkspaceSettings, protection: ProtectionSettings
) -> pulumi.ErrorHook:
    """A hook for a workspace's `on_error`: purges the deleted one in the way once, or says what can be done about it.

    Whoever allows to replace the workspace has agreed to lose it, and the old one is in the way of the new one.
    """
    purges = workspace.purge_deleted or "workspace" in protection.allow_replacing

    def decide(args: pulumi.ErrorHookArgs) -> bool:
        refusals = [error for error in args.errors if _REFUSAL in error.lower()]
        if not refusals:
            return False
        inputs = args.new_inputs or {}
        group, name = str(inputs.get("resourceGroupName")), str(inputs.get("workspaceName"))
        if purges and len(refusals) == 1 and _purged(subscription_id, group, name):
            return True
        pulumi.log.error(in_the_way(group, name))
        return False

    return pulumi.ErrorHook("tell-of-deleted-workspace", decide)


def in_the_way(resource_group: str, name: str) -> str:
    """The sentence, with what to do."""
    return (
        f"Azure still keeps a soft-deleted workspace '{name}': recover it in the portal (Azure Machine Learning,"
        " Recently deleted) and then run `mlws infra import`, or purge it, with all its jobs and models, by"
        " `mlws:workspace: {purgeDeleted: true}` in the stack file or by `az rest --method delete --url"
        f' "{_path("{subscriptionId}", resource_group, name)}?api-version={_API_VERSION}&forceToPurge=true"`'
    )


def _purged(subscription_id: str, resource_group: str, name: str) -> bool:
    """Purge it, and wait until Azure has. False, with a warning, where Azure does not."""
    pulumi.log.warn(f"purging the soft-deleted workspace '{name}', with all its jobs and models: it keeps the name")
    try:
        answer = requests.delete(
            RESOURCE_MANAGER + _path(subscription_id, resource_group, name),
            params={"api-version": _API_VERSION, "forceToPurge": "true"},
            headers=authorization(),
            timeout=_TIMEOUT_SECONDS,
        )
        answer.raise_for_status()
        _wait(answer)
    except requests.RequestException as error:
        pulumi.log.warn(f"purging the soft-deleted workspace '{name}' failed: {error}")
        return False
    return True


def _wait(answer: requests.Response) -> None:
    """Until a long-running deletion is done, as its `Location` tells; the next refusal tells if it takes too long."""
    location = answer.headers.get("Location")
    for _ in range(_POLLS):
        if answer.status_code != HTTPStatus.ACCEPTED or location is None:
            return
        time.sleep(float(answer.headers.get("Retry-After", _POLL_SECONDS)))
        answer = requests.get(location, headers=authorization(), timeout=_TIMEOUT_SECONDS)
        answer.raise_for_status()


def _path(subscription_id: str, resource_group: str, name: str) -> str:
    return (
        f"/subscriptions/{subscription_id}/resourceGroups/{resource_group}"
        f"/providers/Microsoft.MachineLearningServices/workspaces/{name}"
    )
