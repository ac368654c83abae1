"""Where the readers place resources that are on others, and those whose names are unique in a region."""

import json
from pathlib import Path
from typing import Any

import pytest

from naming.lint.checks import registry
from naming.lint.configuration import Configuration
from naming.lint.engine import lint_sources
from naming.lint.sources.notes import Notes
from tests.naming.test_source_estates import GROUP, WORKSPACE, resources, step

ONLY_UNIQUENESS = Configuration().with_options(["NAM3"])
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SETTING = "Microsoft.Insights/diagnosticSettings"
TEMPLATE = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"


def duplicates(folder: Path, content: Any, name: str = "source.json") -> list[str]:
    file = folder / name
    file.write_text(content if isinstance(content, str) else json.dumps(content, indent=1), "utf-8")
    found = lint_sources([], [str(file)], [registry(None, ONLY_UNIQUENESS)], Notes())
    return [f"{one.id} {one.resource.name}" for one in found]


def setting(logical: str, resource: str) -> dict[str, Any]:
    return step("azure-native:monitor:DiagnosticSetting", logical=logical, name="service", resourceUri=resource)


def test_what_is_on_another_resource_is_compared_there_alone(tmp_path: Path) -> None:
    unknown = [setting("a", UNKNOWN), setting("b", UNKNOWN)]
    assert duplicates(tmp_path, {"steps": unknown}) == []
    apart = [setting("a", WORKSPACE), setting("b", GROUP)]
    assert duplicates(tmp_path, {"steps": apart}) == []
    together = [setting("a", WORKSPACE), setting("b", WORKSPACE.upper())]
    assert duplicates(tmp_path, {"steps": together}) == ["NAM301 service"]


def test_budgets_of_two_groups_may_have_one_name(tmp_path: Path) -> None:
    token = "azure-native:consumption:Budget"
    steps = [step(token, logical=one, budgetName="monthly", scope=f"/subscriptions/s/{one}") for one in ("a", "b")]
    assert duplicates(tmp_path, {"steps": steps}) == []
    same = [step(token, logical=one, budgetName="monthly", scope=GROUP) for one in ("a", "b")]
    assert duplicates(tmp_path, {"steps": same}) == ["NAM301 monthly"]


@pytest.mark.parametrize(("other", "found"), [("kv-b", []), ("kv-a", ["NAM301 keep"])])
def test_a_template_says_what_a_lock_is_on(tmp_path: Path, other: str, found: list[str]) -> None:
    scopes = [f"[format('Microsoft.KeyVault/vaults/{{0}}', '{vault}')]" for vault in ("kv-a", other)]
    locks = [
        {"type": "Microsoft.Authorization/locks", "name": "keep", "scope": scope, "x": n}
        for n, scope in enumerate(scopes)
    ]
    template = {"$schema": TEMPLATE, "contentVersion": "1.0.0.0", "resources": locks}
    # The address of a lock is its name in the template; what tells two of them apart here is where they stand.
    places = [one.scope_path for one in resources(tmp_path, template)[0]]
    assert [place.rpartition("/")[2] for place in places] == ["kv-a", other]
    assert (places[0] == places[1]) == bool(found)


def test_an_older_template_has_the_provider_in_the_name(tmp_path: Path) -> None:
    vault = "Microsoft.KeyVault/vaults"
    template = {
        "$schema": TEMPLATE,
        "contentVersion": "1.0.0.0",
        "resources": [
            {"type": f"{vault}/providers/diagnosticSettings", "name": "kv-a/Microsoft.Insights/to-logs"},
            {"type": vault, "name": "kv-b", "resources": [
                {"type": "providers/locks", "name": "Microsoft.Authorization/keep"},
            ]},
        ],
    }  # fmt: skip
    found, notes = resources(tmp_path, template)
    assert notes.sentences() == []
    source = tmp_path / "source.json"
    assert [(one.type, one.name, one.scope_path) for one in found] == [
        (SETTING, "to-logs", f"{source}/{vault}/kv-a"),
        (vault, "kv-b", str(source)),
        ("Microsoft.Authorization/locks", "keep", f"{source}/{vault}/kv-b"),
    ]


def test_terraform_says_what_a_setting_is_on_or_it_is_alone(tmp_path: Path) -> None:
    def plan(*targets: str) -> dict[str, Any]:
        kind = "azurerm_monitor_diagnostic_setting"
        settings = [
            {
                "mode": "managed",
                "type": kind,
                "address": f"{kind}.s[{index}]",
                "values": {"name": "to-logs", **({"target_resource_id": target} if target else {})},
            }
            for index, target in enumerate(targets)
        ]
        return {"format_version": "1.2", "planned_values": {"root_module": {"resources": settings}}}

    assert duplicates(tmp_path, plan("", "")) == []
    assert duplicates(tmp_path, plan(WORKSPACE, GROUP)) == []
    assert duplicates(tmp_path, plan(WORKSPACE, WORKSPACE)) == ["NAM301 to-logs"]


@pytest.mark.parametrize(
    ("name", "content"),
    [("names.txt", f"{SETTING}=to-logs\n{SETTING}=to-logs\n"), ("t.csv", f"type,name\n{SETTING},to-logs\n" * 2)],
)
def test_a_list_that_does_not_say_what_a_setting_is_on_has_no_duplicates(
    tmp_path: Path, name: str, content: str
) -> None:
    assert duplicates(tmp_path, content.replace("\ntype,name\n", "\n"), name) == []


def batch(group: str, location: str) -> dict[str, str]:
    kind = "Microsoft.Batch/batchAccounts"
    resource_id = f"/subscriptions/s/resourceGroups/{group}/providers/{kind}/batcha"
    return {"id": resource_id, "type": kind, "name": "batcha", "location": location}


def test_a_name_that_is_unique_in_a_region_is_compared_across_groups(tmp_path: Path) -> None:
    assert duplicates(tmp_path, [batch("rg-a", "westeurope"), batch("rg-b", "West Europe")]) == ["NAM301 batcha"]
    assert duplicates(tmp_path, [batch("rg-a", "westeurope"), batch("rg-b", "northeurope")]) == []


def test_a_table_may_say_the_region(tmp_path: Path) -> None:
    header = "type,name,resource group,location\n"
    rows = "batch account,batcha,rg-a,westeurope\nbatch account,batcha,rg-b,{}\n"
    assert duplicates(tmp_path, header + rows.format("westeurope"), "t.csv") == ["NAM301 batcha"]
    assert duplicates(tmp_path, header + rows.format("northeurope"), "t.csv") == []


def test_endpoints_of_two_workspaces_in_one_region_are_compared(tmp_path: Path) -> None:
    token = "azure-native:machinelearningservices:OnlineEndpoint"
    place = {"resourceGroupName": "rg", "endpointName": "ep-churn", "location": "westeurope"}
    steps = [step(token, logical=one, workspaceName=one, **place) for one in ("mlw-a", "mlw-b")]
    assert duplicates(tmp_path, {"steps": steps}) == ["NAM301 ep-churn"]


def test_an_entry_without_an_id_has_its_line(tmp_path: Path) -> None:
    kind = "Microsoft.MachineLearningServices/workspaces/computes"
    listed = [{"type": kind, "name": "mlw-a/cpu"}, {"type": "Microsoft.KeyVault/vaults", "name": "kv-a"}]
    assert [one.line for one in resources(tmp_path, listed)[0]] == [4, 8]
