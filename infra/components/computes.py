"""Every compute of the workspace: the default cluster, further clusters, and the instances of people."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from infra.components.compute_cluster import ComputeCluster, ComputeClusterArgs
from infra.components.compute_instance import ComputeInstance, ComputeInstanceArgs
from infra.components.resource_group import Place
from infra.compute_names import ComputeNames
from infra.guards.deployer import Deployer
from infra.settings import Settings
from infra.settings.compute import ComputeClusterSettings


@dataclass(frozen=True)
class ComputesArgs:
    """The names of the computes, where they go, what their jobs may reach, and the stack's settings.

    `cluster_name` is None where the workspace is of a kind that has no clusters.
    """

    cluster_name: str | None
    names: ComputeNames
    place: Place
    workspace_name: pulumi.Output[str]
    deployer: Deployer
    storage_id: pulumi.Output[str]
    container_registry_id: pulumi.Output[str]
    settings: Settings
    data_storage_id: pulumi.Output[str] | None = None


class Computes:
    """The computes that the settings ask for; `default` is the cluster on which jobs run that name none, if any."""

    def __init__(self, args: ComputesArgs) -> None:
        """Make them; a group of components rather than one, so that the default cluster stays what it has been."""
        settings = args.settings
        self.default = (
            _cluster("cluster", args.cluster_name, settings.compute_cluster, args) if args.cluster_name else None
        )
        clusters = {
            key: _cluster(f"cluster-{key}", args.names.clusters[key], cluster, args)
            for key, cluster in settings.compute_clusters.items()
        }
        instances = {key: _instance(key, args) for key in settings.compute_instances}
        default = [self.default] if self.default else []
        self.all: list[pulumi.Resource] = [*default, *clusters.values(), *instances.values()]
        self.names: Mapping[str, Mapping[str, pulumi.Output[str]]] = {
            "clusters": {key: cluster.name for key, cluster in clusters.items()},
            "instances": {key: instance.name for key, instance in instances.items()},
        }


def _cluster(label: str, name: str, settings: ComputeClusterSettings, args: ComputesArgs) -> ComputeCluster:
    return ComputeCluster(
        label,
        ComputeClusterArgs(
            name=name,
            place=args.place,
            workspace_name=args.workspace_name,
            subscription_id=args.deployer.subscription_id,
            storage_id=args.storage_id,
            container_registry_id=args.container_registry_id,
            settings=settings,
            is_private=_is_private(args.settings),
            data_storage_id=args.data_storage_id,
        ),
    )


def _instance(key: str, args: ComputesArgs) -> ComputeInstance:
    return ComputeInstance(
        f"instance-{key}",
        ComputeInstanceArgs(
            name=args.names.instances[key],
            place=args.place,
            workspace_name=args.workspace_name,
            tenant_id=args.deployer.tenant_id,
            settings=args.settings.compute_instances[key],
            schedules=args.settings.compute_schedules,
            is_private=_is_private(args.settings),
        ),
    )


def _is_private(settings: Settings) -> bool:
    return settings.network.access == "private"
