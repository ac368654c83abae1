"""Keeps what cannot be made again: Pulumi refuses to delete or replace it, and Azure refuses whoever else tries.

Neither resource group nor workspace is locked: a lock there keeps compute clusters from scaling down, see
https://learn.microsoft.com/azure/machine-learning/how-to-create-attach-compute-cluster#limitations.
"""

from collections.abc import Callable, Mapping, Sequence

import pulumi
import pulumi_azure_native as azure_native

from infra.guards.stateful import kinds, stateful
from infra.settings.protection import ProtectionSettings

_LOCK = "keep"


def protect_what_holds_state(settings: ProtectionSettings) -> None:
    """Protect every stateful resource created from now on, but those that the stack file lets go; these are told."""
    for kind in kinds().values():
        if kind.name in settings.allow_replacing:
            pulumi.log.warn(
                f"mlws:protection.allowReplacing has '{kind.name}': should this update delete or replace it, gone is"
                f" {kind.lost}; take the name out again afterwards"
            )
    if settings.protect:
        pulumi.runtime.register_stack_transformation(_protector(frozenset(settings.allow_replacing)))


class Locks(pulumi.ComponentResource):
    """A lock against deletion on each of the resources, where the stack has locks."""

    def __init__(
        self,
        name: str,
        resource_ids: Mapping[str, pulumi.Output[str]],
        settings: ProtectionSettings,
        everything: Sequence[pulumi.Resource],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Made after `everything`, and so the first to go: a lock also holds what is in the locked resource."""
        super().__init__("mlws:infra:Locks", name, None, opts)
        for key, resource_id in resource_ids.items() if settings.locks else ():
            azure_native.authorization.ManagementLockByScope(
                f"{name}-{key}",
                lock_name=_LOCK,
                scope=resource_id,
                level=azure_native.authorization.LockLevel.CAN_NOT_DELETE,
                notes="Holds what cannot be made again. Set by mlws: see mlws:protection in the stack file.",
                opts=pulumi.ResourceOptions(parent=self, depends_on=list(everything)),
            )
        self.register_outputs({})


def _protector(
    may_go: frozenset[str],
) -> Callable[[pulumi.ResourceTransformationArgs], pulumi.ResourceTransformationResult | None]:
    def protect(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        kind = stateful(args.type_, args.name)
        if kind is None or kind.name in may_go:
            return None
        protected = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(protect=True))
        return pulumi.ResourceTransformationResult(args.props, protected)

    return protect
