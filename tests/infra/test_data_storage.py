"""The storage account for data: its own copies, containers and rules, or those of the workspace's account."""

from typing import Any

import pytest

from infra.errors import SettingsError
from infra.settings import settings_from
from tests.infra.changes import changed
from tests.infra.configurations import WITH_A_NETWORK, configuration
from tests.infra.program import CLUSTER_PRINCIPAL, IDENTITY_PRINCIPAL, Run, created

LOGS = {f"diagnostics-data-{service}" for service in ("blobs", "files", "queues", "tables")}


def stack(name: str = "prod", **ours: Any) -> Run:
    return created(name, configuration(**ours))


def of_data(run: Run, type_: str) -> dict[str, Any]:
    (found,) = (one for one in run.all(type_) if one.name.startswith("data-storage"))
    return found.inputs


def test_there_is_no_second_account_unless_a_stack_file_says_so() -> None:
    assert len(stack().all("storage:StorageAccount")) == 1
    assert stack().outputs.get("data_storage_account_name") is None


def test_it_has_a_name_of_its_own_and_all_that_the_workspaces_account_has() -> None:
    run = stack(dataStorage={})
    accounts = {one.name: one.inputs for one in run.all("storage:StorageAccount")}
    own, data = accounts["storage"], accounts["data-storage"]

    assert own["accountName"] != data["accountName"]
    assert run.outputs["data_storage_account_name"] == data["accountName"]
    assert run.outputs["data_containers"] == ["data"]
    differing = {key for key in own | data if own.get(key) != data.get(key)}
    assert differing == {"accountName", "allowSharedKeyAccess", "defaultToOAuthAuthentication"}
    assert data["allowSharedKeyAccess"] is False
    assert of_data(run, "storage:BlobServiceProperties")["isVersioningEnabled"] is True
    assert of_data(run, "storage:BlobContainer")["publicAccess"] == "None"


def test_what_a_stack_file_says_of_it_holds_for_it_alone() -> None:
    said = {"redundancy": "LRS", "access": "key", "containers": ["raw"], "softDeleteDays": 3, "versioning": False}
    rules = {"old": {"prefixes": ["raw/tmp"], "deleteAfterDays": 9}}
    run = stack(dataStorage=said, dataLifecycleRules=rules)

    assert of_data(run, "storage:StorageAccount")["sku"] == {"name": "Standard_LRS"}
    assert of_data(run, "storage:StorageAccount")["allowSharedKeyAccess"] is True
    assert of_data(run, "storage:BlobServiceProperties")["deleteRetentionPolicy"]["days"] == 3
    assert [rule["name"] for rule in of_data(run, "storage:ManagementPolicy")["policy"]["rules"]] == ["old"]
    assert changed(stack(), run) == LOGS | {
        "data-storage", "data-storage-blobs", "data-storage-lifecycle", "data-storage-raw", "data-storage-workspace",
        "cluster-data", "locks-data-storage",
    }  # fmt: skip


def test_directories_need_no_versions_and_are_for_the_account_for_data_alone() -> None:
    run = stack(dataStorage={"hierarchicalNamespace": True})

    assert of_data(run, "storage:StorageAccount")["isHnsEnabled"] is True
    assert of_data(run, "storage:BlobServiceProperties")["isVersioningEnabled"] is False
    assert [one.name for one in run.all("storage:ManagementPolicy")] == ["storage-lifecycle"]
    assert {one.name: "isHnsEnabled" in one.inputs for one in run.all("storage:StorageAccount")} == {
        "storage": False,
        "data-storage": True,
    }


def test_workspace_and_cluster_read_it_as_themselves() -> None:
    grants = {one.name: one.inputs for one in stack(dataStorage={}).all("authorization:RoleAssignment")}
    of_data = {name: one["principalId"] for name, one in grants.items() if "churndata" in one["scope"]}

    assert of_data == {"data-storage-workspace": IDENTITY_PRINCIPAL, "cluster-data": CLUSTER_PRINCIPAL}


def test_it_is_protected_and_let_go_apart_from_the_workspaces() -> None:
    def protected(*let_go: str) -> set[str]:
        protection = {"locks": False, "allowReplacing": list(let_go)}
        return {one.name for one in stack(dataStorage={}, protection=protection).azure if one.protected}

    both = protected()
    assert {"storage", "data-storage", "data-storage-data"} <= both
    assert both - protected("data-storage") == {"data-storage", "data-storage-data"}
    assert "data-storage" in protected("storage")


def test_behind_a_virtual_network_it_has_endpoints_too() -> None:
    settings: dict[str, Any] = {"network": {"access": "private"}, "dataStorage": {"hierarchicalNamespace": True}}
    endpoints = {one.name for one in stack(**WITH_A_NETWORK, **settings).all("network:PrivateEndpoint")}

    assert {name for name in endpoints if "data" in name} == {"network-endpoint-datablob", "network-endpoint-datadfs"}


@pytest.mark.parametrize(
    ("ours", "said"),
    [
        (
            {"dataStorage": None},
            "mlws:dataStorage: nothing stands after it; write `{}` for an account with all defaults",
        ),
        ({"dataStorage": {"containers": []}}, "mlws:dataStorage.containers: 0 are given; write 1 or more of them"),
        ({"dataStorage": {"containers": ["a-b", "a-b"]}}, "mlws:dataStorage: the container 'a-b' is given twice"),
        (
            {"dataStorage": {"hierarchicalNamespace": True, "versioning": True}},
            "mlws:dataStorage: Azure keeps no versions where there are directories; take versioning out",
        ),
        ({"storage": {"hierarchicalNamespace": True}}, "'mlws:storage.hierarchicalNamespace' is not a setting"),
        ({"dataStorage": {"container": ["a"]}}, "did you mean 'mlws:dataStorage.containers'?"),
        (
            {"dataLifecycleRules": {"old": {"prefixes": ["a"], "deleteAfterDays": 9}}},
            "mlws:dataLifecycleRules is for a second account; add mlws:dataStorage",
        ),
    ],
)
def test_a_mistake_is_a_sentence(ours: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        settings_from(configuration(**ours), "prod")

    assert said in str(caught.value)
