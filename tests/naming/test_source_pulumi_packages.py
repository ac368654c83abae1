"""The packages of Pulumi besides today's azure-native: its former tokens, single API versions, and `azure`."""

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from naming.lint.sources.pulumi import former_tokens, token_path, token_templates
from naming.lint.sources.pulumi_classic import _azurerm_types, classic_path
from naming.lint.sources.terraform import azurerm_templates
from naming.rulebook import known_type
from tests.naming.test_source_estates import resources, step

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


@pytest.mark.parametrize(
    ("token", "kind"),
    [
        ("azure-native_keyvault_v20240401:keyvault:Vault", "Microsoft.KeyVault/vaults"),
        ("azure-native_storage_v20230501preview:storage:StorageAccount", "Microsoft.Storage/storageAccounts"),
        ("azure-native:insights:Component", "Microsoft.Insights/components"),
        ("azure-native:insights/v20200202:Component", "Microsoft.Insights/components"),
        ("azure-native:documentdb:DatabaseAccount", "Microsoft.DocumentDB/databaseAccounts"),
        ("azure-native:network:PrivateZone", "Microsoft.Network/privateDnsZones"),
    ],
)
def test_tokens_of_other_versions_are_known(token: str, kind: str) -> None:
    where = token_path(token)
    assert where is not None
    assert where.type == kind


@pytest.mark.parametrize(
    "token", ["azure-nativex:keyvault:Vault", "azure-native_keyvault:keyvault:Vault", "aws:s3:Bucket", "azure-native:x"]
)
def test_tokens_of_other_packages_are_not(token: str) -> None:
    assert token_path(token) is None


def test_former_tokens_are_aliases_in_the_sdk() -> None:
    spec = find_spec("pulumi_azure_native")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("pulumi-azure-native is not installed")
    found: dict[str, set[str]] = {}
    for file in Path(next(iter(spec.submodule_search_locations))).glob("*/*.py"):
        text = file.read_text("utf-8")
        token = re.search(r'@pulumi\.type_token\("azure-native:(\w+:\w+)"\)', text)
        if token and token[1] in token_templates():
            for module, kind in re.findall(r'Alias\(type_="azure-native:(\w+)(?:/\w+)?:(\w+)"\)', text):
                found.setdefault(f"{module}:{kind}", set()).add(token[1])
    expected = {name: now.pop() for name, now in found.items() if name not in token_templates() and len(now) == 1}
    assert dict(former_tokens()) == expected


def test_the_package_azure_is_read_as_azurerm_is(tmp_path: Path) -> None:
    vault = step("azure:keyvault/keyVault:KeyVault", name="kv--x", resourceGroupName="rg", tags={"owner": "ml"})
    compute = step(
        "azure:machinelearning/computeInstance:ComputeInstance",
        name="ci-jane",
        machineLearningWorkspaceId="/subscriptions/s/resourceGroups/rg/providers/"
        "Microsoft.MachineLearningServices/workspaces/mlw",
    )
    machine = step("azure:compute/windowsVirtualMachine:WindowsVirtualMachine", name="vm", resourceGroupName="rg")
    found, notes = resources(tmp_path, {"steps": [vault, compute, machine]})
    assert [(one.type.rpartition("/")[2], one.variant, one.name) for one in found] == [
        ("vaults", None, "kv--x"),
        ("computes", "ComputeInstance", "ci-jane"),
        ("virtualMachines", "Windows", "vm"),
    ]
    assert found[0].tags == {"owner": "ml"}
    assert found[0].scope_path.endswith("/resourceGroups/rg")
    assert found[1].scope_path.endswith("/workspaces/mlw")
    assert notes.sentences() == []


def test_what_the_package_azure_has_besides_is_noted_and_settings_are_not_resources(tmp_path: Path) -> None:
    rules = step("azure:storage/accountNetworkRules:AccountNetworkRules", storageAccountId=UNKNOWN)
    rules["newState"]["id"] = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/st"
    named = step("azure:nowhere/thing:Thing", name="thing")
    unknown = step("azure:keyvault/keyVault:KeyVault", name=UNKNOWN, resourceGroupName="rg")
    found, notes = resources(tmp_path, {"steps": [rules, named, unknown]})
    assert found == []
    assert sorted(sentence.partition(": ")[2] for sentence in notes.sentences()) == [
        "1 resource was left out, since no rule is known for azure:nowhere/thing:Thing.",
        "1 resource was left out, since their names are known only once they are deployed.",
    ]


def test_names_in_groups_that_are_not_known_yet_are_not_compared(tmp_path: Path) -> None:
    token = "azure:appinsights/insights:Insights"
    steps = [step(token, logical=one, name="appi", resourceGroupName=UNKNOWN) for one in "ab"]
    places = {one.scope_path for one in resources(tmp_path, {"steps": steps})[0]}
    assert len(places) == 2


def test_every_type_of_the_package_azure_leads_to_azurerm() -> None:
    assert set(_azurerm_types().values()) <= set(azurerm_templates())
    paths = [classic_path(f"azure:{token}") for token in _azurerm_types()]
    known = [where for where in paths if where and known_type(where.type)]
    assert len(known) > 0.9 * len(paths) > 200
