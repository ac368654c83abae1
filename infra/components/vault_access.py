"""Who may do what with what a Key Vault holds: as policies of the vault, or as roles that Azure assigns on it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pulumi
import pulumi_azure_native as azure_native
from pulumi_azure_native.authorization import PrincipalType

from infra.azure_roles import vault_permissions
from infra.components.role_assignment import Grant, assign
from infra.settings.key_vault import Principal

_KINDS = ("secrets", "keys", "certificates")


@dataclass(frozen=True)
class Holder:
    """A principal with a role of ours in the vault, by a name of its own."""

    name: str
    object_id: pulumi.Input[str]
    role: str
    type: PrincipalType


def named_holders(principals: Mapping[str, Principal]) -> list[Holder]:
    """The principals of the stack file, in an order of their own: Azure compares lists."""
    return [
        Holder(f"principal-{name}", str(one.object_id), one.role, PrincipalType(one.type[:1].upper() + one.type[1:]))
        for name, one in sorted(principals.items(), key=lambda item: str(item[1].object_id))
    ]


def policies(holders: Iterable[Holder], tenant_id: str) -> list[azure_native.keyvault.AccessPolicyEntryArgs]:
    """One policy a principal, with all that its roles allow; those whose id is not known yet come last."""
    roles: dict[str, set[str]] = {}
    later: list[tuple[pulumi.Input[str], set[str]]] = []
    for holder in holders:
        if isinstance(holder.object_id, str):
            roles.setdefault(holder.object_id.lower(), set()).add(holder.role)
        else:
            later.append((holder.object_id, {holder.role}))
    known: list[tuple[pulumi.Input[str], set[str]]] = sorted(roles.items())
    return [
        azure_native.keyvault.AccessPolicyEntryArgs(
            tenant_id=tenant_id, object_id=object_id, permissions=_permissions(of)
        )
        for object_id, of in [*known, *later]
    ]


def assign_roles(
    name: str,
    holders: Iterable[Holder],
    vault_id: pulumi.Output[str],
    subscription_id: str,
    parent: pulumi.Resource,
) -> list[azure_native.authorization.RoleAssignment]:
    """Give each holder the built-in role of Azure's that goes with its own."""
    return [
        assign(
            f"{name}-{holder.name}",
            Grant(_built_in_role(holder), vault_id, str(vault_permissions()[holder.role]["why"]), holder.type),
            pulumi.Output.from_input(holder.object_id),
            subscription_id,
            parent=parent,
        )
        for holder in _once(holders)
    ]


def _once(holders: Iterable[Holder]) -> Iterator[Holder]:
    """Azure assigns a role once to a principal: the deployer may be in the stack file too."""
    seen: set[tuple[str, str]] = set()
    for holder in holders:
        held = (holder.object_id.lower() if isinstance(holder.object_id, str) else "", _built_in_role(holder))
        if not held[0] or held not in seen:
            seen.add(held)
            yield holder


def _built_in_role(holder: Holder) -> str:
    return str(vault_permissions()[holder.role]["role"])


def _permissions(roles: Iterable[str]) -> azure_native.keyvault.PermissionsArgs:
    table = vault_permissions()
    granted = {kind: sorted({action for role in roles for action in table[role].get(kind, [])}) for kind in _KINDS}
    return azure_native.keyvault.PermissionsArgs(
        secrets=granted["secrets"], keys=granted["keys"], certificates=granted["certificates"]
    )
