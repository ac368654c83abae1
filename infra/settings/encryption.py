"""Whose key encrypts what Azure ML keeps of a workspace outside its storage account.

After https://learn.microsoft.com/azure/machine-learning/how-to-setup-customer-managed-keys
"""

import re
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from infra.settings.resource_id import part_of, resource_id
from infra.settings.section import Section

VaultId = Annotated[str, AfterValidator(resource_id("Microsoft.KeyVault/vaults"))]
_KEY_URL = r"^https://[A-Za-z0-9-]{3,24}\.vault\.azure\.net/keys/[A-Za-z0-9-]{1,127}/[0-9a-f]{32}$"
_COSMOS_DB = "a232010e-820c-4083-83bb-3ace5fc29d0b"


class EncryptionSettings(Section):
    """The key of the workspace's metadata. Fixed at creation, but for another key of the same vault."""

    key: Literal["microsoft", "own-vault", "given"] = Field(
        default="microsoft",
        description="`microsoft` is Azure's own key, `own-vault` one that this stack makes in its Key Vault, `given`"
        " the one at `keyId`. With a key of yours Azure bills a Cosmos DB, an AI Search and a storage account more,"
        " unless `serviceSide` is on.",
    )
    key_name: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,127}$")] = Field(
        default="workspace-metadata",
        description="With `own-vault`: what the key is called. It stays in the vault when the stack goes, and so do"
        " names that were used: a vault that was recovered needs another one.",
    )
    key_id: Annotated[str, StringConstraints(pattern=_KEY_URL)] | None = Field(
        default=None,
        description="The key, with its version: `https://<vault>.vault.azure.net/keys/<name>/<version>`.",
    )
    key_vault_id: VaultId | None = Field(
        default=None,
        description="The resource id of the vault that holds the key at `keyId`, in the same subscription.",
    )
    cosmos_db_object_id: UUID | None = Field(
        default=None,
        description="Object id of Azure Cosmos DB in your tenant, which keeps the metadata and so needs the key of"
        f" `own-vault`: what `az ad sp show --id {_COSMOS_DB} --query id` prints. Not needed with `serviceSide`.",
    )
    service_side: bool = Field(
        default=False,
        description="Azure keeps the encrypted metadata on resources of its own (a preview: no rotation of the key, no"
        " data labeling, and a vault with public access).",
    )

    @property
    def by_customer(self) -> bool:
        """Whether the key is not Microsoft's."""
        return self.key != "microsoft"

    @model_validator(mode="after")
    def _the_key_is_the_one_that_is_meant(self) -> "EncryptionSettings":
        given = {"keyId": self.key_id, "keyVaultId": self.key_vault_id}
        if self.key == "given":
            missing = next((name for name, value in given.items() if value is None), None)
            if missing:
                raise ValueError(f"key 'given' needs {missing}; write it beside key")
        else:
            extra = next((name for name, value in given.items() if value is not None), None)
            if extra:
                raise ValueError(f"{extra} is for key 'given', not '{self.key}'; leave it out or change key")
        if self.key_id and self.key_vault_id:
            self._key_is_in_its_vault(self.key_id, part_of(self.key_vault_id, "vaults"))
        return self

    @model_validator(mode="after")
    def _who_keeps_the_metadata_has_the_key(self) -> "EncryptionSettings":
        if self.service_side and not self.by_customer:
            raise ValueError("serviceSide needs a key of yours; set key to 'own-vault' or 'given', or leave it out")
        if self.key == "own-vault" and not self.service_side and self.cosmos_db_object_id is None:
            raise ValueError(
                "cosmosDbObjectId is missing: Azure Cosmos DB keeps the metadata and needs the key; write what"
                f" `az ad sp show --id {_COSMOS_DB} --query id --output tsv` prints, or set serviceSide to true"
            )
        return self

    @staticmethod
    def _key_is_in_its_vault(key_id: str, vault: str) -> None:
        of_key = re.split(r"[/.]", key_id.removeprefix("https://"))[0]
        if of_key.lower() != vault.lower():
            raise ValueError(f"keyId is a key of the vault '{of_key}', but keyVaultId names '{vault}'; write one vault")
