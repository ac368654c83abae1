"""Datastores: where data lies and with which credential it is read. Credentials go in and never show again in GET."""

from collections.abc import Mapping
from typing import ClassVar

from localazure.arm.errors import ArmError
from localazure.arm.ids import ResourcePath
from localazure.arm.models import ResourceManager
from localazure.arm.resource_type import Action, ResourceType
from localazure.arm.store import Json, Resource
from localazure.machine_learning.types import DATASTORE
from localazure.storage.resources import account_keys

_PLACE = {"AzureBlob": "containerName", "AzureDataLakeGen2": "filesystem", "AzureFile": "fileShareName"}


class Datastore(ResourceType):
    """https://learn.microsoft.com/rest/api/azureml/datastores"""

    type: ClassVar[str] = DATASTORE
    required: ClassVar[tuple[str, ...]] = (
        "properties.datastoreType",
        "properties.credentials.credentialsType",
    )
    kept: ClassVar[tuple[str, ...]] = ("isDefault",)

    def check(self, arm: ResourceManager, path: ResourcePath, body: Json, existing: Resource | None) -> None:
        """The place must be named, and a new one must come with its secret."""
        properties = body["properties"]
        place = _PLACE.get(properties["datastoreType"])
        if place is None:
            kinds = ", ".join(_PLACE)
            message = f"Datastore type '{properties['datastoreType']}' is none of {kinds}."
            raise ArmError(400, "UserError", message)
        for name in ("accountName", place):
            if not properties.get(name):
                raise ArmError(400, "UserError", f"The datastore's '{name}' is missing.")

    def enrich(self, arm: ResourceManager, resource: Resource, existing: Resource | None) -> None:
        """Seal the secrets away, and fill in what Azure does."""
        properties = resource.properties
        properties.pop("provisioningState", None)
        secrets = properties["credentials"].pop("secrets", None)
        if secrets:
            resource.private["secrets"] = secrets
        properties.setdefault("isDefault", False)
        properties.setdefault("serviceDataAccessAuthIdentity", "None")
        for name in ("tags", "properties"):
            properties[name] = properties.get(name) or {}

    @property
    def actions(self) -> Mapping[str, Action]:
        """`listSecrets`."""
        return {"listsecrets": _list_secrets}


def place_of(datastore: Resource) -> tuple[str, str]:
    """(storage account, container) behind a datastore. Raises ArmError for one that holds no blobs."""
    properties = datastore.properties
    if properties["datastoreType"] == "AzureFile":
        message = f"Datastore '{datastore.name}' is a file share; the embedded Azure reads and writes blobs only."
        raise ArmError(400, "UserError", message)
    return properties["accountName"], properties[_PLACE[properties["datastoreType"]]]


async def _list_secrets(arm: ResourceManager, datastore: Resource, _: Json) -> Json:
    kind = datastore.properties["credentials"]["credentialsType"]
    if kind == "None":
        raise ArmError(400, "UserError", f"Datastore '{datastore.name}' is identity-based and has no secrets.")
    if secrets := datastore.private.get("secrets"):
        return dict(secrets)
    key = account_keys(arm).get(datastore.properties["accountName"])
    if key is None:
        raise ArmError(404, "UserError", f"The storage account of datastore '{datastore.name}' was not found.")
    return {"secretsType": "AccountKey", "key": key}
