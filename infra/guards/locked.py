"""Refuses an update that Azure would stop half-way, at a lock of ours: it holds what is in the locked resource, too.

What goes is known once the program has registered all that stays, and nothing is deleted before the program has ended.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pulumi

from infra.errors import InfraError
from infra.guards.present import Key, Present, keys, present
from infra.settings.protection import ProtectionSettings

_LOCK = "azure-native:authorization:ManagementLockByScope"
_ASSIGNMENT = "azure-native:authorization:RoleAssignment"
# What these are on, or in, is locked: the workspace's own diagnostic setting goes with the others.
_INSIDE = (
    "azure-native:monitor:DiagnosticSetting",
    "azure-native:storage:BlobContainer",
    "azure-native:storage:ManagementPolicy",
)
_LOCKED = (
    "microsoft.storage/storageaccounts/",
    "microsoft.keyvault/vaults/",
    "microsoft.containerregistry/registries/",
    "microsoft.operationalinsights/workspaces/",
)


@contextmanager
def locks_respected(settings: ProtectionSettings) -> Iterator[None]:
    """Raise `InfraError` where what is registered within replaces, or leaves out, something that a lock holds."""
    there = present() if settings.locks or settings.allow_replacing else {}
    if not any(type_ == _LOCK for type_, _ in there):
        yield
        return
    if settings.allow_replacing:
        # What is replaced goes in the middle of the update, and locks that nobody wants any more at its end.
        raise InfraError(
            "mlws:protection.allowReplacing: the locks must be gone before, for one would stop the replacement"
            " half-way; leave `allowReplacing` out and run `pulumi up` with `locks: false` first"
        )
    leaving = dict(there)

    def see(args: pulumi.ResourceTransformationArgs) -> None:
        for key in keys(args.type_, args.name):
            leaving.pop(key, None)

    pulumi.runtime.register_stack_transformation(see)
    yield
    _refuse(leaving)


def _refuse(leaving: Mapping[Key, Present]) -> None:
    held = sorted(one.name for one in leaving.values() if _is_held(one))
    if held:
        more = f" and {len(held) - 1} more" if len(held) > 1 else ""
        raise InfraError(
            f"mlws:protection.locks: this update would delete '{held[0]}'{more}, which a lock of Azure's holds; write"
            " `mlws:protection: {locks: false}` into the stack file for this update, and take it out again afterwards"
        )


def _is_held(one: Present) -> bool:
    scope = str(one.outputs.get("scope") or "").lower()
    return one.type in _INSIDE or (one.type == _ASSIGNMENT and any(locked in f"{scope}/" for locked in _LOCKED))
