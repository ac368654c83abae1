"""Which variant of a type the readers take a resource for, by what its body says."""

from pathlib import Path
from typing import Any

import pytest

from naming.lint.sources.bodies import variant_of
from tests.naming.test_source_estates import GROUP, resources, step
from tests.naming.test_source_places import TEMPLATE

MACHINE = "Microsoft.Compute/virtualMachines"
SCALE_SET = "Microsoft.Compute/virtualMachineScaleSets"
POOL = "Microsoft.ContainerService/managedClusters/agentPools"
SITE = "Microsoft.Web/sites"
BY_PROFILE: dict[str, Any] = {"osProfile": {"windowsConfiguration": {}}}
BY_DISK = {"storageProfile": {"osDisk": {"osType": "Windows"}}}
LINUX = {"osProfile": {"linuxConfiguration": {}}, "storageProfile": {"osDisk": {"osType": "Linux"}}}


@pytest.mark.parametrize(
    ("kind", "body", "variant"),
    [
        (MACHINE, {"properties": BY_PROFILE}, "Windows"),
        (MACHINE, {"properties": BY_DISK}, "Windows"),
        (MACHINE, {"properties": LINUX}, None),
        (MACHINE, {}, None),
        (SCALE_SET, {"properties": {"virtualMachineProfile": BY_PROFILE}}, "Windows"),
        (SCALE_SET, {"properties": {"virtualMachineProfile": BY_DISK}}, "Windows"),
        (POOL, {"properties": {"osType": "Windows"}}, "Windows"),
        (SITE, {"kind": "functionapp,linux", "properties": {}}, "functionapp"),
        (SITE, {"kind": "app,linux", "properties": {}}, None),
        (SITE, {"kind": "functionapp,workflowapp", "properties": {}}, None),
        ("Microsoft.MachineLearningServices/workspaces", {"kind": "Hub", "properties": {}}, "Hub"),
        (
            "Microsoft.MachineLearningServices/workspaces/computes",
            {"properties": {"computeType": "ComputeInstance"}},
            "ComputeInstance",
        ),
    ],
)
def test_the_body_tells_the_variant(kind: str, body: dict[str, Any], variant: str | None, tmp_path: Path) -> None:
    name = "/".join(["own"] * kind.count("/"))
    template = {
        "$schema": TEMPLATE,
        "contentVersion": "1.0.0.0",
        "resources": [{"type": kind, "name": name, **body}],
    }
    assert [one.variant for one in resources(tmp_path, template)[0]] == [variant]
    pairs = [f"{segment}/own" for segment in kind.split("/")[1:]]
    resource_id = "/".join([GROUP, "providers", kind.split("/", maxsplit=1)[0], *pairs])
    listed = [{"id": resource_id, "type": kind, "name": name, **body}]
    assert [one.variant for one in resources(tmp_path, listed)[0]] == [variant]


@pytest.mark.parametrize(
    ("token", "inputs"),
    [
        ("compute:VirtualMachine", {"vmName": "vm", **BY_PROFILE}),
        ("compute:VirtualMachineScaleSet", {"vmScaleSetName": "vm", "virtualMachineProfile": BY_DISK}),
        ("containerservice:AgentPool", {"agentPoolName": "np", "resourceName": "aks", "osType": "Windows"}),
    ],
)
def test_a_preview_tells_windows(token: str, inputs: dict[str, Any], tmp_path: Path) -> None:
    steps = [step(f"azure-native:{token}", resourceGroupName="rg", **inputs)]
    assert [one.variant for one in resources(tmp_path, {"steps": steps})[0]] == ["Windows"]


def test_terraform_and_tables_tell_windows_and_function_apps(tmp_path: Path) -> None:
    kinds = {
        "azurerm_kubernetes_cluster_node_pool": {"os_type": "Windows"},
        "azurerm_windows_function_app": {},
        "azurerm_windows_virtual_machine": {},
    }
    planned = [
        {"type": kind, "address": f"{kind}.x", "values": {"name": "x", "resource_group_name": "rg", **values}}
        for kind, values in kinds.items()
    ]
    plan = {"format_version": "1.2", "planned_values": {"root_module": {"resources": planned}}}
    assert [one.variant for one in resources(tmp_path, plan)[0]] == ["Windows", "functionapp", "Windows"]
    table = f'type,name,kind\n{SITE},x,"functionapp,linux"\n{MACHINE},x,Windows\n'
    assert [one.variant for one in resources(tmp_path, table, "t.csv")[0]] == ["functionapp", "Windows"]


def test_an_operating_system_that_a_parameter_holds_is_worked_out(tmp_path: Path) -> None:
    body = {"storageProfile": {"osDisk": {"osType": "[parameters('system')]"}}}
    template = {
        "$schema": TEMPLATE,
        "contentVersion": "1.0.0.0",
        "parameters": {"system": {"defaultValue": "Windows"}},
        "resources": [{"type": MACHINE, "name": "vm", "properties": body}],
    }
    assert [one.variant for one in resources(tmp_path, template)[0]] == ["Windows"]


@pytest.mark.parametrize("body", [None, [], "x", {"properties": 1, "osProfile": []}, {"storageProfile": {"osDisk": 3}}])
def test_a_body_of_another_shape_has_no_variant(body: object) -> None:
    assert variant_of(body) is None
