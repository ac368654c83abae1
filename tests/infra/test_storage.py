"""The storage account: what it keeps and for how long, who gets in, and what its settings leave alone."""

from typing import Any

import pytest

from infra.errors import SettingsError
from infra.settings import settings_from
from tests.infra.configurations import configuration
from tests.infra.program import ACCOUNT_KEY, Run, created

TEMPORARY = {"prefixes": ["training-data/tmp"], "coolAfterDays": 7, "deleteAfterDays": 30}


def stack(name: str, **ours: Any) -> Run:
    return created(name, configuration(**ours))


def rules(run: Run) -> dict[str, Any]:
    return {rule["name"]: rule for rule in run.one("storage:ManagementPolicy").inputs["policy"]["rules"]}


@pytest.mark.parametrize(
    ("name", "sku", "days", "versions"),
    [("dev", "Standard_LRS", 7, False), ("qa", "Standard_ZRS", 14, True), ("prod", "Standard_GZRS", 30, True)],
)
def test_copies_soft_delete_and_versions_follow_the_profile(name: str, sku: str, days: int, versions: bool) -> None:
    run = stack(name)
    blobs = run.one("storage:BlobServiceProperties").inputs

    assert run.one("storage:StorageAccount").inputs["sku"] == {"name": sku}
    assert blobs["deleteRetentionPolicy"] == {"enabled": True, "days": days}
    assert blobs["containerDeleteRetentionPolicy"] == {"enabled": True, "days": days}
    assert blobs["isVersioningEnabled"] is versions
    assert len(run.all("storage:ManagementPolicy")) == versions, "old versions cost, so they end"


def test_previous_versions_and_snapshots_end_and_nothing_else_does() -> None:
    rule = rules(stack("prod"))["previous-versions"]

    assert rule["definition"]["actions"] == {
        "version": {"delete": {"daysAfterCreationGreaterThan": 90}},
        "snapshot": {"delete": {"daysAfterCreationGreaterThan": 90}},
    }


@pytest.mark.parametrize("prefix", ["training-data", "training-", "azureml-blobstore-1234/azureml"])
def test_a_prefix_may_be_a_container_several_or_one_of_the_workspaces_own(prefix: str) -> None:
    one = rules(stack("dev", lifecycleRules={"x": {"prefixes": [prefix], "deleteAfterDays": 9}}))

    assert one["x"]["definition"]["filters"]["prefixMatch"] == [prefix]


def test_rules_of_the_stack_file_are_azures_in_an_order_of_their_own() -> None:
    other = {"prefixes": ["raw"], "coldAfterDays": 90}
    one = rules(stack("dev", storage={"containers": ["raw"]}, lifecycleRules={"temporary": TEMPORARY, "raw": other}))

    assert list(one) == ["raw", "temporary"]
    assert one["temporary"]["definition"] == {
        "filters": {"blobTypes": ["blockBlob"], "prefixMatch": ["training-data/tmp"]},
        "actions": {
            "baseBlob": {
                "tierToCool": {"daysAfterModificationGreaterThan": 7},
                "delete": {"daysAfterModificationGreaterThan": 30},
            }
        },
    }


def test_with_identities_the_account_refuses_keys_and_no_key_is_kept_anywhere() -> None:
    run = stack("prod", storage={"access": "identity"})
    account = run.one("storage:StorageAccount").inputs

    assert account["allowSharedKeyAccess"] is False
    assert account["defaultToOAuthAuthentication"] is True
    assert run.one("machinelearningservices:Workspace").inputs["systemDatastoresAuthMode"] == "Identity"
    assert run.all("keyvault:Secret") == []
    assert [one.name for one in run.azure if ACCOUNT_KEY in str(one.inputs)] == []


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        (
            {"storage": {"containers": ["Raw"]}},
            "mlws:storage.containers.0: 'Raw' is not possible; write the name of a container: 3 to 63",
        ),
        ({"storage": {"containers": ["raw", "raw"]}}, "mlws:storage: the container 'raw' is given twice"),
        ({"storage": {"acces": "key"}}, "did you mean 'mlws:storage.access'?"),
        ({"storage": {"access": "identities"}}, "write key or identity (did you mean 'identity'?)"),
        ({"lifecycleRules": {"x": {"prefixes": ["a"]}}}, "mlws:lifecycleRules.x: the rule does nothing; give it"),
        (
            {"lifecycleRules": {"x": {"prefixes": ["a"], "coolAfterDays": 9, "deleteAfterDays": 9}}},
            "deleteAfterDays (9) must be more than coolAfterDays (9)",
        ),
        (
            {"lifecycleRules": {"x": {"prefixes": ["trainingdata/tmp"], "deleteAfterDays": 9}}},
            "'trainingdata/tmp' begins with no container of the account; write training-data (did you mean",
        ),
        (
            {
                "dataStorage": {"containers": ["raw", "old"]},
                "dataLifecycleRules": {"x": {"prefixes": ["ol/a"], "deleteAfterDays": 9}},
            },
            "mlws:dataLifecycleRules.x.prefixes: 'ol/a' begins with no container of the account; write raw or old",
        ),
        ({"lifecycleRules": {"x": {"prefix": ["a"]}}}, "did you mean 'mlws:lifecycleRules.x.prefixes'?"),
    ],
)
def test_a_mistake_is_a_sentence(setting: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        settings_from(configuration(**setting), "prod")

    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
