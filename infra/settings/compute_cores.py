"""How many cores the computes of a stack may take at once: what its quota in Azure must have room for."""

from collections import Counter
from collections.abc import Iterator

from infra.settings.stack import Settings
from infra.settings.vm_sizes import vm_size

LOW_PRIORITY = "low priority"


def cores(settings: Settings) -> dict[str, int]:
    """Cores by VM family; low-priority nodes of every family share one quota. Sizes not in the table do not count."""
    counted: Counter[str] = Counter()
    for size_name, is_low, machines in _machines(settings):
        size = vm_size(size_name)
        if size is not None:
            counted[LOW_PRIORITY if is_low else size.family] += size.vcpus * machines
    return dict(counted)


def _machines(settings: Settings) -> Iterator[tuple[str, bool, int]]:
    for cluster in (settings.compute_cluster, *settings.compute_clusters.values()):
        yield cluster.vm_size, cluster.priority == "low", cluster.max_nodes
    for instance in settings.compute_instances.values():
        yield instance.vm_size, False, 1
