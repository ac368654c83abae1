"""The Key Vault of the workspace: who may do what with its secrets, and the secrets that the stack puts there."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import pulumi
import pulumi_azure_native as azure_native
from pulumi_azure_native.authorization import PrincipalType

from infra.components.network_access import TRUSTED, Access
from infra.components.resource_group import Place
from infra.components.vault_access import Holder, assign_roles, named_holders, policies
from infra.guards.deployer import Deployer
from infra.guards.soft_delete import VaultIsDeleted, after_recovery
from infra.settings.key_vault import KeyVaultSettings, Principal
from infra.settings.secrets import Secrets


@dataclass(frozen=True)
class KeyVaultArgs:
    """The vault's name, where it goes, who has access to it and from where, and its settings."""

    name: str
    place: Place
    deployer: Deployer
    principals: Mapping[str, Principal]
    workspace_principal_id: pulumi.Output[str] | None
    key_users: Mapping[str, UUID]
    settings: KeyVaultSettings
    is_deleted: VaultIsDeleted
    access: Access


class KeyVault(pulumi.ComponentResource):
    """A Key Vault; recovered, where Azure still keeps a deleted one of that name.

    `rights` are the role assignments that whoever uses the vault must wait for; none where it has access policies.
    """

    def __init__(self, name: str, args: KeyVaultArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlws:infra:KeyVault", name, None, opts)
        recovers = args.is_deleted(args.deployer.subscription_id, args.place.region, args.name)
        self._resource_group = args.place.resource_group
        self.by_roles = args.settings.access == "roles"
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
        self.rights = (
            assign_roles(name, _holders(args), self.id, args.deployer.subscription_id, parent=self)
            if self.by_roles
            else []
        )
        self.uri = self.vault.properties.apply(lambda properties: properties.vault_uri)
        self.register_outputs({"uri": self.uri})

    def keep_all(self, secrets: Secrets) -> list[str]:
        """Keep the secrets that the stack declares, and return their names."""
        for name, value in secrets.items():
            if value is not None:
                self.keep(name, pulumi.Output.secret(value.get_secret_value()), f"secret-{name.lower()}")
        return sorted(secrets)

    def keep(
        self, secret_name: str, value: pulumi.Output[str], name: str | None = None
    ) -> azure_native.keyvault.Secret:
        """Keep `value` in the vault as a secret, under the name that Pulumi knows it by."""
        return azure_native.keyvault.Secret(
            name or secret_name,
            secret_name=secret_name,
            vault_name=self.name,
            resource_group_name=self._resource_group,
            properties=azure_native.keyvault.SecretPropertiesArgs(value=value, content_type="text/plain"),
            # It is recovered and deleted with a right that the deployer must have by then, or still.
            opts=pulumi.ResourceOptions(parent=self, depends_on=self.rights),
        )


def _properties(args: KeyVaultArgs, *, recovers: bool) -> azure_native.keyvault.VaultPropertiesArgs:
    return azure_native.keyvault.VaultPropertiesArgs(
        tenant_id=args.deployer.tenant_id,
        sku=azure_native.keyvault.SkuArgs(
            family=azure_native.keyvault.SkuFamily.A, name=azure_native.keyvault.SkuName.STANDARD
        ),
        access_policies=[] if args.settings.access == "roles" else policies(_holders(args), args.deployer.tenant_id),
        create_mode=azure_native.keyvault.CreateMode.RECOVER if recovers else None,
        enable_soft_delete=True,
        soft_delete_retention_in_days=args.settings.soft_delete_retention_days,
        # Azure takes true or nothing here, never false.
        enable_purge_protection=args.settings.purge_protection or None,
        enable_rbac_authorization=args.settings.access == "roles",
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


def _holders(args: KeyVaultArgs) -> list[Holder]:
    ours = {"workspace": args.workspace_principal_id} if args.workspace_principal_id is not None else {}
    return [
        *named_holders(args.principals),
        Holder("deployer", args.deployer.object_id, "deployer", PrincipalType(args.deployer.type)),
        *(Holder(name, str(one), "key-user", PrincipalType.SERVICE_PRINCIPAL) for name, one in args.key_users.items()),
        *(Holder(name, one, "workspace", PrincipalType.SERVICE_PRINCIPAL) for name, one in ours.items()),
    ]
