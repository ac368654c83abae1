from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

from workspace_jobs.config_file import load_config
from workspace_jobs.connection import Workspace
from workspace_jobs.datastores.registration import list_datastores
from workspace_jobs.errors import JobsError
from workspace_jobs.jobs.records import get_job, list_jobs


def answering(error: HttpResponseError, status: int) -> Callable[..., Any]:
    """An operation that Azure answers with `error`."""
    error.status_code = status

    def raise_it(*_: object, **__: object) -> Any:
        raise error

    return raise_it


@pytest.fixture
def missing(write_config: Callable[..., Path]) -> Workspace:
    """A workspace of which Azure knows nothing, whatever is asked."""
    workspace = Workspace(load_config(write_config()))
    absent = answering(ResourceNotFoundError("(ResourceNotFound) The Resource was not found."), 404)
    operations = SimpleNamespace(get=absent, list=absent)
    workspace.__dict__["ml_client"] = SimpleNamespace(workspaces=operations, jobs=operations, datastores=operations)
    return workspace


@pytest.mark.parametrize(
    "use",
    [
        lambda workspace: workspace.resource,
        lambda workspace: list_jobs(workspace, 5),
        lambda workspace: get_job(workspace, "x"),
        list_datastores,
    ],
)
def test_a_workspace_that_does_not_exist_is_told_by_its_file(missing: Workspace, use: Callable[..., Any]) -> None:
    with pytest.raises(JobsError, match=r"config\.json: workspace `mlw-x` does not exist in") as raised:
        use(missing)
    assert raised.value.exit_code == 2


def test_a_workspace_of_somebody_else_is_told_by_its_file(missing: Workspace) -> None:
    denied = answering(HttpResponseError("(AuthorizationFailed) No role."), 403)
    missing.__dict__["ml_client"] = SimpleNamespace(workspaces=SimpleNamespace(get=denied))
    with pytest.raises(JobsError, match="`mlw-x` is not open to this credential"):
        _ = missing.resource


def test_a_secret_that_does_not_exist_names_the_vault(missing: Workspace) -> None:
    absent = answering(ResourceNotFoundError("(SecretNotFound) No."), 404)
    missing.__dict__.update(
        resource=SimpleNamespace(key_vault="/subscriptions/s/vaults/kv-x"),
        _secret_client=SimpleNamespace(get_secret=absent),
    )
    with pytest.raises(JobsError, match=r"https://kv-x\.vault\.azure\.net has no secret `key`") as raised:
        missing.secret("key")
    assert raised.value.exit_code == 2


def test_a_vault_that_denies_access_says_what_is_missing(missing: Workspace) -> None:
    denied = answering(HttpResponseError("(Forbidden) The caller has no secrets get permission."), 403)
    missing.__dict__.update(
        resource=SimpleNamespace(key_vault="/subscriptions/s/vaults/kv-x"),
        _secret_client=SimpleNamespace(get_secret=denied),
    )
    with pytest.raises(JobsError, match="access denied") as raised:
        missing.secret("key")
    assert raised.value.exit_code == 1


def test_a_secret_comes_with_its_version(missing: Workspace) -> None:
    found = SimpleNamespace(value="v", properties=SimpleNamespace(version="7"))
    missing.__dict__.update(
        resource=SimpleNamespace(key_vault="/subscriptions/s/vaults/kv-x"),
        _secret_client=SimpleNamespace(get_secret=lambda _: found),
    )
    secret = missing.secret("key")
    assert (secret.name, secret.version, secret.value) == ("key", "7", "v")
