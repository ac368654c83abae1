"""What the clusters, instances and schedules of a stack must agree on."""

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from infra.settings.compute import ComputeClusterSettings, wrong_size
from infra.settings.compute_instance import ComputeInstanceSettings, ComputeSchedule


def like_the_default_cluster(stated: Any) -> Any:  # noqa: ANN401 - what a stack file holds, of any type
    """The settings as stated, with each further cluster completed by what the default one has."""
    if not isinstance(stated, Mapping):
        return stated
    default, clusters = stated.get("computeCluster"), stated.get("computeClusters")
    if not isinstance(default, Mapping) or not isinstance(clusters, Mapping):
        return stated
    completed = {
        name: {**default, **cluster} if isinstance(cluster, Mapping) else cluster for name, cluster in clusters.items()
    }
    return {**stated, "computeClusters": completed}


def check_computes(
    clusters: Mapping[str, ComputeClusterSettings],
    instances: Mapping[str, ComputeInstanceSettings],
    schedules: Mapping[str, ComputeSchedule],
    unlisted: Collection[str],
) -> None:
    """Raise `ValueError` with the first mistake; `clusters` are by their key in the stack file."""
    for mistake in (*_sizes(clusters, instances, unlisted), *_schedules(instances, schedules)):
        raise ValueError(mistake)


def _sizes(
    clusters: Mapping[str, ComputeClusterSettings],
    instances: Mapping[str, ComputeInstanceSettings],
    unlisted: Collection[str],
) -> Iterator[str]:
    found = [
        *(
            wrong_size(f"{key}.vmSize", one.vm_size, unlisted, instance=False, low_priority=one.priority == "low")
            for key, one in clusters.items()
        ),
        *(
            wrong_size(f"mlws:computeInstances.{name}.vmSize", one.vm_size, unlisted, instance=True, low_priority=False)
            for name, one in instances.items()
        ),
    ]
    yield from filter(None, found)


def _schedules(
    instances: Mapping[str, ComputeInstanceSettings], schedules: Mapping[str, ComputeSchedule]
) -> Iterator[str]:
    for name, instance in instances.items():
        for schedule in instance.schedules:
            if schedule not in schedules:
                near = get_close_matches(schedule, schedules, n=1)
                instead = f"did you mean '{near[0]}'?" if near else f"write mlws:computeSchedules.{schedule} too"
                yield f"mlws:computeInstances.{name}.schedules: there is no schedule '{schedule}'; {instead}"
