"""The Key Vault of the workspace: who may do what with its secrets, and the secrets that the stack puts there."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pulumi
import pulumi_azure_native as azure_native

from infra.components.network_access import TRUSTED, Access
from infra.components.resource_group import Place
from infra.guards.deployer import Deployer
from infra.guards.soft_delete import VaultIsDeleted, after_recovery
from infra.settings.key_vault import KeyVaultSettings, Principal

STORAGE_KEY_SECRET = "storage-account-key"  # noqa: S105 - the name of the secret
_KINDS = ("secrets", "keys", "certificates")


@dataclass(frozen=True)
class KeyVaultArgs:
    """The vault's name, where it goes, who has access to it and from where, and its settings."""

    name: str
    place: Place
    deployer: Deployer
    principals: Mapping[str, Principal]
    workspace_principal_id: pulumi.Output[str]
    settings: KeyVaultSettings
    is_deleted: VaultIsDeleted
    access: Access


class KeyVault(pulumi.ComponentResource):
    """A Key Vault under access policies; recovered, where Azure still keeps a deleted one of that name."""

    def __init__(self, name: str, args: KeyVaultArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlws:infra:KeyVault", name, None, opts)
        recovers = args.is_deleted(args.deployer.subscription_id, args.place.region, args.name)
        self._resource_group = args.place.resource_group
        self.vault = azure_native.keyvault.Vault(
            name,
            vault_name=args.name,
            resource_group_name=args.place.resource_group,
            location=args.place.region,
            properties=_properties(args, recovers=recovers),
            opts=pulumi.ResourceOptions(
                parent=self,
                # How the vault came to be is no difference between runs.
                ignore_changes=["properties.createMode"],
                hooks=pulumi.ResourceHookBinding(after_create=[after_recovery()]) if recovers else None,
            ),
        )
        self.id = self.vault.id
        self.name = self.vault.name
        self.uri = self.vault.properties.apply(lambda properties: properties.vault_uri)
        self.register_outputs({"uri": self.uri})

    def keep(self, secret_name: str, value: pulumi.Output[str]) -> azure_native.keyvault.Secret:
        """Keep `value` in the vault as a secret."""
        return azure_native.keyvault.Secret(
            secret_name,
            secret_name=secret_name,
            vault_name=self.name,
            resource_group_name=self._resource_group,
            properties=azure_native.keyvault.SecretPropertiesArgs(value=value, content_type="text/plain"),
            opts=pulumi.ResourceOptions(parent=self),
        )


def _properties(args: KeyVaultArgs, *, recovers: bool) -> azure_native.keyvault.VaultPropertiesArgs:
    return azure_native.keyvault.VaultPropertiesArgs(
        tenant_id=args.deployer.tenant_id,
        sku=azure_native.keyvault.SkuArgs(
            family=azure_native.keyvault.SkuFamily.A, name=azure_native.keyvault.SkuName.STANDARD
        ),
        access_policies=_policies(args),
        create_mode=azure_native.keyvault.CreateMode.RECOVER if recovers else None,
        enable_soft_delete=True,
        soft_delete_retention_in_days=args.settings.soft_delete_retention_days,
        # Azure takes true or nothing here, never false.
        enable_purge_protection=args.settings.purge_protection or None,
        enable_rbac_authorization=False,
        enabled_for_deployment=False,
        enabled_for_disk_encryption=False,
        enabled_for_template_deployment=False,
        public_network_access=args.access.public_network,
        network_acls=azure_native.keyvault.NetworkRuleSetArgs(
            default_action=args.access.others,
            bypass=TRUSTED,
            ip_rules=[azure_native.keyvault.IPRuleArgs(value=address) for address in args.access.addresses],
        ),
    )


def _policies(args: KeyVaultArgs) -> list[azure_native.keyvault.AccessPolicyEntryArgs]:
    """One policy a principal, in an order that does not depend on the stack file's: Azure compares lists."""
    roles: dict[str, set[str]] = {args.deployer.object_id.lower(): {"deployer"}}
    for principal in args.principals.values():
        roles.setdefault(str(principal.object_id), set()).add(principal.role)
    people: list[tuple[pulumi.Input[str], set[str]]] = sorted(roles.items())
    return [
        azure_native.keyvault.AccessPolicyEntryArgs(
            tenant_id=args.deployer.tenant_id, object_id=object_id, permissions=_permissions(of)
        )
        for object_id, of in [*people, (args.workspace_principal_id, {"workspace"})]
    ]


def _permissions(roles: Iterable[str]) -> azure_native.keyvault.PermissionsArgs:
    table = vault_permissions()
    granted = {kind: sorted({action for role in roles for action in table[role].get(kind, [])}) for kind in _KINDS}
    return azure_native.keyvault.PermissionsArgs(
        secrets=granted["secrets"], keys=granted["keys"], certificates=granted["certificates"]
    )


@cache
def vault_permissions() -> Mapping[str, Mapping[str, list[str]]]:
    """What each role may do, by kind of object: the content of `vault_permissions.toml`."""
    return tomllib.loads(Path(__file__).with_name("vault_permissions.toml").read_text(encoding="utf-8"))
