"""The compute cluster: no node while nothing runs, and an identity with no more rights than jobs need.

The identity is the cluster's own rather than the workspace's, which may change the resources it is tied to: code of
a job can act as the cluster's identity. One that the settings name instead has its rights already.
"""

from dataclasses import dataclass

import pulumi
import pulumi_azure_native as azure_native

from infra.components.compute_network import public_address, subnet
from infra.components.resource_group import Place
from infra.components.role_assignment import Grant, assign
from infra.settings.compute import ComputeClusterSettings


@dataclass(frozen=True)
class ComputeClusterArgs:
    """The cluster's name, its workspace, what its jobs may reach, its settings, and whether nodes have no address."""

    name: str
    place: Place
    workspace_name: pulumi.Output[str]
    subscription_id: str
    storage_id: pulumi.Output[str]
    container_registry_id: pulumi.Output[str]
    settings: ComputeClusterSettings
    is_private: bool = False
    data_storage_id: pulumi.Output[str] | None = None


class ComputeCluster(pulumi.ComponentResource):
    """A cluster of virtual machines that scales to zero."""

    def __init__(self, name: str, args: ComputeClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlws:infra:ComputeCluster", name, None, opts)
        cluster = azure_native.machinelearningservices.Compute(
            name,
            compute_name=args.name,
            workspace_name=args.workspace_name,
            resource_group_name=args.place.resource_group,
            location=args.place.region,
            identity=_identity(args.settings.identity_id),
            properties=_properties(args.settings, is_private=args.is_private),
            opts=pulumi.ResourceOptions(parent=self),
        )
        if args.settings.identity_id is None:
            self._give_rights(name, args, cluster.identity.apply(_principal_id))
        self.name = cluster.name
        self.register_outputs({"name": self.name})

    def _give_rights(self, name: str, args: ComputeClusterArgs, principal_id: pulumi.Output[str]) -> None:
        grants = {
            "blobs": Grant("Storage Blob Data Contributor", args.storage_id, "Jobs read data and write outputs."),
            "registry": Grant("AcrPull", args.container_registry_id, "Nodes pull the images of environments."),
        }
        if args.data_storage_id is not None:
            grants["data"] = Grant("Storage Blob Data Contributor", args.data_storage_id, "Jobs read and write data.")
        for key, grant in grants.items():
            assign(f"{name}-{key}", grant, principal_id, args.subscription_id, parent=self)


def _identity(given: str | None) -> azure_native.machinelearningservices.ManagedServiceIdentityArgs:
    types = azure_native.machinelearningservices.ManagedServiceIdentityType
    return azure_native.machinelearningservices.ManagedServiceIdentityArgs(
        type=types.USER_ASSIGNED if given else types.SYSTEM_ASSIGNED,
        user_assigned_identities=[given] if given else None,
    )


def _principal_id(identity: azure_native.machinelearningservices.outputs.ManagedServiceIdentityResponse | None) -> str:
    assert identity is not None, "the cluster was asked for with an identity"
    return identity.principal_id


def _properties(
    settings: ComputeClusterSettings, *, is_private: bool
) -> azure_native.machinelearningservices.AmlComputeArgs:
    priorities = azure_native.machinelearningservices.VmPriority
    return azure_native.machinelearningservices.AmlComputeArgs(
        compute_type="AmlCompute",
        disable_local_auth=True,
        properties=azure_native.machinelearningservices.AmlComputePropertiesArgs(
            vm_size=settings.vm_size,
            vm_priority=priorities.LOW_PRIORITY if settings.priority == "low" else priorities.DEDICATED,
            os_type=azure_native.machinelearningservices.OsType.LINUX,
            remote_login_port_public_access=azure_native.machinelearningservices.RemoteLoginPortPublicAccess.DISABLED,
            subnet=subnet(settings.subnet_id),
            enable_node_public_ip=public_address(settings.subnet_id, is_private=is_private),
            scale_settings=azure_native.machinelearningservices.ScaleSettingsArgs(
                min_node_count=0,
                max_node_count=settings.max_nodes,
                node_idle_time_before_scale_down=f"PT{settings.idle_seconds}S",
            ),
        ),
    )
