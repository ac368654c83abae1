"""Every role that a stack assigns to people and applications, from their roles and from what is granted singly."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

from infra.azure_roles import role_ids, vault_permissions
from infra.settings.access import RoleGrant, WorkspaceRole
from infra.settings.key_vault import Principal, PrincipalType

_PRINCIPALS, _ACCESS, _ROLES = "mlws:principals", "mlws:access", "mlws:workspaceRoles"


@dataclass(frozen=True)
class PlannedGrant:
    """A role for a principal on a part of the stack.

    `label` tells it from the others, `setting` is where it is stated. `role` is a name in `roles.toml`, a role of the
    stack's own, or the UUID of any other.
    """

    label: str
    setting: str
    object_id: UUID
    type: PrincipalType
    role: str
    on: str
    why: str

    @property
    def meaning(self) -> tuple[str, str, str]:
        """What Azure takes for the same, whoever states it."""
        return str(self.object_id), role_ids().get(self.role, self.role).lower(), self.on


def planned_grants(
    principals: Mapping[str, Principal],
    access: Mapping[str, RoleGrant],
    roles: Mapping[str, WorkspaceRole],
    vault_access: Literal["policies", "roles"],
) -> list[PlannedGrant]:
    """All but those of `principals` on the vault, which come with it; each once.

    Raises `ValueError`, with a sentence that begins with the key, for the first mistake.
    """
    grants = list(_of_roles(principals))
    with_the_vault = _on_the_vault(principals) if vault_access == "roles" else []
    seen = {grant.meaning: grant for grant in [*grants, *with_the_vault]}
    for name, one in access.items():
        grant = _single(name, one, principals, roles)
        first = seen.setdefault(grant.meaning, grant)
        if first is not grant:
            raise ValueError(f"{grant.setting}: {first.setting} gives the same role already; leave it out")
        grants.append(grant)
    return grants


def _of_roles(principals: Mapping[str, Principal]) -> Iterator[PlannedGrant]:
    for name, principal in principals.items():
        about = role_grants()[principal.role]
        for scope, azure_roles in about.items():
            if scope != "why":
                yield from (
                    PlannedGrant(
                        label=f"{name}-{scope}-{azure_role.lower().replace(' ', '-')}",
                        setting=f"{_PRINCIPALS}.{name}",
                        object_id=principal.object_id,
                        type=principal.type,
                        role=azure_role,
                        on=scope,
                        why=about["why"],
                    )
                    for azure_role in azure_roles
                )


def _on_the_vault(principals: Mapping[str, Principal]) -> list[PlannedGrant]:
    return [
        PlannedGrant(
            label=name,
            setting=f"{_PRINCIPALS}.{name}",
            object_id=principal.object_id,
            type=principal.type,
            role=str(vault_permissions()[principal.role]["role"]),
            on="key-vault",
            why=str(vault_permissions()[principal.role]["why"]),
        )
        for name, principal in principals.items()
    ]


def _single(
    name: str, grant: RoleGrant, principals: Mapping[str, Principal], roles: Mapping[str, WorkspaceRole]
) -> PlannedGrant:
    setting = f"{_ACCESS}.{name}"
    _check_role(setting, grant.role, roles)
    object_id, kind = grant.object_id, grant.type
    if grant.principal is not None:
        if grant.principal not in principals:
            raise ValueError(f"{setting}.principal: {_no_such(grant.principal, principals, _PRINCIPALS)}")
        object_id, kind = principals[grant.principal].object_id, principals[grant.principal].type
    assert object_id is not None, "a grant has a principal or an object id"
    assert kind is not None, "and an object id has a type beside it"
    return PlannedGrant(name, setting, object_id, kind, grant.role, grant.scope, f"Granted by {setting}.")


def _check_role(setting: str, role: str, own: Mapping[str, WorkspaceRole]) -> None:
    known = [*role_ids(), *own]
    if role in known or _is_uuid(role):
        return
    near = get_close_matches(role.lower(), {one.lower(): one for one in known}, n=1)
    instead = f"did you mean '{next(one for one in known if one.lower() == near[0])}'?" if near else "write its UUID"
    raise ValueError(f"{setting}.role: '{role}' is not a role that is known here; {instead}")


def _no_such(name: str, known: Mapping[str, Any], section: str) -> str:
    near = get_close_matches(name, known, n=1)
    return f"there is no '{name}' in {section}; " + (f"did you mean '{near[0]}'?" if near else "write it there too")


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False


@cache
def role_grants() -> Mapping[str, Mapping[str, Any]]:
    """What each role of `mlws:principals` may do beside the Key Vault: the content of `role_grants.toml`."""
    return tomllib.loads(Path(__file__).with_name("role_grants.toml").read_text(encoding="utf-8"))
