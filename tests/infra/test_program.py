"""What the program creates, over the configuration matrix: stacks, and settings that change what is created."""

import itertools
from functools import cache
from typing import Any

import pytest

from infra.errors import InfraError
from infra.names import planned_names
from infra.settings import settings_from
from naming import rule_for
from tests.infra.configurations import STACKS, configuration
from tests.infra.program import ACCOUNT_KEY, CLUSTER_PRINCIPAL, IDENTITY_PRINCIPAL, ROOT, SUBSCRIPTION, Run, created

EMBEDDED_TENANT = "10ca1a2e-0000-4000-8000-000000000000"
VARIATIONS: dict[str, dict[str, Any]] = {
    "as it is": {},
    "other region": {"azure-native:location": "northeurope"},
    "other workload and instance": {"mlws:workload": "fraud", "mlws:instance": "02"},
    "principals": {
        "mlws:principals": {
            "alice": {"objectId": "11111111-2222-4333-8444-555555555555", "role": "admin"},
            "team": {"objectId": "22222222-2222-4333-8444-555555555555", "role": "data-scientist"},
        }
    },
    "own tags": {"mlws:tags": {"owner": "me", "costCentre": "1", "extra": {"data": "public"}}},
    "sizes": {
        "mlws:computeCluster": {"vmSize": "Standard_NC6s_v3", "maxNodes": 1, "idleSeconds": 120},
        "mlws:storage": {"redundancy": "RAGRS", "trainingDataContainer": "images", "containers": ["raw"]},
        "mlws:keyVault": {"softDeleteRetentionDays": 14, "purgeProtection": False},
    },
    "unprotected": {"mlws:protection": {"protect": False, "locks": False}},
    "watched": {
        "mlws:alerts": {"emails": ["ml@example.org"]},
        "mlws:monitoring": {"diagnostics": "all"},
        "mlws:budget": {"monthlyAmount": 100},
    },
}
OWN_TAGS = {"environment", "workload", "owner", "cost-centre", "data-classification", "managed-by"}
MATRIX = [pytest.param(stack, name, id=f"{stack}, {name}") for stack, name in itertools.product(STACKS, VARIATIONS)]
TAGGABLE = {
    "resources:ResourceGroup",
    "managedidentity:UserAssignedIdentity",
    "storage:StorageAccount",
    "keyvault:Vault",
    "keyvault:Secret",
    "operationalinsights:Workspace",
    "applicationinsights:Component",
    "containerregistry:Registry",
    "machinelearningservices:Workspace",
    "machinelearningservices:Compute",
}
SOMETIMES_TAGGABLE = {"monitor:ActionGroup", "monitor:MetricAlert"}  # fmt: skip
UNTAGGABLE = {
    "storage:BlobContainer", "storage:BlobServiceProperties", "storage:ManagementPolicy",
    "authorization:RoleAssignment", "monitor:DiagnosticSetting", "consumption:Budget",
    "authorization:ManagementLockByScope",
}  # fmt: skip


def config_of(variation: str) -> dict[str, Any]:
    return configuration() | VARIATIONS[variation]


@cache
def run(stack: str, variation: str = "as it is", *, preview: bool = False) -> Run:
    tenant = {"tenant": EMBEDDED_TENANT} if stack == "local" else {}
    return created(stack, config_of(variation), preview=preview, **tenant)


@pytest.mark.parametrize(("stack", "variation"), MATRIX)
def test_every_taggable_resource_has_the_stacks_tags(stack: str, variation: str) -> None:
    resources = run(stack, variation).azure
    own = VARIATIONS[variation].get("mlws:tags", {}).get("extra", {})

    types = {resource.type.removeprefix("azure-native:") for resource in resources}
    assert types <= TAGGABLE | SOMETIMES_TAGGABLE | UNTAGGABLE
    assert types >= TAGGABLE
    for resource in resources:
        if resource.type.removeprefix("azure-native:") in TAGGABLE | SOMETIMES_TAGGABLE:
            tags = resource.inputs["tags"]
            assert tags.keys() >= OWN_TAGS, resource.name
            assert tags["environment"] == stack
            assert own.items() <= tags.items()


@pytest.mark.parametrize(("stack", "variation"), MATRIX)
def test_every_name_is_the_plans_and_one_that_azure_accepts(stack: str, variation: str) -> None:
    result = run(stack, variation)
    plan = planned_names(settings_from(config_of(variation), stack), ROOT, "the file")
    given = {
        "resource_group": result.one("resources:ResourceGroup").inputs["resourceGroupName"],
        "managed_identity": result.one("managedidentity:UserAssignedIdentity").inputs["resourceName"],
        "storage_account": result.one("storage:StorageAccount").inputs["accountName"],
        "key_vault": result.one("keyvault:Vault").inputs["vaultName"],
        "log_analytics": result.one("operationalinsights:Workspace").inputs["workspaceName"],
        "application_insights": result.one("applicationinsights:Component").inputs["resourceName"],
        "container_registry": result.one("containerregistry:Registry").inputs["registryName"],
        "workspace": result.one("machinelearningservices:Workspace").inputs["workspaceName"],
        "compute_cluster": result.one("machinelearningservices:Compute").inputs["computeName"],
    }

    assert given == {planned.role: planned.name for planned in plan}
    assert rule_for("Microsoft.KeyVault/vaults").violations(given["key_vault"]) == []


@pytest.mark.parametrize(("stack", "variation"), MATRIX)
def test_everything_is_in_the_stacks_region_and_resource_group(stack: str, variation: str) -> None:
    result = run(stack, variation)
    group = result.one("resources:ResourceGroup").inputs["resourceGroupName"]

    for resource in result.azure:
        assert resource.inputs.get("location") in (None, "global", config_of(variation)["azure-native:location"])
        assert resource.inputs.get("resourceGroupName") in (None, group)


@pytest.mark.parametrize(("stack", "variation"), MATRIX)
def test_what_is_created_is_secure_whatever_the_settings(stack: str, variation: str) -> None:
    result = run(stack, variation)
    account = result.one("storage:StorageAccount").inputs
    vault = result.one("keyvault:Vault").inputs["properties"]
    cluster = result.one("machinelearningservices:Compute").inputs["properties"]

    assert account["minimumTlsVersion"] == "TLS1_2"
    assert account["enableHttpsTrafficOnly"] is True
    assert account["allowBlobPublicAccess"] is False
    assert {one.inputs["publicAccess"] for one in result.all("storage:BlobContainer")} == {"None"}
    assert result.one("containerregistry:Registry").inputs["adminUserEnabled"] is False
    assert vault["enableSoftDelete"] is True
    assert vault.get("enablePurgeProtection") in (True, None), "Azure refuses false"
    assert cluster["disableLocalAuth"] is True
    assert cluster["properties"]["remoteLoginPortPublicAccess"] == "Disabled"


@pytest.mark.parametrize(("stack", "variation"), MATRIX)
def test_the_cluster_scales_to_zero(stack: str, variation: str) -> None:
    scale = (
        run(stack, variation).one("machinelearningservices:Compute").inputs["properties"]["properties"]["scaleSettings"]
    )
    settings = settings_from(config_of(variation), stack).compute_cluster

    assert scale == {
        "minNodeCount": 0,
        "maxNodeCount": settings.max_nodes,
        "nodeIdleTimeBeforeScaleDown": f"PT{settings.idle_seconds}S",
    }


def test_a_region_may_be_spelled_as_the_portal_does() -> None:
    result = created("dev", configuration() | {"azure-native:location": "West Europe"})

    assert {one.inputs["location"] for one in result.azure if "location" in one.inputs} == {"westeurope"}


def test_the_workspace_is_tied_to_everything_and_acts_as_its_own_identity() -> None:
    result = run("dev")
    workspace = result.one("machinelearningservices:Workspace").inputs
    identity = f"/subscriptions/{SUBSCRIPTION}/azure-native:managedidentity:UserAssignedIdentity/"

    assert workspace["kind"] == "Default"
    for key, type_ in {
        "storageAccount": "storage:StorageAccount",
        "keyVault": "keyvault:Vault",
        "applicationInsights": "applicationinsights:Component",
        "containerRegistry": "containerregistry:Registry",
        "primaryUserAssignedIdentity": "managedidentity:UserAssignedIdentity",
    }.items():
        assert f"azure-native:{type_}/" in workspace[key]
    assert workspace["identity"]["type"] == "UserAssigned"
    assert workspace["identity"]["userAssignedIdentities"][0].startswith(identity)


def test_application_insights_keeps_its_data_in_log_analytics() -> None:
    insights = run("dev").one("applicationinsights:Component").inputs

    assert insights["ingestionMode"] == "LogAnalytics"
    assert "operationalinsights:Workspace" in insights["workspaceResourceId"]


def test_the_workspace_waits_for_the_rights_of_its_identity() -> None:
    result = run("dev")
    before = {one.urn for one in result.all("authorization:RoleAssignment") if one.name.startswith("workspace-access")}

    assert len(before) == 5
    assert before <= result.one("machinelearningservices:Workspace").depends_on


def test_each_identity_has_just_the_roles_it_needs_where_it_needs_them() -> None:
    roles = {"b24988ac": "Contributor", "ba92f5b4": "Storage Blob Data Contributor", "7f951dda": "AcrPull"}
    given = set()
    for one in run("dev").all("authorization:RoleAssignment"):
        role = roles[one.inputs["roleDefinitionId"].rpartition("/")[2][:8]]
        given.add((one.inputs["principalId"], role, one.inputs["scope"].split("/")[3]))

    assert given == {
        (IDENTITY_PRINCIPAL, "Contributor", "azure-native:storage:StorageAccount"),
        (IDENTITY_PRINCIPAL, "Storage Blob Data Contributor", "azure-native:storage:StorageAccount"),
        (IDENTITY_PRINCIPAL, "Contributor", "azure-native:keyvault:Vault"),
        (IDENTITY_PRINCIPAL, "Contributor", "azure-native:containerregistry:Registry"),
        (IDENTITY_PRINCIPAL, "Contributor", "azure-native:applicationinsights:Component"),
        (IDENTITY_PRINCIPAL, "Contributor", "azure-native:machinelearningservices:Workspace"),
        (CLUSTER_PRINCIPAL, "Storage Blob Data Contributor", "azure-native:storage:StorageAccount"),
        (CLUSTER_PRINCIPAL, "AcrPull", "azure-native:containerregistry:Registry"),
    }


def test_role_assignments_have_the_same_distinct_ids_in_every_run() -> None:
    def ids(result: Run) -> list[str]:
        return sorted(one.inputs["roleAssignmentName"] for one in result.all("authorization:RoleAssignment"))

    first, second = ids(run("dev")), ids(created("dev", configuration()))

    assert first == second
    assert len(set(first)) == len(first)


def test_the_account_key_is_kept_in_the_vault_and_nowhere_in_clear() -> None:
    result = run("dev")
    secret = result.one("keyvault:Secret")

    assert secret.inputs["secretName"] == "storage-account-key"
    assert secret.inputs["properties"]["value"] == ACCOUNT_KEY
    assert "properties" in secret.secret
    assert [one.name for one in result.azure if ACCOUNT_KEY in str(one.inputs)] == [secret.name]
    assert ACCOUNT_KEY not in result.raw_outputs


@pytest.mark.parametrize("stack", STACKS)
def test_a_first_preview_succeeds(stack: str) -> None:
    previewed, applied = run(stack, preview=True), run(stack)

    assert {one.urn for one in previewed.azure} == {one.urn for one in applied.azure}


@pytest.mark.parametrize(
    ("config", "said"),
    [
        (configuration() | {"azure-native:location": "westeurop"}, "did you mean 'westeurope'?"),
        (configuration() | {"azure-native:location": "atlantis"}, "'atlantis' is not an Azure region"),
        (configuration(workload="Fraud!"), "workload"),
        (configuration(instance="0123456"), "instance"),
    ],
)
def test_names_that_cannot_be_are_refused_with_the_file(config: dict[str, Any], said: str) -> None:
    with pytest.raises(InfraError) as caught:
        planned_names(settings_from(config, "dev"), ROOT, "Pulumi.dev.yaml")

    assert str(caught.value).startswith("Pulumi.dev.yaml: ")
    assert said in str(caught.value)
