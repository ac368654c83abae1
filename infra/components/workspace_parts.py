"""The parts that not every workspace has: what it says of them, and what stands beside it."""

import pulumi

from infra.components.encryption import Encryption
from infra.components.feature_store import FeatureStores, FeatureStoresArgs, store_properties
from infra.components.managed_network import OutboundRules, OutboundRulesArgs, network_properties
from infra.components.resource_group import Place
from infra.components.workspace import Workspace, WorkspaceParts
from infra.components.workspace_identity import WorkspaceIdentity
from infra.settings import Settings


def workspace_parts(settings: Settings, encryption: Encryption | None, cluster_name: str | None) -> WorkspaceParts:
    """The parts; `encryption` is the customer's key where there is one, `cluster_name` the cluster that may build."""
    kind = settings.workspace.kind
    return WorkspaceParts(
        encryption=encryption.properties if encryption else None,
        service_side_encryption=settings.encryption.service_side,
        managed_network=network_properties(settings.managed_network, settings.outbound_rules),
        provision_network_now=settings.managed_network.provision_now,
        serverless=settings.serverless_compute,
        feature_store=store_properties(settings.feature_store) if kind == "FeatureStore" else None,
        image_build_compute=cluster_name if _cluster_builds(settings) else None,
    )


def add_parts(
    settings: Settings, workspace: Workspace, identity: WorkspaceIdentity | None, place: Place, subscription_id: str
) -> list[pulumi.Resource]:
    """The rules of its managed network and the connections to its stores, where the settings ask for some."""
    parts: list[pulumi.Resource] = []
    if settings.outbound_rules:
        rules = OutboundRulesArgs(
            settings.outbound_rules, place, workspace.name, workspace.principal_id, subscription_id
        )
        parts.append(OutboundRules("outbound", rules))
    if settings.workspace.kind == "FeatureStore" and identity is not None:
        stores = FeatureStoresArgs(settings.feature_store, place, workspace.name, identity, subscription_id)
        parts.append(FeatureStores("feature", stores))
    return parts


def _cluster_builds(settings: Settings) -> bool:
    stated = settings.workspace.image_builds
    return stated == "cluster" or (stated is None and settings.network.access != "public")
