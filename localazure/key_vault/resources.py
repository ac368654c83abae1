"""Vaults and deleted vaults, as ARM resources: a deleted vault keeps its name, and its secrets, until it is purged."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from localazure.arm.errors import ArmError
from localazure.arm.ids import ResourcePath
from localazure.arm.models import ResourceManager
from localazure.arm.resource_type import Action, ResourceType
from localazure.arm.store import Json, Resource
from localazure.home import SUBSCRIPTION_ID

DELETED_VAULT = "Microsoft.KeyVault/locations/deletedVaults"
_DEFAULT_RETENTION_DAYS = 90


class Vault(ResourceType):
    """https://learn.microsoft.com/rest/api/keyvault/keyvault/vaults"""

    type: ClassVar[str] = "Microsoft.KeyVault/vaults"
    required: ClassVar[tuple[str, ...]] = (
        "location",
        "properties.tenantId",
        "properties.sku.name",
        "properties.sku.family",
    )
    global_name: ClassVar[str | None] = "VaultAlreadyExists"

    def check(self, arm: ResourceManager, path: ResourcePath, body: Json, existing: Resource | None) -> None:
        """Purge protection cannot be turned off, and a deleted vault must be recovered or purged first."""
        properties = body["properties"]
        if existing is None:
            self._check_deleted(arm, path.name, str(properties.get("createMode") or "default"))
        elif existing.properties.get("enablePurgeProtection") and not properties.get("enablePurgeProtection"):
            message = 'The property "enablePurgeProtection" cannot be set to false. Enabling it is irreversible.'
            raise ArmError(400, "BadRequest", message)
        if not properties.get("enableRbacAuthorization") and "accessPolicies" not in properties:
            message = "The property 'accessPolicies' is missing: it is required unless RBAC is enabled."
            raise ArmError(400, "BadRequest", message)

    def enrich(self, arm: ResourceManager, resource: Resource, existing: Resource | None) -> None:
        """Soft delete cannot be turned off any more (since 2020)."""
        properties = resource.properties
        properties.pop("createMode", None)
        properties["vaultUri"] = f"https://{resource.name}.vault.azure.net/"
        properties["enableSoftDelete"] = True
        properties.setdefault("softDeleteRetentionInDays", _DEFAULT_RETENTION_DAYS)
        if not properties.get("enablePurgeProtection"):
            properties.pop("enablePurgeProtection", None)

    def children(self, arm: ResourceManager, resource: Resource) -> list[Resource]:
        """A vault that is recovered has its secrets back."""
        deleted = deleted_vault(arm, resource.name)
        if deleted is None:
            return []
        arm.store.delete(deleted.id)
        return [
            Resource(one["id"], one["type"], one["body"], one["private"])
            for one in deleted.private["children"]
            if one["id"].lower().startswith(resource.id.lower() + "/")
        ]

    def before_delete(self, arm: ResourceManager, resource: Resource) -> None:
        """Keep the vault, with all that is in it, as a deleted vault."""
        now = datetime.now(UTC)
        days = int(resource.properties["softDeleteRetentionInDays"])
        location = resource.body["location"]
        deleted_id = (
            f"/subscriptions/{SUBSCRIPTION_ID}/providers/Microsoft.KeyVault"
            f"/locations/{location}/deletedVaults/{resource.name}"
        )
        properties = {
            "vaultId": resource.id,
            "location": location,
            "tags": resource.body.get("tags") or {},
            "deletionDate": now.isoformat(),
            "scheduledPurgeDate": (now + timedelta(days=days)).isoformat(),
            "purgeProtectionEnabled": bool(resource.properties.get("enablePurgeProtection")),
        }
        children = [
            {"id": one.id, "type": one.type, "body": one.body, "private": one.private}
            for one in arm.store.below(resource.id)
        ]
        body = {"id": deleted_id, "name": resource.name, "type": DELETED_VAULT, "properties": properties}
        arm.store.put(Resource(deleted_id, DELETED_VAULT, body, {"children": children}))

    def _check_deleted(self, arm: ResourceManager, name: str, create_mode: str) -> None:
        deleted = deleted_vault(arm, name)
        recovering = create_mode.lower() == "recover"
        if deleted is not None and not recovering:
            message = (
                f"A vault with the same name already exists in deleted state: '{name}'. You need to either recover "
                "or purge existing key vault. Follow https://go.microsoft.com/fwlink/?linkid=2149745."
            )
            raise ArmError(409, "ConflictError", message)
        if deleted is None and recovering:
            message = f"There is no deleted vault '{name}' to recover."
            raise ArmError(404, "DeletedVaultNotFound", message)


class DeletedVault(ResourceType):
    """https://learn.microsoft.com/rest/api/keyvault/keyvault/vaults/get-deleted"""

    type: ClassVar[str] = DELETED_VAULT

    def check(self, arm: ResourceManager, path: ResourcePath, body: Json, existing: Resource | None) -> None:
        """Only deleting a vault makes one."""
        raise ArmError(405, "MethodNotAllowed", "A deleted vault can be read, recovered or purged only.")

    @property
    def actions(self) -> Mapping[str, Action]:
        """`purge`."""
        return {"purge": _purge}


def deleted_vault(arm: ResourceManager, name: str) -> Resource | None:
    """The deleted vault that holds a name, or None."""
    deleted = arm.store.of_type(DELETED_VAULT)
    return next((one for one in deleted if one.name.lower() == name.lower()), None)


async def _purge(arm: ResourceManager, resource: Resource, _: Json) -> None:
    if resource.properties["purgeProtectionEnabled"]:
        message = f"Vault '{resource.name}' has purge protection and cannot be purged before its scheduled date."
        raise ArmError(403, "DeletedVaultPurge", message)
    arm.store.delete(resource.id)
