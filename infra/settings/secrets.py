"""The secrets that a stack declares: kept in the Key Vault by name, and encrypted wherever Pulumi writes their values.

No sentence here repeats a value.
"""

import json
import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import SecretStr, WithJsonSchema

from infra.errors import SettingsError
from naming import rule_for

SECRETS = "mlws:secrets"
STORAGE_KEY_SECRET = "storage-account-key"  # noqa: S105 - the name of the secret

_IN_A_FILE = {"type": "object", "required": ["secure"], "properties": {"secure": {}}, "additionalProperties": False}

Secrets = dict[str, Annotated[SecretStr | None, WithJsonSchema(_IN_A_FILE)]]
"""Values by name; None where the value is encrypted, as in a stack file."""

# https://learn.microsoft.com/azure/key-vault/secrets/about-secrets
_MOST_BYTES = 25_000
_ENCRYPTED = {"secure"}


def is_encrypted(value: object) -> bool:
    """Whether this is what Pulumi writes into a stack file for an encrypted value."""
    return isinstance(value, Mapping) and value.keys() == _ENCRYPTED


def declared_secrets(value: object, source: str, *, encrypted: bool) -> Secrets:
    """The secrets below `mlws:secrets`: those of a stack file, or text from the engine, which has decrypted them.

    `encrypted` says whether the engine knows the key for one of its secrets. Raises `SettingsError`.
    """
    if is_encrypted(value):
        raise SettingsError(
            f"{source}: {SECRETS} is encrypted as a whole; take it out and {_set_it('<name>')} for each"
        )
    from_engine = isinstance(value, str)
    given = _read(value) if from_engine else value
    if not isinstance(given, Mapping):
        raise SettingsError(f"{source}: {SECRETS} is not a mapping of names to secrets; {_set_it('<name>')} for each")
    _check_names(given, source)
    if from_engine and encrypted:
        return {str(name): _checked(name, one, source) for name, one in given.items()}
    for name, one in given.items():
        if from_engine or not is_encrypted(one):
            raise SettingsError(
                f"{source}: {SECRETS}.{name} is there in clear; take it out, {_set_it(str(name))} with a new value, and"
                " let the old one be valid nowhere"
            )
    return dict.fromkeys(map(str, given))


def _read(text: object) -> object:
    try:
        return json.loads(str(text))
    except json.JSONDecodeError:
        return None


def _check_names(given: Mapping[Any, object], source: str) -> None:
    seen: dict[str, str] = {STORAGE_KEY_SECRET: ""}
    for name in map(str, given):
        violations = rule_for("Microsoft.KeyVault/vaults/secrets").violations(name)
        if violations:
            near = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")
            meant = f"; did you mean '{near}'?" if near else "; write letters, digits and hyphens"
            raise SettingsError(f"{source}: {SECRETS}.{name}: {violations[0].message.rstrip('.')}{meant}")
        first = seen.setdefault(name.lower(), name)
        if not first:
            raise SettingsError(f"{source}: {SECRETS}.{name} is the secret of the stack's own; give yours another name")
        if first != name:
            raise SettingsError(f"{source}: {SECRETS}.{name} and '{first}' are one name to Azure; give each name once")


def _checked(name: object, value: object, source: str) -> SecretStr:
    if isinstance(value, Mapping | list) or value is None or value == "":
        raise SettingsError(f"{source}: {SECRETS}.{name} is not a text with characters; {_set_it(str(name))}")
    text = value if isinstance(value, str) else json.dumps(value)
    size = len(text.encode())
    if size > _MOST_BYTES:
        raise SettingsError(
            f"{source}: {SECRETS}.{name} has {size} bytes, and a Key Vault takes {_MOST_BYTES}; keep it in a container"
        )
    return SecretStr(text)


def _set_it(name: str) -> str:
    return f"run `pulumi config set --secret --path {SECRETS}.{name}`"
