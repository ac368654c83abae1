"""Workspaces: tied to storage, vault and insights, with the datastores that Azure makes along with each."""

import uuid
from typing import ClassVar

from localazure.arm.errors import ArmError
from localazure.arm.ids import ResourcePath
from localazure.arm.models import ResourceManager
from localazure.arm.resource_type import ResourceType, assign_identity
from localazure.arm.store import Json, Resource
from localazure.home import TENANT_ID
from localazure.machine_learning import deleted_workspaces
from localazure.machine_learning.types import (
    ARTIFACT_CONTAINER,
    ARTIFACT_STORE,
    DATASTORE,
    DEFAULT_STORE,
    WORKSPACE,
)
from localazure.machine_learning.workspace_kinds import (
    HUB,
    PROJECT,
    SHARED,
    TIED,
    check_key,
    check_kind,
    check_project,
    check_what_stays,
    hub_of,
    kind_of,
    projects_of,
)
from localazure.storage.blobs import BlobService


class Workspace(ResourceType):
    """https://learn.microsoft.com/rest/api/azureml/workspaces"""

    type: ClassVar[str] = WORKSPACE
    created_status: ClassVar[int] = 200
    required: ClassVar[tuple[str, ...]] = ("location", "identity.type")
    kept: ClassVar[tuple[str, ...]] = ("workspaceId", "provisioningState")

    def __init__(self, blobs: BlobService) -> None:
        self._blobs = blobs

    def check(self, arm: ResourceManager, path: ResourcePath, body: Json, existing: Resource | None) -> None:
        """What a workspace is tied to must be there; and much of it stays as it was made."""
        properties = body.get("properties") or {}
        check_kind(body)
        if existing is None:
            deleted_workspaces.refuse_kept(arm, path.text)
        else:
            check_what_stays(body, existing)
        check_key(arm, properties)
        if kind_of(body) == PROJECT:
            check_project(arm, properties)
            return
        for name in (*TIED, "containerRegistry"):
            tied = properties.get(name)
            if tied is None and name in TIED:
                raise ArmError(400, "ValidationError", f"Missing dependent resources in workspace json: {name}.")
            if tied is not None and arm.store.get(tied) is None:
                raise ArmError(400, "ValidationError", f"The {name} '{tied}' of the workspace was not found.")
            if existing is not None and name in TIED and existing.properties[name].lower() != str(tied).lower():
                raise ArmError(400, "ValidationError", f"The {name} of a workspace cannot be changed.")

    def enrich(self, arm: ResourceManager, resource: Resource, existing: Resource | None) -> None:
        """Addresses of the workspace's own API, in the region's host name."""
        host = f"{resource.body['location'].replace(' ', '').lower()}.api.azureml.ms"
        properties = resource.properties
        properties.setdefault("workspaceId", str(uuid.uuid4()))
        properties["discoveryUrl"] = f"https://{host}/discovery"
        properties["mlFlowTrackingUri"] = f"azureml://{host}/mlflow/v1.0{resource.id}"
        properties["tenantId"] = TENANT_ID
        if kind_of(resource.body) == PROJECT:
            hub = hub_of(arm, properties).properties
            properties.update({name: hub[name] for name in SHARED if name in hub})
        resource.body.setdefault("kind", "Default")
        assign_identity(resource, existing, TENANT_ID)

    async def provision(self, arm: ResourceManager, resource: Resource, existing: Resource | None) -> None:
        """Containers of the datastores that hold blobs."""
        if existing is not None:
            return
        account = storage_account(arm, resource)
        for container in (_blob_container(resource), artifact_container(resource)):
            await self._blobs.create_container(account.name, account.private["keys"][0], container)

    def children(self, arm: ResourceManager, resource: Resource) -> list[Resource]:
        """https://learn.microsoft.com/azure/machine-learning/concept-data#default-datastores-in-the-workspace"""
        suffix = resource.properties["workspaceId"]
        blob, file = "AzureBlob", "AzureFile"
        return [
            _datastore(arm, resource, DEFAULT_STORE, blob, containerName=_blob_container(resource)),
            _datastore(arm, resource, ARTIFACT_STORE, blob, containerName=artifact_container(resource)),
            _datastore(arm, resource, "workspacefilestore", file, fileShareName=f"azureml-filestore-{suffix}"),
        ]

    def before_delete(self, arm: ResourceManager, resource: Resource) -> None:
        """A hub stays as long as a project needs it; the name of any other is kept."""
        if projects := projects_of(arm, resource):
            message = (
                f"The hub '{resource.name}' has projects: {', '.join(one.name for one in projects)}. Delete them first."
            )
            raise ArmError(409, "Conflict", message)
        deleted_workspaces.keep(arm, resource)

    def purge(self, arm: ResourceManager, path: ResourcePath) -> bool:
        """A deletion for good frees the name."""
        return deleted_workspaces.forget(arm, path.text)


def artifact_container(workspace: Resource) -> str:
    """The container of the artifact store; workspaces that share an account have one each."""
    own = f"{workspace.properties['workspaceId']}-{ARTIFACT_CONTAINER}"
    return own if _shares(workspace) else ARTIFACT_CONTAINER


def _blob_container(workspace: Resource) -> str:
    suffix = workspace.properties["workspaceId"]
    return f"{suffix}-azureml-blobstore" if _shares(workspace) else f"azureml-blobstore-{suffix}"


def _shares(workspace: Resource) -> bool:
    """Azure isolates the data of hubs and projects:
    https://learn.microsoft.com/azure/machine-learning/how-to-identity-based-service-authentication
    """
    return kind_of(workspace.body) in (HUB, PROJECT)


def storage_account(arm: ResourceManager, workspace: Resource) -> Resource:
    """The account that a workspace is tied to; it was there when the workspace was made."""
    account = arm.store.get(workspace.properties["storageAccount"])
    assert account is not None
    return account


def _datastore(arm: ResourceManager, workspace: Resource, name: str, kind: str, **place: str) -> Resource:
    by_identity = str(workspace.properties.get("systemDatastoresAuthMode", "")).lower() == "identity"
    resource_id = f"{workspace.id}/datastores/{name}"
    properties: Json = {
        **place,
        "datastoreType": kind,
        "accountName": storage_account(arm, workspace).name,
        "endpoint": "core.windows.net",
        "protocol": "https",
        "isDefault": name == DEFAULT_STORE,
        "credentials": {"credentialsType": "None" if by_identity else "AccountKey"},
        "serviceDataAccessAuthIdentity": "None",
        "tags": {},
        "properties": {},
    }
    body = {"id": resource_id, "name": name, "type": DATASTORE, "properties": properties}
    return Resource(resource_id, DATASTORE, body)
