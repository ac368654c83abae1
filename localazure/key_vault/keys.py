"""Keys of a vault as ARM makes them: names and versions to refer to. Nothing is encrypted with them here."""

import time
import uuid
from typing import ClassVar

from localazure.arm.errors import ArmError
from localazure.arm.ids import ResourcePath
from localazure.arm.models import ResourceManager
from localazure.arm.resource_type import ResourceType
from localazure.arm.store import Json, Resource

KEY = "Microsoft.KeyVault/vaults/keys"
_DEFAULT_BITS = 2048
_TYPES = ("RSA", "EC", "RSA-HSM", "EC-HSM")


class VaultKey(ResourceType):
    """https://learn.microsoft.com/rest/api/keyvault/keyvault/keys/create-if-not-exist: a key that is there stays."""

    type: ClassVar[str] = KEY
    created_status: ClassVar[int] = 200
    required: ClassVar[tuple[str, ...]] = ("properties.kty",)

    def check(self, arm: ResourceManager, path: ResourcePath, body: Json, existing: Resource | None) -> None:
        """Only kinds of keys that a vault makes."""
        kind = body["properties"]["kty"]
        if kind not in _TYPES:
            raise ArmError(400, "BadRequest", f"The key type '{kind}' is none of {', '.join(_TYPES)}.")

    def enrich(self, arm: ResourceManager, resource: Resource, existing: Resource | None) -> None:
        """Its address, with its one version."""
        if existing is not None:
            resource.body["properties"] = existing.properties
            return
        properties = resource.properties
        properties.pop("provisioningState", None)
        now = int(time.time())
        if properties["kty"].startswith("RSA"):
            properties.setdefault("keySize", _DEFAULT_BITS)
        vault = resource.id.split("/")[-3]
        properties["attributes"] = {"enabled": True, "created": now, "updated": now, "exportable": False}
        properties["keyUri"] = f"https://{vault}.vault.azure.net/keys/{resource.name}"
        properties["keyUriWithVersion"] = f"{properties['keyUri']}/{uuid.uuid4().hex}"


def has_key(arm: ResourceManager, vault: Resource, address: str) -> bool:
    """Whether a vault has the key of that address, with or without its version."""
    keys = [one for one in arm.store.below(vault.id) if one.type == KEY]
    return any(address in (one.properties["keyUri"], one.properties["keyUriWithVersion"]) for one in keys)
