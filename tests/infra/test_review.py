"""The review of a preview: what it says of changes, names and cost, and how it ends."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from infra.cli import infra
from infra.cost.errors import CostInputError
from infra.engine import EngineFailure
from infra.review.changes import Change, changes

PROJECT = Path(__file__).parents[2]
LOCAL = Path(__file__).with_name("test_cost_preview_local.json")
REGISTRY = "azure-native:containerregistry:Registry"


def step(operation: str, name: str = "registry", type_: str = REGISTRY, **more: Any) -> dict[str, Any]:
    """A step as `pulumi preview --json` prints it."""
    inputs = {"registryName": "crchurnloceuw6zkyi", "location": "westeurope", **more.pop("inputs", {})}
    urn = f"urn:pulumi:local::mlws::mlws:infra:ContainerRegistry${type_}::{name}"
    state = {"urn": urn, "custom": True, "type": type_, "inputs": inputs}
    old = {} if operation == "create" else {"oldState": state | more.pop("old", {})}
    new = {} if operation == "delete" else {"newState": state}
    return {"op": operation, "urn": urn, **old, **new, **more}


def reviewed(tmp_path: Path, *steps: dict[str, Any], options: tuple[str, ...] = ()) -> Result:
    file = tmp_path / "preview.json"
    file.write_text(json.dumps({"steps": steps}))
    return CliRunner().invoke(
        infra, ["review", "local", "--preview", str(file), "--project", str(PROJECT), *options], catch_exceptions=False
    )


def test_the_steps_of_a_replacement_are_one_change_with_all_its_reasons() -> None:
    steps = [
        step("create", "new"),
        step("create-replacement", replaceReasons=["location"]),
        step("replace", detailedDiff={"location": {"kind": "update-replace"}, "sku.name": {"kind": "update"}}),
        step("delete-replaced"),
        step("same", "kept"),
        step("delete", "old"),
    ]
    assert changes(steps) == [
        Change("delete", "old", REGISTRY),
        Change("replace", "registry", REGISTRY, ("location", "sku.name")),
        Change("create", "new", REGISTRY),
    ]


def test_what_cannot_be_made_again_is_told_first(tmp_path: Path) -> None:
    grant = "azure-native:authorization:RoleAssignment"
    done = reviewed(tmp_path, step("replace", "grant", grant), step("replace"), step("delete", "old-grant", grant))
    told = [line.split("`")[1] for line in done.output.splitlines() if line.startswith("- **")]
    assert told == ["registry", "old-grant", "grant"]


def test_components_and_providers_are_no_changes() -> None:
    component = {**step("create", "storage"), "newState": {"type": "mlws:infra:Storage"}}
    provider = step("create", "default", "pulumi:providers:azure-native")
    assert changes([component, {**provider, "urn": "urn:pulumi:local::mlws::pulumi:providers:azure-native::d"}]) == []


def test_what_is_lost_stands_above_the_fold(tmp_path: Path) -> None:
    done = reviewed(tmp_path, step("replace", detailedDiff={"location": {"kind": "update-replace"}}))
    above = done.output.partition("<details>")[0]
    assert done.output.startswith("<!-- mlws infra review local -->\n### Stack `local`: 1 to replace\n")
    assert f"- **replace** `registry` ({REGISTRY}), because of `location`. **Lost with it:** every image" in above


def told(severity: str, message: str) -> dict[str, str]:
    """A diagnostic as `pulumi preview --json` prints it."""
    return {"severity": severity, "message": f"{severity}: {message}\n"}


PROTECTED = told("error", 'unable to replace resource "urn:x"\nas it is currently marked for protection. To unprotect')
ENDED = told("error", "preview failed")


@pytest.mark.parametrize(
    ("diagnostics", "refused"),
    [
        ([PROTECTED, told("warning", "this would replace"), ENDED], True),
        ([PROTECTED, told("error", "the program is wrong"), ENDED], False),
        ([told("error", "the program is wrong"), ENDED], False),
    ],
)
def test_a_plan_that_is_refused_for_what_is_protected_is_reviewed_and_no_other_that_fails(
    diagnostics: list[dict[str, str]], refused: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    preview = {"steps": [step("replace", replaceReasons=["location"])], "diagnostics": diagnostics}
    (tmp_path / "preview.json").write_text(json.dumps(preview))
    (tmp_path / "pulumi").write_text(f"#!/bin/sh\n/bin/cat {tmp_path / 'preview.json'}; exit 255\n")
    (tmp_path / "pulumi").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    done = CliRunner().invoke(infra, ["review", "local", "--project", str(PROJECT)])

    assert done.exit_code == 1
    assert ("- **Refused**: what is protected" in done.output) is refused
    assert ("**Lost with it:** every image" in done.output) is refused
    assert isinstance(done.exception, EngineFailure) is not refused


def test_json_says_what_is_lost_with_what_cannot_be_made_again(tmp_path: Path) -> None:
    workspace = "azure-native:machinelearningservices:Workspace"
    steps = [step("delete", "workspace", workspace), step("update"), step("delete", "own", "azure-native:web:WebApp")]

    done = reviewed(tmp_path, *steps, options=("--json",))

    lost = {change["type"]: change["lost"] for change in json.loads(done.output)["changes"]}
    assert lost.pop(workspace).startswith("every job, metric, model")
    assert set(lost.values()) == {None}


def test_the_cost_is_told_against_today(tmp_path: Path) -> None:
    basic = {"sku": {"name": "Basic"}}
    after = step("update", inputs={"sku": {"name": "Premium"}}, detailedDiff={"sku.name": {"kind": "update"}})
    after["oldState"] = {**after["oldState"], "inputs": {**after["oldState"]["inputs"], **basic}}
    done = reviewed(tmp_path, after, options=("--json",))
    cost = json.loads(done.output)["cost"]
    assert float(cost["before"]["monthly"]) < float(cost["after"]["monthly"])
    assert "- Cost: " in (text := reviewed(tmp_path, after).output)
    assert "+45" in text


def test_a_name_that_azure_refuses_ends_the_review_with_1_and_its_table_is_no_markup(tmp_path: Path) -> None:
    done = reviewed(tmp_path, step("create", inputs={"registryName": "cr|<b>"}))
    assert done.exit_code == 1
    assert "× error" in done.output
    row = next(line for line in done.output.splitlines() if line.startswith("| NAM10"))
    assert "cr\\|&lt;b>" in row
    assert "<b>" not in done.output


def test_a_plan_without_change_says_so(tmp_path: Path) -> None:
    done = reviewed(tmp_path, step("same"))
    assert done.exit_code == 0
    assert "no change" in done.output
    assert "as today" in done.output


def test_a_whole_preview_is_reviewed() -> None:
    done = CliRunner().invoke(infra, ["review", "local", "--preview", str(LOCAL), "--project", str(PROJECT)])
    assert done.exit_code == 0
    assert "19 to create" in done.output


@pytest.mark.parametrize("text", ["", "[]", '{"steps": 1}', "\x00"])
def test_a_file_that_is_no_preview_is_a_sentence(tmp_path: Path, text: str) -> None:
    file = tmp_path / "preview.json"
    file.write_text(text)
    with pytest.raises(CostInputError, match=r"preview\.json: .*`pulumi preview --json`"):
        CliRunner().invoke(
            infra, ["review", "prod", "--preview", str(file), "--project", str(PROJECT)], catch_exceptions=False
        )
