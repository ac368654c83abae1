"""Adopting what exists, up to the engine: which id a planned resource has, what is in the way, what differs."""

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from infra.check import CheckedStack, check_stack
from infra.errors import InfraError
from infra.guards.adoption import VARIABLE
from infra.lifecycle import adoption_report
from infra.lifecycle.adoption import Adopted, Adoption
from infra.lifecycle.differences import Difference
from infra.lifecycle.importing import obstacles, subscription_of
from infra.lifecycle.parts import Existing, Part, find
from infra.lifecycle.resource_ids import api_version, resource_id
from infra.settings import settings_from
from naming.lint.sources.pulumi import token_path
from tests.infra.configurations import configuration
from tests.infra.program import ROOT, SUBSCRIPTION, created, run_program

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/legacy-ml"
WORKSPACE = f"{GROUP}/providers/Microsoft.MachineLearningServices/workspaces/legacy-ml"
ACCOUNT = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/legacymlstore"


class FakeArm:
    """Azure with these resources; an Arm reads from it."""

    def __init__(self, resources: dict[str, Any], collections: dict[str, list[Any]] | None = None) -> None:
        self.resources, self.collections = resources, collections or {}

    def get(self, resource_id: str, api_version: str) -> Any:
        return self.resources.get(resource_id)

    def listed(self, collection: str, api_version: str, **query: str) -> list[Any]:
        return self.collections.get(collection, [])


@pytest.mark.parametrize(
    ("token", "inputs", "expected"),
    [
        ("resources:ResourceGroup", {"resourceGroupName": "legacy-ml"}, GROUP),
        ("storage:StorageAccount", {"accountName": "legacymlstore", "resourceGroupName": UNKNOWN}, ACCOUNT),
        (
            "storage:BlobServiceProperties",
            {"accountName": "legacymlstore", "resourceGroupName": "legacy-ml", "blobServicesName": "default"},
            f"{ACCOUNT}/blobServices/default",
        ),
        (
            "storage:BlobContainer",
            {"accountName": "legacymlstore", "containerName": "data", "resourceGroupName": "legacy-ml"},
            f"{ACCOUNT}/blobServices/default/containers/data",
        ),
        (
            "authorization:RoleAssignment",
            {"scope": ACCOUNT, "roleAssignmentName": "one"},
            f"{ACCOUNT}/providers/Microsoft.Authorization/roleAssignments/one",
        ),
        ("authorization:RoleAssignment", {"scope": UNKNOWN, "roleAssignmentName": "one"}, None),
        ("storage:BlobContainer", {"accountName": UNKNOWN, "containerName": "data"}, None),
    ],
)
def test_the_id_of_a_planned_resource(token: str, inputs: dict[str, Any], expected: str | None) -> None:
    assert resource_id(f"azure-native:{token}", inputs, GROUP) == expected


def test_every_type_of_the_program_can_be_looked_for() -> None:
    if importlib.util.find_spec("pulumi_azure_native") is None:
        pytest.skip("pulumi_azure_native is not installed")
    config = configuration(
        alerts={"emails": ["a@example.org"]},
        lifecycleRules={"tmp": {"prefixes": ["training-data/x"], "deleteAfterDays": 3}},
    )
    types = {resource.type for resource in created("prod", config).azure}

    assert not [one for one in types if api_version(one) is None]
    # A singleton of its account has no name to be judged, and so no path among the names.
    assert {one for one in types if token_path(one) is None} <= {"azure-native:storage:BlobServiceProperties"}


def test_the_parts_are_found_through_what_the_workspace_and_its_insights_say() -> None:
    at = f"{GROUP}/providers"
    insights, logs = f"{at}/Microsoft.Insights/components/appi", f"{at}/Microsoft.OperationalInsights/workspaces/log"
    identity = f"{at}/Microsoft.ManagedIdentity/userAssignedIdentities/id"
    workspace = {
        "location": "westeurope",
        "identity": {"userAssignedIdentities": {identity: {}}},
        "properties": {"storageAccount": ACCOUNT, "applicationInsights": insights},
    }
    arm = FakeArm(
        {WORKSPACE: workspace, insights: {"properties": {"WorkspaceResourceId": logs}}},
        {f"{WORKSPACE}/computes": [{"name": "gpu", "properties": {"computeType": "AmlCompute"}}]},
    )

    found = find(arm, SUBSCRIPTION, "legacy-ml", "legacy-ml")  # type: ignore[arg-type]

    assert found.region == "westeurope"
    assert {part.role: part.name for part in found.parts} == {
        "resource_group": "legacy-ml",
        "workspace": "legacy-ml",
        "storage_account": "legacymlstore",
        "application_insights": "appi",
        "log_analytics": "log",
        "managed_identity": "id",
        "compute_cluster": "gpu",
    }


def test_a_workspace_that_is_not_there_is_one_sentence() -> None:
    with pytest.raises(InfraError, match=r"there is no workspace 'ml' in resource group 'rg'") as raised:
        find(FakeArm({}), SUBSCRIPTION, "rg", "ml")  # type: ignore[arg-type]
    assert raised.value.exit_code == 2


def existing(region: str = "westeurope", **ids: str) -> Existing:
    parts = {"resource_group": GROUP, "workspace": WORKSPACE, **ids}
    return Existing(region, tuple(Part(role, id_) for role, id_ in parts.items()))


def dev() -> CheckedStack:
    return check_stack(ROOT, "dev")


def test_names_that_do_not_follow_the_convention_are_in_the_way_until_they_are_accepted() -> None:
    (found,) = obstacles(dev(), existing(storage_account=ACCOUNT))
    assert found.names == {
        "resource_group": "legacy-ml",
        "workspace": "legacy-ml",
        "storage_account": "legacymlstore",
    }

    stack = dev()
    accepted = CheckedStack("dev", stack.settings, {**stack.names, **found.names})
    assert not list(obstacles(accepted, existing(storage_account=ACCOUNT)))


def test_another_region_and_another_group_are_in_the_way() -> None:
    elsewhere = ACCOUNT.replace("legacy-ml/", "data/")

    said = [one.sentence for one in obstacles(dev(), existing("North Europe", storage_account=elsewhere))]

    assert "`azure-native:location: northeurope`" in said[0]
    assert "storage_account 'legacymlstore' is in resource group 'data'" in said[1]
    assert f"az resource move --ids {elsewhere} --destination-group legacy-ml" in said[1]


def test_the_subscription_is_the_given_one_then_the_stacks_then_the_environments(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AZURE_SUBSCRIPTION_ID", "from-the-environment")
    assert subscription_of(dev(), "given") == "given"
    assert subscription_of(dev(), None) == "from-the-environment"
    for name in ("AZURE_SUBSCRIPTION_ID", "ARM_SUBSCRIPTION_ID"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(InfraError, match=r"azure-native:subscriptionId into Pulumi.dev.yaml"):
        subscription_of(dev(), None)


def test_an_accepted_name_is_used_though_it_breaks_the_convention() -> None:
    run = created("dev", configuration(names={"storage_account": "legacymlstore", "workspace": "ml-of-old"}))

    assert run.one("storage:StorageAccount").inputs["accountName"] == "legacymlstore"
    assert run.one("machinelearningservices:Workspace").inputs["workspaceName"] == "ml-of-old"
    assert run.one("keyvault:Vault").inputs["vaultName"].startswith("kv-churn-dev-euw")


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ({"storage_account": "Not-A-Name"}, "storage account"),
        ({"storage_acount": "legacymlstore"}, "did you mean 'storage_account'?"),
        ({"model_registry": "mlr-old"}, "mlws:names.model_registry: the stack makes nothing of that kind"),
    ],
)
def test_an_accepted_name_that_azure_or_the_stack_has_not_is_one_sentence(names: dict[str, str], expected: str) -> None:
    error = run_program("dev", configuration(names=names)).error
    assert expected in str(error)
    assert str(error).startswith("Pulumi.dev.yaml: ")


def test_a_preview_for_an_adoption_imports_what_is_named_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "adopt.json"
    file.write_text(json.dumps({"azure-native:storage:StorageAccount": {"storage": ACCOUNT}}))
    monkeypatch.setenv(VARIABLE, str(file))

    run = created("dev", configuration())

    assert {one.name: one.import_id for one in run.azure if one.import_id} == {"storage": ACCOUNT}


def test_what_azure_sets_itself_is_no_difference() -> None:
    run = created("dev", configuration())
    assert "discoveryUrl" in run.one("machinelearningservices:Workspace").ignores
    assert "properties.createMode" in run.one("keyvault:Vault").ignores


def test_the_report_says_what_is_lost_and_why() -> None:
    vault = "azure-native:keyvault:Vault"
    changed = Difference("properties.tenantId", "a", "b")
    adoption = Adoption(
        (
            Adopted("key-vault", vault, "/kv", (changed,), ("properties.tenantId",)),
            Adopted("blobs", "azure-native:authorization:RoleAssignment", "/ra", (), ("roleAssignmentName",)),
            Adopted("storage", "azure-native:storage:StorageAccount", "/st", (), ()),
        ),
        (("registry", "azure-native:containerregistry:Registry"),),
        {"resources": []},
    )

    text = "\n".join(adoption_report.lines("dev", adoption))

    assert text.startswith("stack dev: 3 resources exist that it lacks, 1 would be created beside them\n")
    assert "key-vault would be REPLACED by the next `pulumi up`" in text
    assert "because of properties.tenantId" in text
    assert text.count("REPLACED") == 1
    assert "would be made anew" in text


def test_settings_of_names_are_by_role() -> None:
    settings = settings_from(configuration(names={"key_vault": "kv-old"}), "dev")
    assert settings.names == {"key_vault": "kv-old"}
