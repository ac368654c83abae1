"""Versioned assets (code, data, environments, models, components), and what their addresses mean as blobs."""

import re
import uuid
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from localazure.arm.errors import ArmError
from localazure.arm.ids import ResourcePath
from localazure.arm.models import ResourceManager
from localazure.arm.resource_type import ResourceType
from localazure.arm.store import Json, Resource
from localazure.machine_learning.datastores import place_of
from localazure.machine_learning.types import WORKSPACE, workspace_id
from localazure.machine_learning.workspaces import storage_account
from localazure.runner.spec import BlobFolder
from localazure.storage.blobs import BlobService

COLLECTIONS = ("codes", "components", "data", "environments", "models")
_SAS_HOURS = 24
_DATASTORE = re.compile(r"(?:azureml://)?(?:.*/)?datastores/(?P<store>[^/]+)/(?:paths/)?(?P<path>.*)")
_BLOB = re.compile(
    r"https://(?P<account>[^./]+)\.(?:blob|dfs)\.core\.windows\.net/(?P<container>[^/?]+)/?(?P<path>[^?]*)"
)
_ASSET = re.compile(r"(?P<id>/subscriptions/.+/workspaces/[^/]+/(?:data|models|codes)/[^/]+/versions/[^/]+)/?$", re.I)
_SHORT = re.compile(r"azureml:(?P<name>[^:/@]+)(?::(?P<version>[^/]+)|@(?P<label>\w+))$")
_JOB_OUTPUT = re.compile(r"azureml://.*?jobs/(?P<job>[^/]+)/outputs/(?P<output>[^/]+)(?:/paths)?/?(?P<path>.*)")


class AssetVersion(ResourceType):
    """https://learn.microsoft.com/azure/machine-learning/concept-workspace#assets"""

    makes_parent: ClassVar[bool] = True

    def __init__(self, blobs: BlobService) -> None:
        self._blobs = blobs

    def enrich(self, arm: ResourceManager, resource: Resource, existing: Resource | None) -> None:
        """Fields that the SDKs read without asking whether they are there."""
        properties = resource.properties
        for name, value in (("isArchived", False), ("isAnonymous", False), ("tags", {}), ("properties", {})):
            properties[name] = properties.get(name) or value
        if "/models/" in resource.id.lower():
            properties.setdefault("flavors", {})

    async def provision(self, arm: ResourceManager, resource: Resource, existing: Resource | None) -> None:
        """The container of versions knows the newest, and the next number."""
        container_id = resource.id.rsplit("/versions/", 1)[0]
        container_type = self.type.rsplit("/", 1)[0]
        container = arm.store.get(container_id) or _container(container_id, container_type)
        container.properties["latestVersion"] = resource.name
        if resource.name.isdigit():
            known = str(container.properties.get("nextVersion") or "0")
            container.properties["nextVersion"] = str(max(int(known), int(resource.name) + 1))
        arm.store.put(container)

    async def prepare_upload(self, arm: ResourceManager, path: ResourcePath) -> Json:
        """A fresh container in the workspace's storage account, with a SAS to upload to it."""
        workspace = arm.get(ResourcePath.of(workspace_id(path.text)))
        account = storage_account(arm, workspace)
        container = f"{workspace.properties['workspaceId'][:8]}-{uuid.uuid4().hex}"
        await self._blobs.create_container(account.name, account.private["keys"][0], container)
        uri = f"https://{account.name}.blob.core.windows.net/{container}"
        reference = {
            "blobUri": uri,
            "storageAccountArmId": account.id,
            "credential": {"credentialType": "SAS", "sasUri": f"{uri}?{container_sas(account, container, 'rcwl')}"},
        }
        return {
            "pendingUploadId": str(uuid.uuid4()),
            "pendingUploadType": "TemporaryBlobReference",
            "blobReferenceForConsumption": reference,
        }


def asset_types(blobs: BlobService) -> list[ResourceType]:
    """One type for each collection of versioned assets."""
    made: list[ResourceType] = []
    for collection in COLLECTIONS:
        name = f"{WORKSPACE}/{collection}/versions"
        made.append(type(f"{collection.title()}Version", (AssetVersion,), {"type": name})(blobs))
    return made


def blob_folder(arm: ResourceManager, workspace: str, uri: str) -> BlobFolder:
    """The blobs behind an address in any of the forms that the SDKs write. Raises ArmError 400."""
    if match := _ASSET.search(uri):
        return blob_folder(arm, workspace, _asset_uri(arm, match["id"]))
    if match := _SHORT.match(uri):
        return blob_folder(arm, workspace, _asset_uri(arm, _short_id(arm, workspace, match)))
    if match := _JOB_OUTPUT.match(uri):
        place = blob_folder(arm, workspace, _output_uri(arm, workspace, match["job"], match["output"]))
        return place.child(match["path"]) if match["path"] else place
    if match := _BLOB.match(uri):
        return BlobFolder(match["account"], match["container"], match["path"].strip("/"))
    if match := _DATASTORE.match(uri):
        datastore = arm.store.get(f"{workspace}/datastores/{match['store']}")
        if datastore is None:
            raise ArmError(400, "UserError", f"There is no datastore '{match['store']}' in the workspace.")
        account, container = place_of(datastore)
        return BlobFolder(account, container, match["path"].strip("/"))
    raise ArmError(400, "UserError", f"'{uri}' is no data asset, datastore path, job output or blob address.")


def container_sas(account: Resource, container: str, permissions: str) -> str:
    """A shared access signature for one container, valid for a day."""
    from azure.storage.blob import ContainerSasPermissions, generate_container_sas

    return generate_container_sas(
        account.name,
        container,
        account_key=account.private["keys"][0],
        permission=ContainerSasPermissions.from_string(permissions),
        expiry=datetime.now(UTC) + timedelta(hours=_SAS_HOURS),
    )


def _container(container_id: str, container_type: str) -> Resource:
    name = container_id.rsplit("/", 1)[-1]
    properties: Json = {
        "latestVersion": None,
        "nextVersion": None,
        "isArchived": False,
        "tags": {},
        "properties": {},
    }
    body = {"id": container_id, "name": name, "type": container_type, "properties": properties}
    return Resource(container_id, container_type, body)


def _short_id(arm: ResourceManager, workspace: str, match: re.Match[str]) -> str:
    version = match["version"]
    if version is None:
        container = arm.store.get(f"{workspace}/data/{match['name']}")
        version = container.properties["latestVersion"] if container is not None else ""
    return f"{workspace}/data/{match['name']}/versions/{version}"


def _asset_uri(arm: ResourceManager, asset_id: str) -> str:
    asset = arm.store.get(asset_id)
    if asset is None:
        raise ArmError(400, "UserError", f"The asset '{asset_id}' was not found.")
    for name in ("dataUri", "modelUri", "codeUri"):
        if uri := asset.properties.get(name):
            return str(uri)
    raise ArmError(400, "UserError", f"The asset '{asset_id}' has no address.")


def _output_uri(arm: ResourceManager, workspace: str, job: str, output: str) -> str:
    resource = arm.get(ResourcePath.of(f"{workspace}/jobs/{job}"))
    found = (resource.properties.get("outputs") or {}).get(output) or {}
    if not found.get("uri"):
        raise ArmError(400, "UserError", f"Job '{job}' has no output '{output}'.")
    return str(found["uri"])
