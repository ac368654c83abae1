"""What a network that is not open to everybody asks of other settings: that jobs still get in."""

from collections.abc import Iterator

from infra.settings.stack import Settings


def check_network(settings: Settings) -> None:
    """Raise `ValueError`, with a sentence that begins with the key, for what a restricted network would shut out."""
    if settings.network.access != "public":
        _registry_can_refuse(settings)
        _computes_get_in(settings)


def _registry_can_refuse(settings: Settings) -> None:
    """https://learn.microsoft.com/azure/container-registry/container-registry-skus"""
    sku = settings.container_registry.sku
    if sku != "Premium":
        raise ValueError(
            f"mlws:network.access: '{settings.network.access}' needs a container registry that can refuse addresses,"
            f" and that is Premium only; set mlws:containerRegistry.sku to Premium (it is {sku}), or access to public"
        )


def _computes_get_in(settings: Settings) -> None:
    """https://learn.microsoft.com/azure/machine-learning/how-to-network-security-overview"""
    if settings.managed_network.isolation != "Disabled":
        return
    for key, subnet_id in _subnets(settings):
        if subnet_id is None:
            raise ValueError(
                f"mlws:network.access: '{settings.network.access}' shuts out the nodes of {key}, which are in no"
                f" network of yours; set mlws:managedNetwork.isolation to 'AllowInternetOutbound', or {key}.subnetId"
            )


def _subnets(settings: Settings) -> Iterator[tuple[str, str | None]]:
    if settings.workspace.has_clusters:
        yield "mlws:computeCluster", settings.compute_cluster.subnet_id
    else:
        yield "mlws:serverlessCompute", settings.serverless_compute.subnet_id
    for name, cluster in settings.compute_clusters.items():
        yield f"mlws:computeClusters.{name}", cluster.subnet_id
    for name, instance in settings.compute_instances.items():
        yield f"mlws:computeInstances.{name}", instance.subnet_id
