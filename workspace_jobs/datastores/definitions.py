"""Reads `datastores.yaml` into definitions; refuses what Azure would refuse and what holds a credential."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Literal, cast, get_args

import yaml

from workspace_jobs.errors import JobsError, nearest
from workspace_jobs.names import BLOB_CONTAINER, DATASTORE, FILE_SHARE, STORAGE_ACCOUNT, check_name

StoreType = Literal["azure_blob", "azure_data_lake_gen2", "azure_file"]

KEYS = ("name", "type", "container", "account", "description", "credentials")
REQUIRED = ("name", "type", "container", "credentials")
SERVICE_PRINCIPAL_KEYS = ("tenant_id", "client_id", "client_secret_secret")
CREDENTIAL_KEYS = ("account_key_secret", "sas_token_secret", *SERVICE_PRINCIPAL_KEYS)
PLACEHOLDERS = ("storage_account", "workspace_name", "resource_group")
# Azure ML makes these with the workspace, and keeps jobs, code and notebooks in them.
SYSTEM_DATASTORES = ("workspaceartifactstore", "workspaceblobstore", "workspacefilestore", "workspaceworkingdirectory")
SECRET_NAME = re.compile(r"[0-9A-Za-z-]{1,127}")
# Storage keys (base64 of 64 or 32 bytes), shared access signatures, connection strings, Entra client secrets.
CREDENTIAL = re.compile(
    r"[A-Za-z0-9+/]{86}==|[A-Za-z0-9+/]{43}=(?![A-Za-z0-9])|\bsig=|AccountKey=|SharedAccessSignature=|\dQ~[\w.~-]{30,}"
)


@dataclass(frozen=True)
class Identity:
    """No stored credential: Azure ML passes on the identity of who reads."""


@dataclass(frozen=True)
class AccountKey:
    """The storage account's key, in a Key Vault secret."""

    secret: str


@dataclass(frozen=True)
class SasToken:
    """A shared access signature, in a Key Vault secret."""

    secret: str


@dataclass(frozen=True)
class ServicePrincipal:
    """An Entra application whose client secret is in a Key Vault secret."""

    tenant_id: str
    client_id: str
    secret: str


Credentials = Identity | AccountKey | SasToken | ServicePrincipal

CONTAINER_KINDS: Mapping[StoreType, str] = {
    "azure_blob": BLOB_CONTAINER,
    "azure_data_lake_gen2": BLOB_CONTAINER,
    "azure_file": FILE_SHARE,
}
# What Azure ML takes for each type.
ACCEPTED: Mapping[StoreType, tuple[type[Credentials], ...]] = {
    "azure_blob": (Identity, AccountKey, SasToken),
    "azure_data_lake_gen2": (Identity, ServicePrincipal),
    "azure_file": (AccountKey, SasToken),
}
SPELLING: Mapping[type[Credentials], str] = {
    Identity: "`identity`",
    AccountKey: "`{account_key_secret: ...}`",
    SasToken: "`{sas_token_secret: ...}`",
    ServicePrincipal: "`{tenant_id: ..., client_id: ..., client_secret_secret: ...}`",
}


@dataclass(frozen=True)
class Definition:
    """A datastore as the file asks for it; `account` is None for the workspace's own storage account."""

    name: str
    type: StoreType
    container: str
    account: str | None
    description: str
    credentials: Credentials

    @property
    def secret(self) -> str | None:
        """The Key Vault secret that the credential is in, if it is in one."""
        return None if isinstance(self.credentials, Identity) else self.credentials.secret


def read_definitions(path: Path, placeholders: Mapping[str, str] | None = None) -> tuple[Definition, ...]:
    """Read and check every datastore of the file.

    `placeholders` gives the values of PLACEHOLDERS; without them `${...}` stays as it is written.
    Raises JobsError at the first thing that is wrong.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise JobsError(f"{path} cannot be read ({error.strerror}): name a datastores file with --file") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise JobsError(f"{path} is not YAML ({' '.join(str(error).split())}): mend it") from error
    return parse_definitions(content, str(path), placeholders)


def parse_definitions(
    content: object, file: str, placeholders: Mapping[str, str] | None = None
) -> tuple[Definition, ...]:
    """Check the parsed content of a datastores file; `file` is what errors call it."""
    top = _mapping(content, file, "write a `datastores:` list")
    _check_keys(top, ("datastores",), file)
    entries = top.get("datastores")
    if not isinstance(entries, list) or not entries:
        raise JobsError(
            f"{file}: `datastores` is not a list with entries: write `datastores:` and `- name: ...` under it"
        )
    definitions = tuple(
        _definition(entry, f"{file}: datastore {n}", placeholders) for n, entry in enumerate(entries, 1)
    )
    _check_distinct(definitions, file)
    return definitions


def _definition(entry: object, where: str, placeholders: Mapping[str, str] | None) -> Definition:
    values = _mapping(entry, where, f"write the keys {', '.join(KEYS)}")
    if isinstance(values.get("name"), str):
        where = f"{where} (`{values['name']}`)"
    _refuse_credentials(values, where)
    _check_keys(values, KEYS, where)
    missing = [key for key in REQUIRED if key not in values]
    if missing:
        raise JobsError(f"{where} has no `{missing[0]}`: add it")
    name = _text(values, "name", where)
    check_name(DATASTORE, name, where)
    if name in SYSTEM_DATASTORES:
        raise JobsError(f"{where}: Azure ML keeps the workspace's own files in `{name}`: choose another name")
    store_type = _store_type(_text(values, "type", where), where)
    return Definition(
        name=name,
        type=store_type,
        container=_filled(values, "container", CONTAINER_KINDS[store_type], where, placeholders),
        account=_filled(values, "account", STORAGE_ACCOUNT, where, placeholders) if "account" in values else None,
        description=_text(values, "description", where) if "description" in values else "",
        credentials=_credentials(values["credentials"], store_type, where),
    )


def _store_type(value: str, where: str) -> StoreType:
    types = get_args(StoreType)
    if value not in types:
        raise JobsError(f"{where}: unknown type `{value}`: {nearest(value, types)}")
    return cast("StoreType", value)


def _credentials(value: object, store_type: StoreType, where: str) -> Credentials:
    credentials = Identity() if value == "identity" else _secret_credentials(value, where)
    accepted = ACCEPTED[store_type]
    if type(credentials) not in accepted:
        raise JobsError(
            f"{where}: Azure ML takes no such credentials for {store_type}: "
            f"write {' or '.join(SPELLING[kind] for kind in accepted)}"
        )
    return credentials


def _secret_credentials(value: object, where: str) -> Credentials:
    where = f"{where}: credentials"
    values = _mapping(value, where, f"write {', '.join(SPELLING.values())}")
    _check_keys(values, CREDENTIAL_KEYS, where)
    match sorted(values):
        case ["account_key_secret"]:
            return AccountKey(_secret_name(values, "account_key_secret", where))
        case ["sas_token_secret"]:
            return SasToken(_secret_name(values, "sas_token_secret", where))
        case keys if keys == sorted(SERVICE_PRINCIPAL_KEYS):
            tenant_id, client_id = _text(values, "tenant_id", where), _text(values, "client_id", where)
            return ServicePrincipal(tenant_id, client_id, _secret_name(values, "client_secret_secret", where))
    raise JobsError(f"{where} do not go together: write {', '.join(SPELLING.values())}")


def _secret_name(values: Mapping[str, object], key: str, where: str) -> str:
    name = _text(values, key, where)
    if not SECRET_NAME.fullmatch(name):
        raise JobsError(
            f"{where}: the value of `{key}` cannot be the name of a Key Vault secret: "
            "write 1 to 127 letters, digits and hyphens"
        )
    return name


def _refuse_credentials(value: object, where: str) -> None:
    """Refuse a value that looks like a credential, without repeating it."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            _refuse_credentials(inner, f"{where}: `{key}`")
    elif isinstance(value, str) and CREDENTIAL.search(value):
        raise JobsError(
            f"{where} looks like a credential: put it into a Key Vault secret, write the secret's name here, "
            "and renew the credential if this file has been shared"
        )


def _filled(
    values: Mapping[str, object], key: str, resource_type: str, where: str, placeholders: Mapping[str, str] | None
) -> str:
    """Return the name under `key` with its placeholders replaced, once Azure would accept it."""
    value = _text(values, key, where)
    template = Template(value)
    if not template.is_valid():
        raise JobsError(f"{where}: `{key}` is `{value}`: write a placeholder as ${{storage_account}}")
    for name in template.get_identifiers():
        if name not in PLACEHOLDERS:
            raise JobsError(f"{where}: unknown placeholder `${{{name}}}` in `{key}`: {nearest(name, PLACEHOLDERS)}")
    filled = template.substitute(placeholders) if placeholders is not None else value
    # A $ that is left is a placeholder still to be filled, or Azure's own container (`$$web` means $web).
    if "$" not in filled:
        check_name(resource_type, filled, f"{where}: `{key}`")
    return filled


def _check_keys(values: Mapping[str, object], known: tuple[str, ...], where: str) -> None:
    for key in values:
        if key not in known:
            raise JobsError(f"{where}: unknown key `{key}`: {nearest(str(key), known)}")


def _check_distinct(definitions: tuple[Definition, ...], file: str) -> None:
    seen: set[str] = set()
    for definition in definitions:
        if definition.name in seen:
            raise JobsError(f"{file}: two datastores are named `{definition.name}`: rename one")
        seen.add(definition.name)


def _mapping(value: object, where: str, instead: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise JobsError(f"{where}: expected keys and values: {instead}")
    return value


def _text(values: Mapping[str, object], key: str, where: str) -> str:
    value = values.get(key)
    if not isinstance(value, str) or not value.strip():
        raise JobsError(f"{where}: `{key}` is not a text: write one, in quotes where it is all digits")
    return value
