"""Registries: what Azure says of one, what it refuses, and that nothing is kept that nobody could use."""

from typing import Any

import pytest

from tests.conftest import EmbeddedAzure
from tests.localazure.arm_client import ArmClient

pytestmark = pytest.mark.xdist_group("azure")

REGION = {
    "location": "westeurope",
    "acrDetails": [{"systemCreatedAcrAccount": {"acrAccountSku": "Premium"}}],
    "storageAccountDetails": [{"systemCreatedStorageAccount": {"storageAccountType": "Standard_LRS"}}],
}


def body(**properties: Any) -> dict[str, Any]:
    return {
        "location": "West Europe",
        "identity": {"type": "SystemAssigned"},
        "properties": {"regionDetails": [REGION], **properties},
    }


@pytest.fixture
def registry(azure: EmbeddedAzure) -> str:
    return f"{ArmClient().group('rg-shared')}/providers/Microsoft.MachineLearningServices/registries/mlr-tests"


def test_a_registry_has_addresses_an_identity_and_a_managed_group_that_stays(registry: str) -> None:
    arm = ArmClient()
    made = arm.put(registry, body())
    again = arm.put(registry, body(publicNetworkAccess="Disabled"))

    assert made["properties"]["mlFlowRegistryUri"] == f"azureml://westeurope.api.azureml.ms/mlflow/v1.0{registry}"
    assert made["identity"]["principalId"]
    assert made["properties"]["managedResourceGroup"] == again["properties"]["managedResourceGroup"]
    assert again["properties"]["publicNetworkAccess"] == "Disabled"


@pytest.mark.parametrize(
    ("regions", "said"),
    [
        ([], "regionDetails"),
        ([{**REGION, "location": "northeurope"}], "must be one of its regionDetails"),
        ([{**REGION, "acrDetails": []}], "needs acrDetails"),
    ],
)
def test_a_registry_without_its_own_region_is_refused(registry: str, regions: list[Any], said: str) -> None:
    answer = ArmClient().call("PUT", f"{registry}-refused", body(regionDetails=regions))
    assert answer.status_code == 400
    assert said in answer.text


def test_nothing_can_be_published_to_it(registry: str) -> None:
    arm = ArmClient()
    arm.put(registry, body())
    answer = arm.call("PUT", f"{registry}/models/churn/versions/1", {"properties": {}})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "NotSupportedByEmbeddedAzure")
