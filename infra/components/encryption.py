"""The key of a workspace whose metadata is encrypted with the customer's own, and who may use it."""

from dataclasses import dataclass
from uuid import UUID

import pulumi
import pulumi_azure_native as azure_native

from infra.components.key_vault import KeyVault
from infra.components.resource_group import Place
from infra.components.role_assignment import Grant, assign
from infra.components.workspace_identity import WorkspaceIdentity
from infra.settings.encryption import EncryptionSettings

# Azure recommends 3072 bits: https://learn.microsoft.com/azure/machine-learning/how-to-setup-customer-managed-keys
_KEY_BITS = 3072
_ROLE = "Key Vault Crypto Service Encryption User"


@dataclass(frozen=True)
class EncryptionArgs:
    """Whose key it is, the stack's vault, and the identity that the workspace reads the key as, None for Azure's."""

    settings: EncryptionSettings
    place: Place
    vault: KeyVault
    identity: WorkspaceIdentity | None
    subscription_id: str


class Encryption(pulumi.ComponentResource):
    """A key in the stack's vault, or the rights to the given one; `properties` is what a workspace says of it.

    The rights to the given one are roles: where its vault goes by access policies, they are its owner's to write.
    """

    def __init__(self, name: str, args: EncryptionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlws:infra:Encryption", name, None, opts)
        self.rights: list[pulumi.Resource] = []
        if args.settings.key == "own-vault":
            vault_id, key_id = args.vault.id, self._make_key(name, args)
        else:
            vault_id = pulumi.Output.from_input(str(args.settings.key_vault_id))
            key_id = pulumi.Output.from_input(str(args.settings.key_id))
            self._give_rights(name, args, vault_id)
        self.properties = azure_native.machinelearningservices.EncryptionPropertyArgs(
            status=azure_native.machinelearningservices.EncryptionStatus.ENABLED,
            key_vault_properties=azure_native.machinelearningservices.KeyVaultPropertiesArgs(
                key_identifier=key_id, key_vault_arm_id=vault_id
            ),
            identity=azure_native.machinelearningservices.IdentityForCmkArgs(user_assigned_identity=args.identity.id)
            if args.identity
            else None,
        )
        self.register_outputs({})

    def _make_key(self, name: str, args: EncryptionArgs) -> pulumi.Output[str]:
        key = azure_native.keyvault.Key(
            name,
            key_name=args.settings.key_name,
            vault_name=args.vault.name,
            resource_group_name=args.place.resource_group,
            properties=azure_native.keyvault.KeyPropertiesArgs(
                kty=azure_native.keyvault.JsonWebKeyType.RSA,
                key_size=_KEY_BITS,
                key_ops=[
                    azure_native.keyvault.JsonWebKeyOperation.WRAP_KEY,
                    azure_native.keyvault.JsonWebKeyOperation.UNWRAP_KEY,
                ],
            ),
            # What was encrypted with it, a backup for one, can be read as long as the vault keeps it.
            opts=pulumi.ResourceOptions(parent=self, retain_on_delete=True),
        )
        return key.key_uri_with_version

    def _give_rights(self, name: str, args: EncryptionArgs, vault_id: pulumi.Output[str]) -> None:
        identity = {"identity": args.identity.principal_id} if args.identity else {}
        others = {key: pulumi.Output.from_input(str(one)) for key, one in _users(args.settings).items()}
        for user, principal_id in (identity | others).items():
            grant = Grant(_ROLE, vault_id, "Wraps and unwraps the key that encrypts the workspace's metadata.")
            self.rights.append(assign(f"{name}-{user}", grant, principal_id, args.subscription_id, parent=self))


def customer_key(name: str, args: EncryptionArgs) -> Encryption | None:
    """The key that the settings ask for; None where it is Microsoft's."""
    return Encryption(name, args) if args.settings.by_customer else None


def users_of_own_key(settings: EncryptionSettings) -> dict[str, UUID]:
    """Who needs the key of the stack's vault beside the workspace: object ids, by a name for each."""
    return _users(settings) if settings.key == "own-vault" else {}


def _users(settings: EncryptionSettings) -> dict[str, UUID]:
    return {"cosmos-db": settings.cosmos_db_object_id} if settings.cosmos_db_object_id else {}
