"""The matrix: kind, network, identity, key, datastores, profile and class of region, in every combination.

Settings judge all 1728. Of the 1092 that they take, the 64 run that have every three values of different dimensions in
one of them; a dozen properties hold in each.
"""

import importlib
import inspect
import itertools
from functools import cache
from typing import Any

import pytest

from infra.errors import SettingsError
from infra.settings import settings_from
from localazure.pulumi_provider.catalogue import load
from naming import rule_for
from tests.infra.matrix import KEY_VAULT_ID, Combination, combinations, sample
from tests.infra.program import ACCOUNT_KEY, IDENTITY_PRINCIPAL, TENANT, Registered, Run, created, name_of

EMBEDDED_TENANT = "10ca1a2e-0000-4000-8000-000000000000"
STACK_TAGS = {"environment", "workload", "owner", "cost-centre", "data-classification", "managed-by"}
WORKSPACE, VAULT, SECRET = "machinelearningservices:Workspace", "keyvault:Vault", "keyvault:Secret"
ASSIGNMENT, ACCOUNT = "authorization:RoleAssignment", "storage:StorageAccount"
CATALOGUE = load()
# Microsoft publishes none.
WITHOUT_A_RULE = {
    "Microsoft.Insights/privateLinkScopes",
    "Microsoft.Insights/privateLinkScopes/scopedResources",
    "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
}
# One worker runs a combination once, for all of its tests.
RUN = [pytest.param(one, id=str(one), marks=pytest.mark.xdist_group(str(one))) for one in sample()]
every_run = pytest.mark.parametrize("combination", RUN)


@cache
def run(combination: Combination) -> Run:
    tenant = EMBEDDED_TENANT if combination.profile == "local" else TENANT
    return created(combination.profile, combination.config, tenant=tenant)


@cache
def before(combination: Combination) -> dict[str, frozenset[str]]:
    """What each resource waits for, and what that waits for: URNs by URN."""
    direct = {one.urn: one.depends_on for one in run(combination).resources}
    found: dict[str, frozenset[str]] = {}

    def all_of(urn: str) -> frozenset[str]:
        if urn not in found:
            found[urn] = direct[urn].union(*(all_of(one) for one in direct[urn]))
        return found[urn]

    for urn in direct:
        all_of(urn)
    return found


def waits(combination: Combination, one: Registered, others: list[Registered]) -> bool:
    return before(combination)[one.urn] >= {other.urn for other in others}


def takes(one: Registered, key: str) -> bool:
    """Whether azure-native's class of this resource has such an input."""
    _, module, name = one.type.split(":")
    args = getattr(importlib.import_module(f"pulumi_azure_native.{module}"), f"{name}Args")
    return key in inspect.signature(args.__init__).parameters


def is_project(combination: Combination) -> bool:
    return combination.kind == "Project"


def test_the_runs_are_as_many_as_this_file_says() -> None:
    possible = [one for one in combinations() if one.refused is None]

    assert (len(combinations()), len(possible), len(sample())) == (1728, 1092, 64)


def test_settings_take_what_azure_can_have_and_refuse_the_rest_in_a_sentence() -> None:
    for one in combinations():
        try:
            settings_from(one.config, one.profile)
        except SettingsError as error:
            said = str(error)
            assert one.refused is not None, f"{one}: {said}"
            assert said.startswith(f"Pulumi.{one.profile}.yaml: {one.refused}"), said
            assert "\n" not in said
        else:
            assert one.refused is None, one


@every_run
def test_every_name_is_one_that_azure_takes_and_no_two_are_alike(combination: Combination) -> None:
    names = []
    for one in run(combination).azure:
        arm_type = CATALOGUE.resources[one.type].arm_type
        name = name_of(one.type, one.inputs)
        assert arm_type in WITHOUT_A_RULE or rule_for(arm_type).violations(name) == [], (arm_type, name)
        names.append((one.type, name, str(one.inputs.get("scope", one.inputs.get("resourceUri"))), parent_of(one)))
    assert len(set(names)) == len(names)


def parent_of(one: Registered) -> tuple[str, ...]:
    keys = ("accountName", "vaultName", "privateZoneName", "privateEndpointName", "virtualNetworkName", "scopeName")
    return tuple(str(one.inputs[key]) for key in keys if key in one.inputs)


@every_run
def test_every_resource_that_takes_tags_has_the_stacks(combination: Combination) -> None:
    tagged = [one for one in run(combination).azure if takes(one, "tags")]

    assert tagged
    for one in tagged:
        assert one.inputs["tags"].keys() >= STACK_TAGS, one.name
        assert one.inputs["tags"]["environment"] == combination.profile


@every_run
def test_everything_is_in_the_region_and_in_one_group(combination: Combination) -> None:
    result = run(combination)
    group = result.one("resources:ResourceGroup").inputs["resourceGroupName"]

    assert {one.inputs.get("location") for one in result.azure} <= {None, "global", combination.region}
    assert {one.inputs.get("resourceGroupName") for one in result.azure} <= {None, group}


@every_run
def test_storage_is_closed_to_whoever_has_no_right(combination: Combination) -> None:
    result = run(combination)

    for account in result.all(ACCOUNT):
        assert account.inputs["minimumTlsVersion"] == "TLS1_2"
        assert account.inputs["enableHttpsTrafficOnly"] is True
        assert account.inputs["allowBlobPublicAccess"] is False
        assert account.inputs["allowCrossTenantReplication"] is False
        assert account.inputs["allowSharedKeyAccess"] is (combination.datastores == "key")
    assert {one.inputs["publicAccess"] for one in result.all("storage:BlobContainer")} <= {"None"}
    assert len(result.all(ACCOUNT)) == (0 if is_project(combination) else 1)


@every_run
def test_the_vault_loses_nothing_and_asks_as_it_is_told(combination: Combination) -> None:
    result = run(combination)

    for vault in (one.inputs["properties"] for one in result.all(VAULT)):
        assert vault["enableSoftDelete"] is True
        assert vault["enablePurgeProtection"] is True
        assert vault["enableRbacAuthorization"] is (combination.identity == "system-assigned")
        assert "purge" not in str(vault["accessPolicies"])
    assert len(result.all(VAULT)) == (0 if is_project(combination) else 1)


@every_run
def test_registry_and_computes_have_no_accounts_of_their_own(combination: Combination) -> None:
    result = run(combination)

    for registry in result.all("containerregistry:Registry"):
        assert registry.inputs["adminUserEnabled"] is False
        assert registry.inputs["anonymousPullEnabled"] is False
    computes = result.all("machinelearningservices:Compute")
    assert len(computes) == (combination.kind == "Default")
    for compute in (one.inputs["properties"] for one in computes):
        assert compute["disableLocalAuth"] is True
        assert compute["properties"]["remoteLoginPortPublicAccess"] == "Disabled"
        assert compute["properties"]["scaleSettings"]["minNodeCount"] == 0


@every_run
def test_the_internet_reaches_what_the_network_leaves_open(combination: Combination) -> None:
    result = run(combination)
    open_ = "Disabled" if combination.network == "private" else "Enabled"
    others = "Allow" if combination.network == "public" else "Deny"
    vaults = [one.inputs["properties"] for one in result.all(VAULT)]
    accounts = [one.inputs for one in result.all(ACCOUNT)]
    registries = [one.inputs for one in result.all("containerregistry:Registry")]

    assert {one["publicNetworkAccess"] for one in (*vaults, *accounts, *registries)} <= {open_}
    assert {one["networkAcls"]["defaultAction"] for one in vaults} <= {others}
    assert {one["networkRuleSet"]["defaultAction"] for one in accounts} <= {others}
    for logs in (*result.all("operationalinsights:Workspace"), *result.all("applicationinsights:Component")):
        assert logs.inputs["publicNetworkAccessForIngestion"] == logs.inputs["publicNetworkAccessForQuery"] == open_
    if not is_project(combination):
        assert result.one(WORKSPACE).inputs["publicNetworkAccess"] == open_
    assert len(result.all("network:PrivateEndpoint")) == (6 if combination.network == "private" else 0)


@every_run
def test_a_key_of_an_account_is_in_the_vault_where_one_is_used_and_nowhere_in_clear(combination: Combination) -> None:
    result = run(combination)
    uses_key = combination.datastores == "key" and not is_project(combination)

    assert len(result.all(SECRET)) == uses_key
    for one in result.azure:
        if ACCOUNT_KEY in str(one.inputs):
            assert one.type.endswith(SECRET)
            assert "properties" in one.secret
    assert ACCOUNT_KEY not in result.raw_outputs


@every_run
def test_the_workspace_comes_after_what_it_is_tied_to_and_after_its_rights(combination: Combination) -> None:
    result = run(combination)
    workspace = result.one(WORKSPACE)
    parts = [*result.all("applicationinsights:Component"), *result.all("resources:ResourceGroup")]
    for type_ in (VAULT, ACCOUNT, "containerregistry:Registry", "managedidentity:UserAssignedIdentity", "keyvault:Key"):
        parts += result.all(type_)
    rights = [
        one
        for one in result.all(ASSIGNMENT)
        if one.inputs["principalId"] == IDENTITY_PRINCIPAL
        and not any(later in one.inputs["scope"] for later in (WORKSPACE, "/containers/"))
    ]

    assert waits(combination, workspace, parts)
    assert waits(combination, workspace, rights)
    assert bool(rights) is (combination.identity == "user-assigned")


@every_run
def test_secrets_come_after_the_right_to_write_them_and_computes_after_the_workspace(
    combination: Combination,
) -> None:
    result = run(combination)
    on_the_vault = [one for one in result.all(ASSIGNMENT) if one.name.startswith("key-vault-")]

    assert bool(on_the_vault) is (combination.identity == "system-assigned" and not is_project(combination))
    for secret in result.all(SECRET):
        assert waits(combination, secret, [*result.all(VAULT), *on_the_vault])
    for compute in result.all("machinelearningservices:Compute"):
        assert waits(combination, compute, [result.one(WORKSPACE)])


@every_run
def test_a_customers_key_is_the_workspaces_and_who_needs_it_has_it(combination: Combination) -> None:
    result = run(combination)
    encryption: dict[str, Any] | None = result.one(WORKSPACE).inputs.get("encryption")
    users = {one.inputs["principalId"] for one in result.all(ASSIGNMENT) if one.inputs["scope"] == KEY_VAULT_ID}

    assert (encryption is None) is (combination.key == "microsoft")
    assert len(result.all("keyvault:Key")) == (combination.key == "own-vault")
    # Azure gives its own identity what it needs.
    given_to_ours = combination.key == "given" and combination.identity == "user-assigned"
    assert users == ({IDENTITY_PRINCIPAL} if given_to_ours else set())


@every_run
def test_no_role_is_assigned_twice_and_each_says_to_what(combination: Combination) -> None:
    assignments = [one.inputs for one in run(combination).all(ASSIGNMENT)]

    ids = [one["roleAssignmentName"] for one in assignments]
    given = [(one["principalId"], one["roleDefinitionId"], one["scope"]) for one in assignments]
    assert len(set(ids)) == len(ids)
    assert len(set(given)) == len(given)
    assert {one["principalType"] for one in assignments} <= {"User", "ServicePrincipal"}


def test_runs_differ_where_their_combinations_do() -> None:
    """Otherwise a dimension would be one that nothing depends on."""
    urns = {one: frozenset((each.urn, str(each.inputs)) for each in run(one).azure) for one in sample()[:12]}

    assert all(first != second for first, second in itertools.combinations(urns.values(), 2))
