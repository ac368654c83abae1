"""The connection to one Azure ML workspace: its ARM client, its Key Vault secrets and its MLflow tracking.

Everything is opened on first use, since each of the three costs seconds of imports.
"""

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from workspace_jobs.azure_errors import UNREACHABLE, azure_errors
from workspace_jobs.config_file import WorkspaceConfig, load_config
from workspace_jobs.errors import JobsError, ServiceError
from workspace_jobs.quiet import make_quiet, make_uploads_quiet

if TYPE_CHECKING:
    from azure.ai.ml import MLClient
    from azure.ai.ml.entities import Workspace as WorkspaceResource
    from azure.identity import DefaultAzureCredential
    from azure.keyvault.secrets import SecretClient
    from mlflow import MlflowClient

# What Azure answers of a workspace that does not exist, or is not open to who asks.
NOT_THERE = (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND)


@dataclass(frozen=True)
class Secret:
    """A Key Vault secret: its value, and the version that tells one value from the next."""

    name: str
    version: str
    value: str

    def __repr__(self) -> str:
        return f"Secret(name={self.name!r}, version={self.version!r})"


class Workspace:
    """One workspace and the clients that speak to it, each opened when first asked for."""

    def __init__(self, config: WorkspaceConfig) -> None:
        self.config = config

    @property
    def name(self) -> str:
        """The workspace's name."""
        return self.config.workspace_name

    @cached_property
    def ml_client(self) -> "MLClient":
        """azure-ai-ml's client, scoped to this workspace."""
        make_quiet()
        _check_proxy()
        from azure.ai.ml import MLClient

        make_uploads_quiet()
        with azure_errors(f"connect to workspace `{self.name}`"):
            return MLClient(
                self._credential,
                self.config.subscription_id,
                self.config.resource_group,
                self.config.workspace_name,
                enable_telemetry=False,
                show_progress=sys.stderr.isatty(),
            )

    @cached_property
    def resource(self) -> "WorkspaceResource":
        """The workspace as Azure describes it. Raises JobsError where `config.json` names none."""
        client = self.ml_client
        with self._explained_by_config(), azure_errors(f"open workspace `{self.name}`"):
            found: WorkspaceResource = client.workspaces.get(self.name)
            return found

    @contextmanager
    def errors(self, doing: str) -> Iterator[None]:
        """Raise JobsError as `azure_errors` does, and where it is the workspace that is missing, say that."""
        try:
            with azure_errors(doing):
                yield
        except JobsError as error:
            if _status(error) in NOT_THERE and "resource" not in self.__dict__:
                self.resource  # noqa: B018 - raises the truer sentence, or shows that the workspace is there
            raise

    @property
    def storage_account(self) -> str:
        """The name of the workspace's own storage account."""
        return _last_segment(self.resource.storage_account, f"workspace `{self.name}` has no storage account")

    @cached_property
    def vault_url(self) -> str:
        """The address of the workspace's Key Vault."""
        vault = _last_segment(self.resource.key_vault, f"workspace `{self.name}` has no Key Vault")
        return f"https://{vault}.vault.azure.net"

    def secret(self, name: str) -> Secret:
        """Read a secret of the workspace's Key Vault. Raises JobsError where it does not exist."""
        from azure.core.exceptions import ResourceNotFoundError

        client = self._secret_client
        with azure_errors(f"read secret `{name}` of {self.vault_url}"):
            try:
                found = client.get_secret(name)
            except ResourceNotFoundError as error:
                raise JobsError(
                    f"Key Vault {self.vault_url} has no secret `{name}`: "
                    f"create it (`az keyvault secret set`) or name one that exists"
                ) from error
        return Secret(name, found.properties.version or "", found.value or "")

    @cached_property
    def tracking_uri(self) -> str:
        """The workspace's MLflow tracking address."""
        uri = self.resource.mlflow_tracking_uri
        if not uri:
            raise ServiceError(f"workspace `{self.name}` names no MLflow tracking address: try again when it is ready")
        return str(uri)

    @cached_property
    def mlflow(self) -> "MlflowClient":
        """MLflow's client on the workspace's tracking address."""
        uri = self.tracking_uri
        from mlflow import MlflowClient

        with azure_errors(f"open MLflow of workspace `{self.name}`"):
            return MlflowClient(tracking_uri=uri)

    @cached_property
    def _credential(self) -> "DefaultAzureCredential":
        from azure.identity import DefaultAzureCredential

        return DefaultAzureCredential()

    @cached_property
    def _secret_client(self) -> "SecretClient":
        from azure.keyvault.secrets import SecretClient

        return SecretClient(self.vault_url, self._credential)

    @contextmanager
    def _explained_by_config(self) -> Iterator[None]:
        """Say of a workspace that Azure does not find, or does not show, which file sent us there."""
        try:
            yield
        except JobsError as error:
            status = _status(error)
            if status not in NOT_THERE:
                raise
            verb = "does not exist in" if status == HTTPStatus.NOT_FOUND else "is not open to this credential in"
            raise JobsError(
                f"{self.config.path}: workspace `{self.name}` {verb} resource group "
                f"`{self.config.resource_group}` of subscription {self.config.subscription_id}: "
                "write the config.json of a workspace of yours (`pulumi stack output config_json`)"
            ) from error


def connect(config: Path | None = None) -> Workspace:
    """Return the workspace that `config`, else the nearest `config.json`, names; nothing is sent yet."""
    return Workspace(load_config(config))


def _check_proxy() -> None:
    """Fail at once where nobody listens at HTTPS_PROXY; the SDKs would retry for 8 seconds."""
    proxy = os.environ.get("HTTPS_PROXY") or os.environ.get("https_proxy")
    if not proxy:
        return
    address = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    try:
        with socket.create_connection((address.hostname or "", address.port or 80), timeout=5):
            pass
    except OSError as error:
        raise JobsError(f"nothing answers at HTTPS_PROXY ({proxy}): {UNREACHABLE}") from error


def _status(error: JobsError) -> int | None:
    return getattr(error.__cause__, "status_code", None)


def _last_segment(arm_id: str | None, otherwise: str) -> str:
    if not arm_id:
        raise JobsError(f"{otherwise}: give it one")
    return arm_id.rstrip("/").rsplit("/", 1)[-1]
