"""What the readers make of Pulumi, ARM templates, Terraform, Azure's lists and tables."""

import json
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from naming import NamingError
from naming.lint.model import NamedResource
from naming.lint.sources.notes import Notes
from naming.lint.sources.places import path, place_of_id
from naming.lint.sources.pulumi import token_path, token_templates
from naming.lint.sources.recognition import read
from naming.lint.sources.terraform import azurerm_templates
from naming.rulebook import known_type

ML = "Microsoft.MachineLearningServices/workspaces"
GROUP = "/subscriptions/s/resourceGroups/rg-churn"
WORKSPACE = f"{GROUP}/providers/{ML}/mlw-churn"


def resources(folder: Path, content: Any, name: str = "source.json") -> tuple[list[NamedResource], Notes]:
    file = folder / name
    file.write_text(content if isinstance(content, str) else json.dumps(content, indent=1), "utf-8")
    notes = Notes()
    return list(read(str(file), notes)), notes


def step(token: str, operation: str = "create", **inputs: Any) -> dict[str, Any]:
    urn = f"urn:pulumi:dev::mlws::{token}::{inputs.get('logical', 'it')}"
    return {"op": operation, "urn": urn, "newState": {"urn": urn, "type": token, "inputs": inputs}}


def test_a_preview_gives_names_variants_tags_and_where_they_belong(tmp_path: Path) -> None:
    in_workspace = {"resourceGroupName": "rg-churn", "workspaceName": "mlw-churn"}
    steps = [
        step("pulumi:pulumi:Stack"),
        step("azure-native:machinelearningservices:Workspace", kind="Hub", tags={"owner": "ml"}, **in_workspace),
        step(
            "azure-native:machinelearningservices/v20240401:Compute",
            computeName="cpu",
            properties={"computeType": "ComputeInstance"},
            **in_workspace,
        ),
        step("azure-native:machinelearningservices:Datastore", name="raw", **in_workspace),
        step("azure-native:storage:StorageAccount", "delete", accountName="gone", resourceGroupName="rg-churn"),
    ]
    found, notes = resources(tmp_path, {"config": {"azure-native:subscriptionId": "s"}, "steps": steps})
    assert [(one.type, one.variant, one.name, one.scope_path) for one in found] == [
        (ML, "Hub", "mlw-churn", GROUP),
        (f"{ML}/computes", "ComputeInstance", "cpu", WORKSPACE),
        (f"{ML}/datastores", None, "raw", WORKSPACE),
    ]
    assert (found[0].tags, found[2].tags) == ({"owner": "ml"}, {})
    assert {one.environment for one in found} == {"dev"}
    lines = (tmp_path / "source.json").read_text().splitlines()
    assert all(one.address and one.line and one.address in lines[one.line - 1] for one in found)
    assert notes.sentences() == []


def test_names_that_a_preview_does_not_know_are_counted(tmp_path: Path) -> None:
    unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
    steps = [
        step("azure-native:keyvault:Vault", vaultName=unknown),
        step("azure-native:nothing:Ever", logical="b", name="x"),
    ]
    found, notes = resources(tmp_path, {"steps": steps})
    assert found == []
    assert "1 resource was left out, since their names are known only once" in notes.sentences()[0]
    assert "azure-native:nothing:Ever" in notes.sentences()[1]


def test_computes_of_unknown_workspaces_are_not_taken_for_neighbours(tmp_path: Path) -> None:
    unknown = {"workspaceName": "04da6b54-80e4-46f7-96ec-b56ff0331ba9", "computeName": "cpu"}
    token = "azure-native:machinelearningservices:Compute"
    steps = [step(token, logical="a", **unknown), step(token, logical="b", **unknown)]
    found, _ = resources(tmp_path, {"steps": steps})
    assert len({one.scope_path for one in found}) == 2


def test_an_exported_stack_is_read_by_its_resource_ids(tmp_path: Path) -> None:
    states = [
        {"urn": "urn:pulumi:prod::p::azure-native:x:Y::a", "type": "azure-native:x:Y", "id": f"{WORKSPACE}/models/m"},
        {
            "urn": "urn:pulumi:prod::p::azure-native:machinelearningservices:Job::j",
            "type": "azure-native:machinelearningservices:Job",
            "id": f"{WORKSPACE}/jobs/j1",
            "inputs": {"jobBaseProperties": {"experimentName": "churn-training"}},
        },
        {"urn": "urn:x", "type": "azure-native:keyvault:Vault", "id": f"{GROUP}/providers/a/b/c", "external": True},
        {"urn": "urn:y", "type": "azure-native:keyvault:Vault", "id": f"{GROUP}/providers/a/b/c", "delete": True},
    ]
    found, _ = resources(tmp_path, {"version": 3, "deployment": {"resources": states}})
    assert [(one.type.rpartition("/")[2], one.name, one.environment) for one in found] == [
        ("models", "m", "prod"),
        ("jobs", "j1", "prod"),
        ("experiments", "churn-training", "prod"),
    ]


def test_a_template_is_worked_out_with_its_children_copies_and_nested_deployments(tmp_path: Path) -> None:
    template = {
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "parameters": {"env": {"defaultValue": "dev"}, "word": {"type": "string"}},
        "variables": {"vault": "[toLower(format('KV-{0}-{1}', 'churn', parameters('env')))]"},
        "resources": {
            "vault": {
                "type": "Microsoft.KeyVault/vaults",
                "name": "[variables('vault')]",
                "tags": {"environment": "[parameters('env')]"},
                "resources": [{"type": "secrets", "name": "key"}],
            },
            "subnet": {"type": "Microsoft.Network/virtualNetworks/subnets", "name": "[concat('vnet', '/', 'default')]"},
            "copied": {
                "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
                "name": "[concat('id-churn-', string(copyIndex(1)))]",
                "copy": {"name": "loop", "count": "[length(createArray('a', 'b'))]"},
            },
            "inner": {
                "type": "Microsoft.Resources/deployments",
                "name": "inner",
                "resourceGroup": "rg-other",
                "properties": {
                    "expressionEvaluationOptions": {"scope": "inner"},
                    "parameters": {"name": {"value": "[replace('st-churn', '-', '')]"}},
                    "template": {
                        "parameters": {"name": {"defaultValue": "wrong"}},
                        "resources": [{"type": "Microsoft.Storage/storageAccounts", "name": "[parameters('name')]"}],
                    },
                },
            },
            "asked": {"type": "Microsoft.KeyVault/vaults", "name": "[parameters('word')]"},
            "azures": {"type": "Microsoft.KeyVault/vaults", "name": "[uniqueString(resourceGroup().id)]"},
            "there": {"existing": True, "type": "Microsoft.KeyVault/vaults", "name": "kv--"},
            "off": {"condition": False, "type": "Microsoft.KeyVault/vaults", "name": "kv--"},
        },
    }
    found, notes = resources(tmp_path, template)
    names = {one.name: one for one in found}
    assert [one.name for one in found] == [
        "kv-churn-dev",
        "key",
        "default",
        "id-churn-1",
        "id-churn-2",
        "stchurn",
        "inner",
    ]
    assert names["kv-churn-dev"].tags == {"environment": "dev"}
    assert names["key"].scope_path.endswith("/Microsoft.KeyVault/vaults/kv-churn-dev")
    assert names["default"].scope_path.endswith("virtualNetworks/vnet")
    assert names["stchurn"].scope_path.endswith("/resourceGroups/rg-other")
    assert "2 resources were left out, since their names are known only once they are deployed" in notes.sentences()[0]


def test_a_plan_of_terraform_is_read_in_all_modules(tmp_path: Path) -> None:
    def planned(kind: str, **values: Any) -> dict[str, Any]:
        return {"address": f"{kind}.{values['name']}", "mode": "managed", "type": kind, "values": values}

    cluster = planned("azurerm_machine_learning_compute_cluster", name="cpu", machine_learning_workspace_id=WORKSPACE)
    unknown = planned("azurerm_key_vault", name=None)
    data = {**planned("azurerm_key_vault", name="kv--"), "mode": "data"}
    container = planned("azurerm_storage_container", name="raw", storage_account_name="stchurn")
    azapi = planned("azapi_resource", name="m", type=f"{ML}/models@2024-04-01", parent_id=WORKSPACE, tags={"a": "b"})
    root = {
        "resources": [planned("azurerm_storage_account", name="stchurn", resource_group_name="rg", tags=None), data],
        "child_modules": [{"resources": [cluster, unknown], "child_modules": [{"resources": [container, azapi]}]}],
    }
    found, notes = resources(tmp_path, {"format_version": "1.2", "planned_values": {"root_module": root}})
    assert [(one.type, one.variant, one.name, one.tags) for one in found] == [
        ("Microsoft.Storage/storageAccounts", None, "stchurn", {}),
        (f"{ML}/computes", "AmlCompute", "cpu", None),
        ("Microsoft.Storage/storageAccounts/blobServices/containers", None, "raw", None),
        (f"{ML}/models", None, "m", {"a": "b"}),
    ]
    assert found[1].scope_path == found[3].scope_path == WORKSPACE
    assert found[2].scope_path.endswith("/storageAccounts/stchurn/blobServices/default")
    assert len(notes.sentences()) == 1


@pytest.mark.parametrize(
    ("kind", "parent", "scope"),
    [
        ("azurerm_storage_container", {"storage_account_name": "st"}, "/storageAccounts/st/blobServices/default"),
        ("azurerm_storage_container", {"storage_account_id": "/s/st"}, "/s/st/blobServices/default"),
        ("azurerm_eventhub", {"namespace_id": "/s/evhns"}, "/s/evhns"),
        ("azurerm_servicebus_subscription", {"topic_id": "/s/sbns/topics/sbt"}, "/s/sbns/topics/sbt"),
    ],
)
def test_a_parent_is_known_by_name_or_by_id(tmp_path: Path, kind: str, parent: dict[str, str], scope: str) -> None:
    planned = {"address": "a.b", "mode": "managed", "type": kind, "values": {"name": "n", **parent}}
    plan = {"format_version": "1.2", "planned_values": {"root_module": {"resources": [planned]}}}
    (found,), _ = resources(tmp_path, plan)
    assert found.scope_path.endswith(scope)


def test_lists_of_azure_and_of_a_workspace_are_read(tmp_path: Path) -> None:
    listed = [
        {"id": f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-a", "name": "kv-a", "type": "x", "tags": None},
        {"id": f"azureml:{WORKSPACE}/datastores/raw", "name": "raw", "type": "azure_blob"},
        {"id": f"{WORKSPACE}/computes/cpu", "name": "cpu", "type": "amlcompute"},
        {"id": f"{WORKSPACE}/data/d/versions/1", "name": "d", "version": "1"},
        {"id": f"{WORKSPACE}/data/d/versions/2", "name": "d", "version": "2"},
        {"name": "m", "type": "custom_model", "version": "1"},
        {"name": "train", "conda_file": {}, "version": "1"},
        {"name": "ep", "auth_mode": "key", "traffic": {}},
        {"name": "mlw/cpu2", "type": f"{ML}/computes", "kind": "ComputeInstance", "resourceGroup": "rg"},
        {"nothing": 1},
    ]
    found, notes = resources(tmp_path, listed)
    assert [(one.type.rpartition("/")[2], one.variant, one.name) for one in found] == [
        ("vaults", None, "kv-a"),
        ("datastores", None, "raw"),
        ("computes", "AmlCompute", "cpu"),
        ("data", None, "d"),
        ("models", None, "m"),
        ("environments", None, "train"),
        ("onlineEndpoints", None, "ep"),
        ("computes", "ComputeInstance", "cpu2"),
    ]
    assert found[0].tags == {}
    assert found[1].tags is None
    assert len(notes.sentences()) == 1
    assert [one.name for one in resources(tmp_path, {"value": listed})[0]] == [one.name for one in found]
    experiments, _ = resources(tmp_path, {"experiments": [{"experiment_id": "1", "name": "churn training"}]})
    assert [(one.type, one.name) for one in experiments] == [(f"{ML}/experiments", "churn training")]


def test_a_table_may_say_more_than_types_and_names(tmp_path: Path) -> None:
    table = (
        "NAME;TYPE;Resource Group;Subscription ID;tag:owner;tags;environment\n"
        'kv-a;Microsoft.KeyVault/vaults;rg;s;ml;"{""a"":1}";dev\n'
        "cpu;compute instance;rg;s;;x=y;\n\n"
        "x;Microsoft.Nothing/ever;rg;s;;;\n"
    )
    found, notes = resources(tmp_path, table, "export.csv")
    assert [(one.type, one.variant, one.name, one.tags, one.environment, one.line) for one in found] == [
        ("Microsoft.KeyVault/vaults", None, "kv-a", {"a": "1", "owner": "ml"}, "dev", 2),
        (f"{ML}/computes", "ComputeInstance", "cpu", {"x": "y"}, None, 3),
    ]
    assert found[0].scope_path == "/subscriptions/s/resourceGroups/rg"
    assert "Microsoft.Nothing/ever" in notes.sentences()[0]


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ("type,name\nkv\n", "t.csv:2: the row has 1 column, and the header asks for 2."),
        ("type,name\nkvv,x\n", "t.csv:2: no naming rule"),
        ("type,name,tags\nkv,kv-a,oops\n", "t.csv:2: 'oops' are no tags"),
    ],
)
def test_a_mistake_in_a_table_is_a_sentence_with_its_line(tmp_path: Path, table: str, sentence: str) -> None:
    with pytest.raises(NamingError, match=re.escape(sentence)):
        resources(tmp_path, table, "t.csv")


def test_the_settings_of_a_stack_are_a_source(tmp_path: Path) -> None:
    found, _ = resources(tmp_path, "config:\n  app:keyVaultName: kv-churn\n", "Pulumi.qa.yaml")
    assert [(one.type, one.name, one.environment) for one in found] == [("Microsoft.KeyVault/vaults", "kv-churn", "qa")]


@pytest.mark.parametrize(
    ("resource_id", "place"),
    [
        ("/subscriptions/s/resourceGroups/rg", ("Microsoft.Resources/resourceGroups", "rg", "/subscriptions/s")),
        (f"{WORKSPACE}/computes/c", (f"{ML}/computes", "c", WORKSPACE)),
        (f"{WORKSPACE}/models/m/versions/3", (f"{ML}/models", "m", WORKSPACE)),
        (f"{WORKSPACE}/providers/Microsoft.Authorization/locks/l", ("Microsoft.Authorization/locks", "l", WORKSPACE)),
        ("/subscriptions/s", None),
        ("/subscriptions//resourceGroups/rg", None),
        ("subscriptions/s/resourceGroups/rg", None),
        ("https://kv.vault.azure.net/secrets/s", None),
        ("", None),
    ],
)
def test_a_resource_id_says_what_it_is(resource_id: str, place: tuple[str, str, str] | None) -> None:
    found = place_of_id(resource_id)
    assert (found and (found.type, found.name, found.scope_path)) == place


def test_every_azurerm_type_leads_to_a_type_and_nearly_all_to_a_rule() -> None:
    types = {kind: path(template).type for kind, template in azurerm_templates().items()}
    without = {kind for kind, resource_type in types.items() if known_type(resource_type) is None}
    assert len(types) > 200
    assert len(without) < 0.1 * len(types), sorted(without)


def test_every_curated_token_is_one_of_the_sdk_with_these_inputs() -> None:
    spec = find_spec("pulumi_azure_native")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("pulumi-azure-native is not installed")
    sdk = _inputs_of_sdk(Path(next(iter(spec.submodule_search_locations))))
    for token, template in token_templates().items():
        assert token in sdk, token
        holes = set(re.findall(r"\{(\w+)\}", template))
        assert holes <= sdk[token], (token, holes - sdk[token])
    assert token_path("azure-native:storage:StorageAccount") is not None


def _inputs_of_sdk(folder: Path) -> dict[str, set[str]]:
    """The inputs of each resource of the SDK as the wire calls them, by `module:Type`."""
    found: dict[str, set[str]] = {}
    for file in folder.glob("*/*.py"):
        text = file.read_text("utf-8")
        token = re.search(r'@pulumi\.type_token\("azure-native:(\w+:\w+)"\)', text)
        signature = re.search(r"class \w+Args:\n    def __init__\(__self__, \*,\n(.*?)\):\n", text, re.DOTALL)
        if token and signature:
            wire = {python: name for name, python in re.findall(r'getter\(name="(\w+)"\)\n    def (\w+)\(', text)}
            inputs = re.findall(r"^\s+(\w+): pulumi\.Input\[", signature[1], re.MULTILINE)
            found[token[1]] = {wire.get(one, one) for one in inputs}
    return found
