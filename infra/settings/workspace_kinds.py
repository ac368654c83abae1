"""What fits together: the workspace's kind and identity, and the settings of what it is tied to.

Each check is one that Azure makes too, only later and in other words; the sources are named in the sections' modules.
"""

from collections.abc import Callable, Iterable

from infra.settings.resource_id import part_of
from infra.settings.stack import Settings

# The sections that a project's hub states for it, with what each is about.
_OF_THE_HUB = {
    "storage": "storage account",
    "lifecycleRules": "storage account",
    "dataStorage": "storage account",
    "dataLifecycleRules": "storage account",
    "keyVault": "Key Vault",
    "principals": "Key Vault",
    "secrets": "Key Vault",
    "containerRegistry": "container registry",
    "encryption": "key",
    "managedNetwork": "network",
    "outboundRules": "network",
    "serverlessCompute": "network",
    "network": "network",
    "computeInstances": "compute instances",
    "computeSchedules": "compute instances",
}
_OF_CLUSTERS = ("computeCluster", "computeClusters")


def stated_in_vain(stated: Iterable[str], kind: object) -> str | None:
    """What is wrong with a stack file that has these sections, where a workspace of that kind has no use for one."""
    for section in stated:
        if kind == "Project" and section in _OF_THE_HUB:
            return (
                f"mlws:{section}: a workspace of kind 'Project' takes the {_OF_THE_HUB[section]} of its hub; leave it"
                " out, or state it in the stack of the hub"
            )
        if kind in ("Hub", "Project", "FeatureStore") and section in _OF_CLUSTERS:
            return (
                f"mlws:{section}: a workspace of kind '{kind}' has no compute cluster, its jobs run on serverless"
                " compute; leave it out"
            )
    return None


def check_that_all_fits(settings: Settings) -> None:
    """Raise `ValueError`, with a sentence that begins with the key, for the first two settings that do not fit."""
    for check in _CHECKS:
        check(settings)


def _rules_have_a_network(settings: Settings) -> None:
    isolation = settings.managed_network.isolation
    for name, rule in settings.outbound_rules.items():
        if isolation == "Disabled":
            raise ValueError(
                f"mlws:outboundRules.{name}: there is no managed network to go out of; set"
                " mlws:managedNetwork.isolation to 'AllowOnlyApprovedOutbound', or leave the rule out"
            )
        if isolation == "AllowInternetOutbound" and rule.type != "PrivateEndpoint":
            raise ValueError(
                f"mlws:outboundRules.{name}.type: '{rule.type}' is for isolation 'AllowOnlyApprovedOutbound'; with"
                " 'AllowInternetOutbound' computes reach it anyway, leave the rule out"
            )


def _serverless_nodes_have_one_network(settings: Settings) -> None:
    if settings.serverless_compute.subnet_id is None:
        return
    if settings.managed_network.isolation != "Disabled":
        raise ValueError(
            "mlws:serverlessCompute.subnetId: computes of a workspace with a managed network are in that one; leave it"
            " out, or set mlws:managedNetwork.isolation to 'Disabled'"
        )
    if settings.workspace.kind == "Hub":
        raise ValueError(
            "mlws:serverlessCompute.subnetId: a hub and its projects take no network of yours; leave it out, and set"
            " mlws:managedNetwork.isolation instead"
        )


def _feature_stores_have_a_store(settings: Settings) -> None:
    store, kind = settings.feature_store, settings.workspace.kind
    if kind == "FeatureStore" and store.offline_store is None:
        raise ValueError(
            "mlws:featureStore.offlineStore is missing; write the id of the container that features are materialized"
            " to, in a storage account with hierarchical namespace"
        )
    if kind != "FeatureStore" and (store.offline_store or store.online_store):
        raise ValueError(
            f"mlws:featureStore: is for kind 'FeatureStore', not '{kind}'; leave it out, or change mlws:workspace.kind"
        )


def _azures_identity_gets_in(settings: Settings) -> None:
    own_parts = settings.workspace.kind != "Project"
    if own_parts and settings.workspace.acts_as == "system-assigned" and settings.key_vault.access == "policies":
        raise ValueError(
            "mlws:workspace.identity: 'system-assigned' needs mlws:keyVault.access 'roles', for a policy of an identity"
            " that Azure makes with the workspace would be lost with the next change of the vault; set that, or"
            " leave identity out"
        )


def _keys_are_kept(settings: Settings) -> None:
    encryption = settings.encryption
    if encryption.key == "own-vault" and not settings.key_vault.purge_protection:
        raise ValueError(
            "mlws:keyVault.purgeProtection: 'false' would let somebody purge the key that mlws:encryption.key"
            " 'own-vault' makes there, and Azure refuses it; leave it out"
        )
    if encryption.key_vault_id and settings.subscription_id:
        found = part_of(encryption.key_vault_id, "subscriptions")
        if found.lower() != str(settings.subscription_id):
            raise ValueError(
                f"mlws:encryption.keyVaultId: the vault is in subscription '{found}', and must be in that of the"
                f" workspace, '{settings.subscription_id}'; name one that is"
            )


def _computes_have_one_network(settings: Settings) -> None:
    subnets = {
        "mlws:computeCluster": settings.compute_cluster.subnet_id,
        **{f"mlws:computeClusters.{name}": one.subnet_id for name, one in settings.compute_clusters.items()},
        **{f"mlws:computeInstances.{name}": one.subnet_id for name, one in settings.compute_instances.items()},
    }
    for key, subnet_id in subnets.items():
        if subnet_id is not None and settings.managed_network.isolation != "Disabled":
            raise ValueError(
                f"{key}.subnetId: computes of a workspace with a managed network are in that one; leave it out, or set"
                " mlws:managedNetwork.isolation to 'Disabled'"
            )


def _grants_are_on_what_there_is(settings: Settings) -> None:
    for name, grant in settings.access.items():
        if settings.workspace.kind == "Project" and grant.scope not in ("workspace", "resource-group"):
            raise ValueError(
                f"mlws:access.{name}.scope: '{grant.scope}' of a workspace of kind 'Project' is its hub's; write"
                " workspace or resource-group, or grant it in the stack of the hub"
            )
        of_data = grant.role.startswith("Key Vault ") and grant.role != "Key Vault Reader"
        if of_data and settings.key_vault.access == "policies":
            raise ValueError(
                f"mlws:access.{name}.role: the vault does not ask for '{grant.role}' while mlws:keyVault.access is"
                " 'policies'; set that to 'roles', or give a role in mlws:principals"
            )


def _closed_services_are_asked_for_nothing(settings: Settings) -> None:
    if settings.network.access == "public":
        return
    if settings.workspace.image_builds == "registry":
        raise ValueError(
            f"mlws:workspace.imageBuilds: with mlws:network.access '{settings.network.access}' the registry refuses its"
            " own builders too; leave it out, or write 'cluster'"
        )
    if settings.network.access != "private":
        return
    if settings.encryption.service_side and settings.encryption.key == "own-vault":
        raise ValueError(
            "mlws:encryption.serviceSide: Azure keeps encrypted metadata itself only where it reaches the key, and"
            " mlws:network.access 'private' closes the vault; leave it out, or name a key in an open vault"
        )


_CHECKS: tuple[Callable[[Settings], None], ...] = (
    _rules_have_a_network,
    _serverless_nodes_have_one_network,
    _feature_stores_have_a_store,
    _azures_identity_gets_in,
    _keys_are_kept,
    _closed_services_are_asked_for_nothing,
    _computes_have_one_network,
    _grants_are_on_what_there_is,
)
