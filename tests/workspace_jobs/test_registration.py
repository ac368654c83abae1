from pathlib import Path

import pytest

from tests.workspace_jobs.conftest import FakeWorkspace
from workspace_jobs.connection import Secret
from workspace_jobs.datastores.registration import list_datastores, register_datastores
from workspace_jobs.errors import JobsError

FILE = """
datastores:
  - name: by_identity
    type: azure_blob
    container: data
    credentials: identity
  - name: by_key
    type: azure_blob
    account: ${storage_account}
    container: data
    description: By key.
    credentials: {account_key_secret: storage-key}
  - name: lake
    type: azure_data_lake_gen2
    account: stlake
    container: files
    credentials:
      tenant_id: 00000000-0000-0000-0000-00000000000a
      client_id: 00000000-0000-0000-0000-00000000000b
      client_secret_secret: lake-secret
  - name: share
    type: azure_file
    container: share
    credentials: {sas_token_secret: share-sas}
"""


@pytest.fixture
def file(tmp_path: Path, workspace: FakeWorkspace) -> Path:
    for name in ("storage-key", "lake-secret", "share-sas"):
        workspace.secrets[name] = Secret(name, "v1", f"value of {name}")
    path = tmp_path / "datastores.yaml"
    path.write_text(FILE)
    return path


def changes(workspace: FakeWorkspace, file: Path) -> dict[str, str]:
    return {registered.name: registered.change for registered in register_datastores(workspace, file)}


def test_the_first_time_creates_and_the_second_writes_nothing(workspace: FakeWorkspace, file: Path) -> None:
    assert set(changes(workspace, file).values()) == {"created"}
    workspace.datastores.written.clear()
    assert set(changes(workspace, file).values()) == {"unchanged"}
    assert workspace.datastores.written == []


def test_the_account_left_out_is_the_workspaces_own(workspace: FakeWorkspace, file: Path) -> None:
    accounts = {registered.name: registered.account for registered in register_datastores(workspace, file)}
    assert accounts == {
        "by_identity": "stworkspace",
        "by_key": "stworkspace",
        "lake": "stlake",
        "share": "stworkspace",
    }


@pytest.mark.parametrize(
    ("before", "after", "name"),
    [
        ("By key.", "By its key.", "by_key"),
        ("container: files", "container: more-files", "lake"),
        ("00b", "00c", "lake"),
    ],
)
def test_what_differs_is_updated_and_nothing_else(
    workspace: FakeWorkspace, file: Path, before: str, after: str, name: str
) -> None:
    register_datastores(workspace, file)
    file.write_text(FILE.replace(before, after))
    assert {key for key, change in changes(workspace, file).items() if change == "updated"} == {name}


def test_a_rotated_secret_is_a_difference(workspace: FakeWorkspace, file: Path) -> None:
    register_datastores(workspace, file)
    workspace.secrets["share-sas"] = Secret("share-sas", "v2", "another value")
    assert changes(workspace, file) == {
        "by_identity": "unchanged",
        "by_key": "unchanged",
        "lake": "unchanged",
        "share": "updated",
    }


def test_a_secret_that_does_not_exist_leaves_everything_unwritten(workspace: FakeWorkspace, file: Path) -> None:
    del workspace.secrets["share-sas"]
    with pytest.raises(JobsError, match=r"datastores\.yaml: datastore `share`.*no secret `share-sas`"):
        register_datastores(workspace, file)
    assert workspace.datastores.written == []


def test_the_secret_itself_is_in_no_tag(workspace: FakeWorkspace, file: Path) -> None:
    register_datastores(workspace, file)
    tags = [datastore.tags for datastore in workspace.datastores.stored.values()]
    assert {"credential-secret": "storage-key/v1"} in tags
    assert "value of" not in str(tags)


def test_listing_shows_kinds_and_the_default(workspace: FakeWorkspace, file: Path) -> None:
    register_datastores(workspace, file)
    listed = {datastore.name: datastore for datastore in list_datastores(workspace)}
    assert {name: (d.type, d.container, d.credentials, d.default) for name, d in listed.items()} == {
        "by_identity": ("azure_blob", "data", "identity", True),
        "by_key": ("azure_blob", "data", "account_key", False),
        "lake": ("azure_data_lake_gen2", "files", "service_principal", False),
        "share": ("azure_file", "share", "sas", False),
    }


def test_a_secret_does_not_show_its_value() -> None:
    assert "hidden" not in repr(Secret("name", "v1", "hidden"))
