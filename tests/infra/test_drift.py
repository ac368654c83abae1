"""Drift, from what the engine prints to the table; the engine itself is asked in tests/acceptance."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from infra import engine
from infra.cli import infra
from infra.lifecycle.drift import Drifted, comparison
from infra.lifecycle.drift_report import as_dict, lines
from tests.infra.program import ROOT


def step(name: str, old: dict[str, Any], new: dict[str, Any] | None, **more: Any) -> dict[str, Any]:
    urn = f"urn:pulumi:dev::mlws::azure-native:storage:StorageAccount::{name}"
    state = {"urn": urn, "custom": True, "type": "azure-native:storage:StorageAccount", "id": f"/{name}", **more}
    return {
        "op": "delete" if new is None else "refresh",
        "urn": urn,
        "oldState": {**state, "inputs": old},
        "newState": None if new is None else {**state, "inputs": new},
        "detailedDiff": more.get("detailedDiff"),
    }


def refreshed(*steps: dict[str, Any]) -> str:
    return json.dumps({"steps": list(steps)} if steps else {})


def drifted(text: str) -> tuple[Drifted, ...]:
    return comparison(text).drifted


def test_what_is_the_same_is_no_drift() -> None:
    same = {"tags": {"owner": "me"}, "rules": [{"days": 3}]}
    assert not list(drifted(refreshed(step("storage", same, same))))


def test_each_changed_added_and_removed_input_is_told_with_both_values() -> None:
    old = {"tls": "1_2", "tags": {"owner": "me", "a.b": "x"}, "rules": [{"days": 3}], "kept": True}
    new = {"tls": "1_0", "tags": {"owner": "me", "own": "1"}, "rules": [{"days": 5}], "kept": True}

    (found,) = drifted(refreshed(step("storage", old, new)))

    assert {(one.path, one.left, one.right) for one in found.properties} == {
        ("tls", "1_2", "1_0"),
        ('tags["a.b"]', "x", None),
        ("tags.own", None, "1"),
        ("rules[0].days", 3, 5),
    }


def test_what_the_program_ignores_is_no_drift() -> None:
    old, new = {"properties": {"createMode": "recover", "sku": "A"}}, {"properties": {"sku": "A"}}
    assert not list(drifted(refreshed(step("vault", old, new, ignoreChanges=["properties.createMode"]))))


def test_a_changed_secret_is_told_without_its_value() -> None:
    same = {"properties": {"value": "[secret]"}}
    changed = step("key", same, same, detailedDiff={"properties.value": {"kind": "update", "inputDiff": True}})

    (found,) = drifted(refreshed(changed))

    assert [(one.path, one.left) for one in found.properties] == [("properties.value", "[secret]")]


def test_outputs_that_azure_computes_anew_are_no_drift() -> None:
    same = {"name": "x"}
    changed = step("logs", same, same, detailedDiff={"modifiedDate": {"kind": "update", "inputDiff": False}})
    assert not list(drifted(refreshed(changed)))


def test_what_is_gone_is_told() -> None:
    (found,) = drifted(refreshed(step("storage", {"a": 1}, None)))
    assert (found.name, found.is_gone, found.properties) == ("storage", True, ())


def test_the_table_has_a_line_for_each_property_and_what_to_do() -> None:
    found = comparison(refreshed(step("storage", {"tls": "1_2"}, {"tls": "x" * 99}), step("data", {}, None)))

    text = "\n".join(lines("dev", found))

    assert text.startswith("stack dev: 1 resource changed, 1 gone\n")
    assert "\ndata                there       gone\n" in text
    assert f"\nstorage   tls       1_2         {'x' * 47}…\n" in text
    assert "`pulumi up --refresh --stack dev`" in text
    assert as_dict("dev", found)["drift"][1]["properties"] == [
        {"property": "tls", "stack": "1_2", "azure": "x" * 99},
    ]


def test_a_stack_that_has_made_nothing_is_not_told_to_be_as_it_should() -> None:
    found = comparison(refreshed())

    assert list(lines("dev", found)) == ["stack dev: nothing of it is in Azure; `pulumi up --stack dev` makes it"]
    assert as_dict("dev", found) == {"stack": "dev", "made": False, "drift": []}


@pytest.mark.parametrize(("steps", "code"), [((), 0), ((step("storage", {"a": 1}, {"a": 2}),), 1)])
def test_the_exit_code_tells_whether_there_is_any(
    steps: tuple[dict[str, Any], ...], code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "ask", lambda *_: refreshed(*steps))
    done = CliRunner().invoke(infra, ["drift", "dev", "--json", "--project", str(ROOT)])
    assert done.exit_code == code, done.output
    assert json.loads(done.output)["stack"] == "dev"


def test_where_nobody_has_logged_in_the_sentence_says_how(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pulumi = tmp_path / "pulumi"
    pulumi.write_text("#!/bin/sh\necho 'error: PULUMI_ACCESS_TOKEN must be set for login' >&2; exit 1\n")
    pulumi.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")

    with pytest.raises(engine.EngineFailure, match="run `pulumi login`, or set PULUMI_BACKEND_URL"):
        engine.ask(("refresh",), tmp_path, "the comparison")


def test_a_stack_without_a_file_is_a_wrong_call(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.dev.yaml").write_text("config: {}\n")
    done = CliRunner().invoke(infra, ["drift", "dve", "--project", str(tmp_path)])
    assert getattr(done.exception, "exit_code", None) == 2
    assert "did you mean 'dev'?" in str(done.exception)
