"""ARM templates as Bicep writes them today: symbolic names, copies of many kinds, deployments in deployments."""

import json
from pathlib import Path
from typing import Any

from naming.lint.sources.notes import Notes
from naming.lint.sources.recognition import read

VAULT = "Microsoft.KeyVault/vaults"


def names(folder: Path, resources: dict[str, Any], **template: Any) -> tuple[list[str], list[str]]:
    """The names of the vaults of a template with symbolic names, and what is said of the rest."""
    written = {
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "languageVersion": "2.0",
        "contentVersion": "1.0.0.0",
        **template,
        "resources": resources,
    }
    path, notes = folder / "main.json", Notes()
    path.write_text(json.dumps(written, indent=1))
    return [one.name for one in read(str(path), notes) if one.type == VAULT], notes.sentences()


def vault(name: str, **more: Any) -> dict[str, Any]:
    return {"type": VAULT, "apiVersion": "2023-07-01", "name": name, **more}


def test_a_resource_is_copied_over_a_list(tmp_path: Path) -> None:
    found, _ = names(
        tmp_path,
        {
            "each": vault(
                "[format('kv-{0}', parameters('words')[copyIndex()])]",
                copy={"name": "each", "count": "[length(parameters('words'))]"},
            ),
            "named": vault("[concat('kv', string(copyIndex('named', 5)))]", copy={"name": "named", "count": 2}),
            "there": vault("kv-there", existing=True),
        },
        parameters={"words": {"type": "array", "defaultValue": ["churn", "sales"]}},
    )
    assert found == ["kv-churn", "kv-sales", "kv5", "kv6"]


def test_a_variable_is_copied(tmp_path: Path) -> None:
    made = {"name": "made", "count": 2, "input": {"vault": "[format('kv-{0}', copyIndex('made', 1))]", "tags": ["[1]"]}}
    found, notes = names(
        tmp_path,
        {"one": vault("[variables('made')[1].vault]"), "none": vault("[variables('other')[0]]")},
        variables={"copy": [made, {"name": "other", "count": 100_000, "input": "kv"}, "no copy"], "x": 1},
    )
    assert found == ["kv-2"]
    assert len(notes) == 1


def test_a_module_is_copied_and_a_linked_one_is_said(tmp_path: Path) -> None:
    inner = {
        "languageVersion": "2.0",
        "parameters": {"name": {"type": "string"}},
        "resources": {"vault": vault("[parameters('name')]")},
    }
    module = {
        "type": "Microsoft.Resources/deployments",
        "name": "[format('module-{0}', copyIndex())]",
        "copy": {"name": "modules", "count": 2},
        "properties": {
            "expressionEvaluationOptions": {"scope": "inner"},
            "parameters": {"name": {"value": "[format('kv-{0}', copyIndex())]"}},
            "template": inner,
        },
    }
    linked = {"type": "Microsoft.Resources/deployments", "name": "linked", "properties": {"templateLink": {"uri": "x"}}}
    found, notes = names(tmp_path, {"module": module, "linked": linked})
    assert found == ["kv-0", "kv-1"]
    assert len(notes) == 1
    assert "1 resource was left out, since what they deploy is in a template of its own" in notes[0]
