"""Azure's built-in roles that a stack can assign by name."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).parent / "components" / "roles.toml"


@cache
def role_ids() -> Mapping[str, str]:
    """Name to id, which is the same in every tenant: the content of `components/roles.toml`."""
    return tomllib.loads(_TABLE.read_text(encoding="utf-8"))
