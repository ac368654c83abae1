"""Stack `shared`, which has a registry of models and no workspace, and the other stacks' use of it."""

from typing import Any

import pulumi
import pytest

from infra.components.role_assignment import assignment_id
from infra.cost.meter import Charge
from infra.cost.meters import meters_of
from infra.cost.plan import PlannedResource
from infra.errors import InfraError
from infra.settings import settings_from
from tests.infra.changes import changed
from tests.infra.configurations import configuration
from tests.infra.program import IDENTITY_PRINCIPAL, REGISTRY_ID, created, run_program

ROLE = "1823dd4f-9b8c-4ab6-ab4e-7397a3684615"


def shared(**ours: Any) -> dict[str, Any]:
    return configuration(environment="shared", **ours)


def refusal(stack: str, **ours: Any) -> str:
    with pytest.raises(InfraError) as raised:
        settings_from(configuration(**ours), stack)
    assert raised.value.exit_code == 2
    return str(raised.value)


def test_it_has_a_group_a_registry_and_a_budget_and_nothing_else() -> None:
    run = created("shared", shared())

    assert {resource.type.removeprefix("azure-native:") for resource in run.azure} == {
        "resources:ResourceGroup",
        "machinelearningservices:Registry",
        "consumption:Budget",
    }
    assert run.outputs["model_registry_name"] == "mlr-churn-shr-euw"
    assert run.outputs["model_registry_id"].endswith("/mlr-churn-shr-euw")
    assert [one["name"] for one in run.outputs["resources"]] == ["rg-churn-shr-euw", "mlr-churn-shr-euw"]


def test_the_registry_is_tagged_protected_and_takes_no_anonymous_blob_access() -> None:
    registry = created("shared", shared()).one("machinelearningservices:Registry")

    assert registry.protected
    assert registry.inputs["tags"]["environment"] == "shared"
    assert registry.inputs["identity"] == {"type": "SystemAssigned"}
    (region,) = registry.inputs["regionDetails"]
    account = region["storageAccountDetails"][0]["systemCreatedStorageAccount"]
    assert account == {
        "allowBlobPublicAccess": False,
        "storageAccountHnsEnabled": False,
        "storageAccountType": "Standard_ZRS",
    }
    assert region["acrDetails"] == [{"systemCreatedAcrAccount": {"acrAccountSku": "Premium"}}]


def test_it_is_in_its_own_region_and_once_in_each_other_one() -> None:
    settings = {"moreRegions": ["North Europe", "westeurope", "northeurope"], "redundancy": "LRS"}
    registry = created("shared", shared(modelRegistry=settings)).one("machinelearningservices:Registry")

    assert [region["location"] for region in registry.inputs["regionDetails"]] == ["westeurope", "northeurope"]


def test_it_costs_a_premium_registry_and_blobs_in_each_region() -> None:
    settings = {"moreRegions": ["northeurope"]}
    registry = created("shared", shared(modelRegistry=settings)).one("machinelearningservices:Registry")
    planned = PlannedResource(registry.type, registry.name, "westeurope", registry.inputs)

    found = {(one.charge, one.sku, one.region) for one in meters_of(planned) or ()}

    assert found == {
        (charge, sku, region)
        for charge, sku in ((Charge.FIXED, "Premium"), (Charge.USAGE, "Hot ZRS"))
        for region in ("westeurope", "northeurope")
    }


@pytest.mark.parametrize("settings", [{"stack": "shared"}, {"id": REGISTRY_ID}])
def test_a_workspace_may_use_the_registry_that_its_stack_names(settings: dict[str, str]) -> None:
    before = created("dev", configuration())
    after = created("dev", configuration(sharedRegistry=settings))

    assert changed(before, after) == {"shared-registry-user"}
    (grant,) = (one for one in after.all("authorization:RoleAssignment") if one.name == "shared-registry-user")
    assert grant.inputs["scope"] == REGISTRY_ID
    assert grant.inputs["principalId"] == IDENTITY_PRINCIPAL
    assert grant.inputs["roleDefinitionId"].endswith(ROLE)
    assert grant.inputs["roleAssignmentName"] == assignment_id(REGISTRY_ID, IDENTITY_PRINCIPAL, ROLE)
    assert after.outputs["model_registry_name"] == "mlr-churn-shr-euw"


@pytest.mark.parametrize(
    ("ours", "said"),
    [
        (
            {"sharedRegistry": {"stack": "empty"}},
            "mlws:sharedRegistry.stack: stack 'empty' has made no registry of models; run `pulumi up --stack empty`",
        ),
        (
            {"workspace": {"kind": "Project", "hubStack": "org/mlws/empty"}},
            "mlws:workspace.hubStack: stack 'org/mlws/empty' has made no workspace; run `pulumi up --stack",
        ),
        ({"sharedRegistry": {"stack": "shard"}}, "(did you mean 'shared'?)"),
        (
            {"sharedRegistry": {"stack": "gone"}},
            "there is no stack 'gone'; write dev, local, prod, qa or shared, or another of `pulumi stack ls",
        ),
    ],
)
def test_another_stack_that_made_nothing_or_is_not_there_is_a_sentence_before_the_first_resource(
    ours: dict[str, Any], said: str
) -> None:
    run = run_program("dev", configuration(**ours))

    assert isinstance(run.error, pulumi.RunError)
    assert str(run.error).startswith("Pulumi.dev.yaml: mlws:")
    assert said in str(run.error)
    assert run.azure == []


def test_without_a_registry_there_is_no_output_of_one() -> None:
    assert created("dev", configuration()).outputs.get("model_registry_name") is None


@pytest.mark.parametrize(
    ("stack", "ours", "expected"),
    [
        ("dev", {"modelRegistry": {}}, "mlws:sharedRegistry: {stack: shared}"),
        ("shared", {"keyVault": {}}, "mlws:keyVault is of no use in environment 'shared'"),
        ("shared", {"monitoring": {}}, "mlws:monitoring is of no use in environment 'shared'"),
        ("shared", {"sharedRegistry": {"stack": "shared"}}, "mlws:sharedRegistry is of no use"),
        ("shared", {"modelRegistry": {"redundancy": "LSR"}}, "LRS"),
        ("dev", {"sharedRegistry": {"stack": "shared", "id": REGISTRY_ID}}, "leave one of them out"),
        ("dev", {"sharedRegistry": {"id": "mlr-churn"}}, "mlws:sharedRegistry.id"),
        ("dev", {"sharedRegistry": {"stack": "dev"}}, "mlws:sharedRegistry.stack: 'dev' is this stack itself"),
        ("dev", {"workspace": {"kind": "Project", "hubStack": "dev"}}, "hubStack: 'dev' is this stack itself"),
    ],
)
def test_a_setting_in_the_wrong_place_or_with_a_wrong_value_is_one_sentence(
    stack: str, ours: dict[str, Any], expected: str
) -> None:
    said = refusal(stack, **ours)
    assert expected in said
    assert said.startswith(f"Pulumi.{stack}.yaml: ")
    assert "\n" not in said
