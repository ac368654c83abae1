import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from azure.core.exceptions import ResourceNotFoundError

from workspace_jobs.config_file import WorkspaceConfig
from workspace_jobs.connection import Secret, Workspace
from workspace_jobs.errors import JobsError

SUBSCRIPTION = "00000000-1111-2222-3333-444444444444"


class FakeDatastores:
    """Azure ML's datastores as far as registering needs them; counts what is written."""

    def __init__(self) -> None:
        self.stored: dict[str, Any] = {}
        self.written: list[str] = []

    def get(self, name: str) -> Any:
        if name not in self.stored:
            raise ResourceNotFoundError("no such datastore")
        return self.stored[name]

    def create_or_update(self, datastore: Any) -> Any:
        # Through the wire's form and back, without the secret: that is what Azure answers.
        rest = datastore._to_rest_object()
        rest.properties.credentials.secrets = None
        returned = type(datastore)._from_rest_object(rest)
        returned.name = datastore.name
        self.stored[datastore.name] = returned
        self.written.append(datastore.name)
        return returned

    def list(self) -> list[Any]:
        return list(self.stored.values())

    def get_default(self) -> Any:
        return SimpleNamespace(name=next(iter(self.stored), ""))


class FakeWorkspace(Workspace):
    """A workspace whose clients are in memory."""

    def __init__(self, path: Path) -> None:
        super().__init__(WorkspaceConfig(SUBSCRIPTION, "rg-x", "mlw-x", path))
        self.secrets: dict[str, Secret] = {}
        self.datastores = FakeDatastores()
        self.jobs: Any = SimpleNamespace()
        self.computes: list[Any] = []
        client = SimpleNamespace(
            datastores=self.datastores,
            jobs=self.jobs,
            compute=SimpleNamespace(list=lambda: self.computes),
        )
        resource = SimpleNamespace(
            storage_account="/subscriptions/s/providers/Microsoft.Storage/storageAccounts/stworkspace",
            key_vault="/subscriptions/s/providers/Microsoft.KeyVault/vaults/kv-workspace",
        )
        self.__dict__.update(ml_client=client, resource=resource)

    def secret(self, name: str) -> Secret:
        if name not in self.secrets:
            raise JobsError(f"Key Vault {self.vault_url} has no secret `{name}`: create it")
        return self.secrets[name]


@pytest.fixture
def workspace(tmp_path: Path) -> FakeWorkspace:
    return FakeWorkspace(tmp_path / "config.json")


@pytest.fixture
def write_config(tmp_path: Path) -> Callable[..., Path]:
    def write(**changes: Any) -> Path:
        values = {
            "subscription_id": SUBSCRIPTION,
            "resource_group": "rg-x",
            "workspace_name": "mlw-x",
        } | changes
        path = tmp_path / "config.json"
        path.write_text(json.dumps({key: value for key, value in values.items() if value is not None}))
        return path

    return write


@pytest.fixture(autouse=True)
def _no_proxy_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
