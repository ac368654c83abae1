"""Brings a workspace's datastores to what `datastores.yaml` asks for, writing only what differs.

Azure ML does not give a stored key back (it answers with a signature made from it), so a datastore carries a
tag with the name and version of the Key Vault secret that its credential came from: a rotated secret is a new
version, and shows as a difference.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from workspace_jobs.connection import Secret, Workspace
from workspace_jobs.datastores.definitions import (
    AccountKey,
    Definition,
    SasToken,
    ServicePrincipal,
    read_definitions,
)
from workspace_jobs.errors import JobsError

if TYPE_CHECKING:
    from azure.ai.ml.entities import Datastore

Change = Literal["created", "updated", "unchanged"]

ORIGIN_TAG = "credential-secret"
CONTAINER_ATTRIBUTES = ("container_name", "filesystem", "file_share_name")


@dataclass(frozen=True)
class Registered:
    """What became of one datastore of the file."""

    name: str
    type: str
    account: str
    container: str
    change: Change


@dataclass(frozen=True)
class Listed:
    """A datastore that a workspace has; `account` and `container` are empty for kinds that have none."""

    name: str
    type: str
    account: str
    container: str
    credentials: str
    default: bool


def register_datastores(workspace: Workspace, file: Path) -> tuple[Registered, ...]:
    """Register every datastore of the file, and say what changed.

    The file, its names and its secrets are checked before the first datastore is written. Raises JobsError.
    """
    # Read twice: a file that is wrong in itself is refused before the first request.
    definitions = read_definitions(file)
    if any("$" in f"{definition.account}{definition.container}" for definition in definitions):
        definitions = read_definitions(file, _placeholders(workspace))
    secrets = _read_secrets(workspace, definitions, file)
    wanted = [_datastore(definition, workspace, secrets) for definition in definitions]
    return tuple(_write(workspace, datastore) for datastore in wanted)


def list_datastores(workspace: Workspace) -> tuple[Listed, ...]:
    """Return the workspace's datastores by name, its default one marked."""
    client = workspace.ml_client
    with workspace.errors(f"list the datastores of workspace `{workspace.name}`"):
        found = list(client.datastores.list())
        default = _default_name(workspace)
    return tuple(
        Listed(
            name=str(datastore.name),
            type=_snake(datastore.type),
            account=str(getattr(datastore, "account_name", "") or ""),
            container=_container(datastore),
            credentials=_credentials_kind(datastore),
            default=datastore.name == default,
        )
        for datastore in sorted(found, key=lambda datastore: str(datastore.name))
    )


def _credentials_kind(datastore: "Datastore") -> str:
    """Say how the datastore is opened; Azure's "none" stored is what the file calls identity."""
    kind = _snake(getattr(datastore.credentials, "type", "none"))
    return "identity" if kind == "none" else kind


def _default_name(workspace: Workspace) -> str | None:
    try:
        return str(workspace.ml_client.datastores.get_default().name)
    except StopIteration:
        # The SDK's way of saying that there is none.
        return None


def _placeholders(workspace: Workspace) -> Mapping[str, str]:
    return {
        "storage_account": workspace.storage_account,
        "workspace_name": workspace.name,
        "resource_group": workspace.config.resource_group,
    }


def _read_secrets(workspace: Workspace, definitions: Sequence[Definition], file: Path) -> Mapping[str, Secret]:
    secrets: dict[str, Secret] = {}
    for definition in definitions:
        if definition.secret is None or definition.secret in secrets:
            continue
        try:
            secrets[definition.secret] = workspace.secret(definition.secret)
        except JobsError as error:
            raise type(error)(f"{file}: datastore `{definition.name}`: {error}") from error
    return secrets


def _datastore(definition: Definition, workspace: Workspace, secrets: Mapping[str, Secret]) -> "Datastore":
    from azure.ai.ml import entities

    secret = secrets[definition.secret] if definition.secret else None
    shared: dict[str, Any] = {
        "name": definition.name,
        "account_name": definition.account or workspace.storage_account,
        "description": definition.description or None,
        "tags": {ORIGIN_TAG: f"{secret.name}/{secret.version}"} if secret else {},
        "credentials": _sdk_credentials(definition, secret),
    }
    if definition.type == "azure_blob":
        return entities.AzureBlobDatastore(container_name=definition.container, **shared)
    if definition.type == "azure_data_lake_gen2":
        return entities.AzureDataLakeGen2Datastore(filesystem=definition.container, **shared)
    return entities.AzureFileDatastore(file_share_name=definition.container, **shared)


def _sdk_credentials(definition: Definition, secret: Secret | None) -> Any:  # noqa: ANN401 - the SDK's types share no base
    from azure.ai.ml import entities

    if secret is None:
        return None
    match definition.credentials:
        case AccountKey():
            return entities.AccountKeyConfiguration(account_key=secret.value)
        case SasToken():
            return entities.SasTokenConfiguration(sas_token=secret.value)
        case ServicePrincipal(tenant_id, client_id):
            return entities.ServicePrincipalConfiguration(
                tenant_id=tenant_id, client_id=client_id, client_secret=secret.value
            )
    return None


def _write(workspace: Workspace, wanted: "Datastore") -> Registered:
    from azure.core.exceptions import ResourceNotFoundError

    client = workspace.ml_client
    name = str(wanted.name)
    with workspace.errors(f"register datastore `{name}`"):
        try:
            present = client.datastores.get(name)
        except ResourceNotFoundError:
            change: Change = "created"
        else:
            change = "unchanged" if _state(present) == _state(wanted) else "updated"
        if change != "unchanged":
            client.datastores.create_or_update(wanted)
    return Registered(name, _snake(wanted.type), str(getattr(wanted, "account_name", "")), _container(wanted), change)


def _state(datastore: "Datastore") -> dict[str, object]:
    """What of a datastore counts as a difference, credentials by kind and origin and not by value."""
    credentials = datastore.credentials
    return {
        "type": _snake(datastore.type),
        "account": getattr(datastore, "account_name", None),
        "container": _container(datastore),
        "endpoint": getattr(datastore, "endpoint", None),
        "protocol": getattr(datastore, "protocol", None),
        "description": datastore.description or None,
        "secret": (datastore.tags or {}).get(ORIGIN_TAG),
        "credentials": _snake(getattr(credentials, "type", "none")),
        "tenant_id": getattr(credentials, "tenant_id", None),
        "client_id": getattr(credentials, "client_id", None),
    }


def _container(datastore: "Datastore") -> str:
    return next((str(value) for name in CONTAINER_ATTRIBUTES if (value := getattr(datastore, name, None))), "")


def _snake(value: object) -> str:
    """Spell Azure's kinds as its YAML does: AzureBlob, "azure_blob" and the enum are one."""
    text = str(getattr(value, "value", value))
    return "".join(f"_{c.lower()}" if c.isupper() and i else c.lower() for i, c in enumerate(text))
