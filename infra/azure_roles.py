"""Azure's built-in roles that a stack can assign by name, and those that go with its own in the Key Vault."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_TABLES = Path(__file__).parent / "components"


@cache
def role_ids() -> Mapping[str, str]:
    """Name to id, which is the same in every tenant: the content of `components/roles.toml`."""
    return tomllib.loads((_TABLES / "roles.toml").read_text(encoding="utf-8"))


@cache
def vault_permissions() -> Mapping[str, Mapping[str, list[str] | str]]:
    """What each role of ours may do in the vault, by kind of object, and the built-in role that goes with it."""
    return tomllib.loads((_TABLES / "vault_permissions.toml").read_text(encoding="utf-8"))
