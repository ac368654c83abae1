"""Secrets and their versions, kept as resources below their vault; values only ever in the sealed column."""

import time
import uuid
from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar

from localazure.arm.errors import ArmError
from localazure.arm.models import ResourceManager, merge_patch
from localazure.arm.resource_type import ResourceType
from localazure.arm.store import Json, Resource
from localazure.key_vault.errors import KeyVaultError

SECRET = "Microsoft.KeyVault/vaults/secrets"  # noqa: S105 - a resource type
DELETED_SECRET = "Microsoft.KeyVault/vaults/deletedSecrets"  # noqa: S105 - a resource type
_SECONDS_A_DAY = 86_400


@dataclass(frozen=True)
class SecretBook:
    """The secrets of one vault."""

    arm: ResourceManager
    vault: Resource

    @property
    def base(self) -> str:
        """The vault's address."""
        return f"https://{self.vault.name}.vault.azure.net"

    def set(self, name: str, body: Json) -> Json:
        """A new version. Raises 409 while a deleted secret of that name waits to be purged."""
        if self.arm.store.get(self._deleted_id(name)) is not None:
            raise KeyVaultError(
                HTTPStatus.CONFLICT,
                "Conflict",
                f"Secret {name} is currently in a deleted but recoverable state, and its name cannot be reused; "
                "in this state, the secret can only be recovered or purged.",
            )
        secret = self.arm.store.get(self._id(name)) or Resource(self._id(name), SECRET, {"id": self._id(name)})
        secret.body.update(type=SECRET, name=name)
        version = self.new_version(name, body)
        secret.private.setdefault("versions", []).append(version)
        secret.properties.update(public_properties(version))
        self.arm.store.put(secret)
        return version

    def new_version(self, name: str, body: Json) -> Json:
        """A version as the data plane shows it, value included, not yet kept."""
        now = int(time.time())
        days = int(self.vault.properties.get("softDeleteRetentionInDays") or 90)
        purgeable = "" if self.vault.properties.get("enablePurgeProtection") else "+Purgeable"
        version: Json = {
            "value": body["value"],
            "id": f"{self.base}/secrets/{name}/{uuid.uuid4().hex}",
            "attributes": {
                "enabled": True,
                "created": now,
                "updated": now,
                "recoveryLevel": f"Recoverable{purgeable}",
                "recoverableDays": days,
                **(body.get("attributes") or {}),
            },
            "tags": body.get("tags") or {},
        }
        if body.get("contentType"):
            version["contentType"] = body["contentType"]
        return version

    def get(self, name: str, version: str = "") -> Json:
        """A version with its value, the newest when none is named. Raises 404, or 403 for a disabled one."""
        found = self._find(name, version)
        if not found["attributes"]["enabled"]:
            message = "Operation get is not allowed on a disabled secret."
            raise KeyVaultError(HTTPStatus.FORBIDDEN, "Forbidden", message)
        return found

    def update(self, name: str, version: str, body: Json) -> Json:
        """Change attributes, tags or content type of a version."""
        secret = self._secret(name)
        found = self._find(name, version, secret)
        merge_patch(found, {k: body[k] for k in ("attributes", "tags", "contentType") if k in body})
        found["attributes"]["updated"] = int(time.time())
        self.arm.store.put(secret)
        return without_value(found)

    def versions(self, name: str) -> list[Json]:
        """Every version, without values."""
        return [without_value(one) for one in self._secret(name).private["versions"]]

    def newest(self) -> list[Json]:
        """The newest version of each secret, without value or version in the id."""
        secrets = self.arm.store.of_type(SECRET, below=self.vault.id)
        versions = [one.private["versions"][-1] for one in secrets]
        return [{**without_value(one), "id": one["id"].rsplit("/", 1)[0]} for one in versions]

    def delete(self, name: str) -> Json:
        """Soft-delete: the name is taken until it is recovered or purged."""
        secret = self._secret(name)
        deleted_id = self._deleted_id(name)
        body = {"id": deleted_id, "type": DELETED_SECRET, "properties": {"deletedDate": int(time.time())}}
        with self.arm.store.transaction():
            self.arm.store.delete(secret.id)
            self.arm.store.put(Resource(deleted_id, DELETED_SECRET, body, secret.private))
        return self.deleted(name)

    def deleted(self, name: str) -> Json:
        """A deleted secret, without its value."""
        return self._describe_deleted(self._deleted(name))

    def all_deleted(self) -> list[Json]:
        """All deleted secrets."""
        return [self._describe_deleted(one) for one in self.arm.store.of_type(DELETED_SECRET, self.vault.id)]

    def recover(self, name: str) -> Json:
        """Bring a deleted secret back with all its versions."""
        gone = self._deleted(name)
        newest = gone.private["versions"][-1]
        body = {"id": self._id(name), "type": SECRET, "name": name, "properties": public_properties(newest)}
        with self.arm.store.transaction():
            self.arm.store.delete(gone.id)
            self.arm.store.put(Resource(self._id(name), SECRET, body, gone.private))
        return without_value(newest)

    def purge(self, name: str) -> None:
        """Delete for good; refused in a vault with purge protection."""
        if self.vault.properties.get("enablePurgeProtection"):
            message = f"Operation purge is not allowed: vault '{self.vault.name}' has purge protection."
            raise KeyVaultError(HTTPStatus.FORBIDDEN, "Forbidden", message)
        self.arm.store.delete(self._deleted(name).id)

    def _find(self, name: str, version: str, secret: Resource | None = None) -> Json:
        versions: list[Json] = (secret or self._secret(name)).private["versions"]
        wanted = [one for one in versions if not version or one["id"].rsplit("/", 1)[-1] == version]
        if not wanted:
            raise _secret_not_found(f"{name}/{version}")
        return wanted[-1]

    def _secret(self, name: str) -> Resource:
        if (secret := self.arm.store.get(self._id(name))) is None:
            raise _secret_not_found(name)
        return secret

    def _deleted(self, name: str) -> Resource:
        if (secret := self.arm.store.get(self._deleted_id(name))) is None:
            raise _secret_not_found(name)
        return secret

    def _describe_deleted(self, gone: Resource) -> Json:
        days = int(self.vault.properties.get("softDeleteRetentionInDays") or 90)
        deleted = int(gone.properties["deletedDate"])
        return {
            **without_value(gone.private["versions"][-1]),
            "recoveryId": f"{self.base}/deletedsecrets/{gone.name}",
            "deletedDate": deleted,
            "scheduledPurgeDate": deleted + days * _SECONDS_A_DAY,
        }

    def _id(self, name: str) -> str:
        return f"{self.vault.id}/secrets/{name}"

    def _deleted_id(self, name: str) -> str:
        return f"{self.vault.id}/deletedSecrets/{name}"


class VaultSecret(ResourceType):
    """A secret written through ARM (https://learn.microsoft.com/rest/api/keyvault/keyvault/secrets).

    The same secret as on the data plane; ARM never gives its value back.
    """

    type: ClassVar[str] = SECRET
    required: ClassVar[tuple[str, ...]] = ("properties",)

    def enrich(self, arm: ResourceManager, resource: Resource, existing: Resource | None) -> None:
        """Move the value where GET cannot see it: a new version, unless it is the newest one's already."""
        vault = arm.store.get(resource.id.rsplit("/secrets/", 1)[0])
        assert vault is not None
        resource.properties.pop("provisioningState", None)
        value = resource.properties.pop("value", None)
        versions = existing.private["versions"] if existing is not None else []
        if value is None and not versions:
            raise ArmError(HTTPStatus.BAD_REQUEST, "BadRequest", "The property 'value' of the secret is missing.")
        if versions and value in (None, versions[-1]["value"]):
            resource.properties.update(public_properties(versions[-1]))
            return
        body = {"value": value, "tags": resource.body.get("tags"), **resource.properties}
        version = SecretBook(arm, vault).new_version(resource.name, body)
        resource.private["versions"] = [*versions, version]
        resource.properties.update(public_properties(version))


def public_properties(version: Json) -> Json:
    """What ARM shows of a secret."""
    shown = {
        "attributes": version["attributes"],
        "secretUri": version["id"].rsplit("/", 1)[0],
        "secretUriWithVersion": version["id"],
    }
    return {**shown, **({"contentType": version["contentType"]} if "contentType" in version else {})}


def without_value(version: Json) -> Json:
    """A version as it is listed."""
    return {name: value for name, value in version.items() if name != "value"}


def _secret_not_found(name: str) -> KeyVaultError:
    message = f"A secret with (name/id) {name} was not found in this key vault."
    return KeyVaultError(HTTPStatus.NOT_FOUND, "SecretNotFound", message)
