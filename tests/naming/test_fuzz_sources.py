"""Whatever is given to the linter, it answers with findings or with one sentence: never with a traceback."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import example, given
from hypothesis import strategies as st

from naming import NamingError
from naming.lint.command import lint

TYPE = "Microsoft.KeyVault/vaults"
PREVIEW = {
    "config": {"azure-native:location": "westeurope"},
    "steps": [
        {
            "op": "create",
            "urn": "urn:pulumi:dev::mlws::azure-native:keyvault:Vault::vault",
            "newState": {
                "urn": "urn:pulumi:dev::mlws::azure-native:keyvault:Vault::vault",
                "type": "azure-native:keyvault:Vault",
                "inputs": {"vaultName": "kv-churn", "resourceGroupName": "rg-churn", "tags": {"owner": "ml"}},
            },
        }
    ],
}
EXPORT = {
    "version": 3,
    "deployment": {
        "resources": [
            {
                "urn": "urn:pulumi:dev::mlws::azure-native:machinelearningservices:Compute::c",
                "type": "azure-native:machinelearningservices:Compute",
                "id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w",
                "inputs": {"properties": {"computeType": "AmlCompute"}, "workspaceName": "w", "computeName": "c-x"},
            }
        ]
    },
}
TEMPLATE = {
    "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
    "contentVersion": "1.0.0.0",
    "parameters": {"workload": {"type": "string", "defaultValue": "churn"}},
    "variables": {"vault": "[format('kv-{0}', parameters('workload'))]"},
    "resources": [
        {
            "type": TYPE,
            "name": "[concat(variables('vault'), '-', copyIndex(1))]",
            "copy": {"name": "c", "count": 2},
            "tags": {"owner": "[parameters('workload')]"},
            "resources": [{"type": "secrets", "name": "[toLower('KEY')]"}],
        },
        {
            "type": "Microsoft.Resources/deployments",
            "name": "inner",
            "properties": {
                "expressionEvaluationOptions": {"scope": "inner"},
                "parameters": {"workload": {"value": "[parameters('workload')]"}},
                "template": {"resources": [{"type": TYPE, "name": "[substring('kv-churn', 0, 5)]"}]},
            },
        },
    ],
}
PLAN = {
    "terraform_version": "1.9.0",
    "planned_values": {
        "root_module": {
            "resources": [
                {
                    "address": "azurerm_key_vault.v",
                    "mode": "managed",
                    "type": "azurerm_key_vault",
                    "values": {"name": "kv-churn", "resource_group_name": "rg", "tags": {"owner": "ml"}},
                }
            ],
            "child_modules": [
                {
                    "resources": [
                        {
                            "address": "module.m.azapi_resource.x",
                            "type": "azapi_resource",
                            "values": {"type": f"{TYPE}@2023-07-01", "name": "kv-a-b", "parent_id": "/subscriptions/s"},
                        }
                    ]
                }
            ],
        }
    },
}
LISTED = [{"id": f"/subscriptions/s/resourceGroups/g/providers/{TYPE}/kv-churn", "name": "kv-churn", "type": TYPE}]
SAMPLES: list[Any] = [PREVIEW, EXPORT, TEMPLATE, PLAN, LISTED]
TABLE = "type,name,tags\nkv,kv-churn,owner=ml\nMicrosoft.Storage/storageAccounts,stchurn,\n"
BARE = "type,name\n" + "kv,kv-churn\nst,stchurn\n" * 3
STACK = "config:\n  azure-native:location: westeurope\n  app:keyVaultName: kv-churn\n"

scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=8), st.just("[parameters('")
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
)


def judged(content: bytes, source: str = "-") -> Result:
    """What the command makes of a source; anything but an exit or a sentence is raised."""
    result = CliRunner().invoke(lint, [source], input=content)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        assert isinstance(result.exception, NamingError), result.exc_info
        assert str(result.exception).count("\n") == 0
        assert len(str(result.exception)) < 500
    return result


def refused(content: bytes) -> str:
    error = judged(content).exception
    assert isinstance(error, NamingError)
    assert error.exit_code == 2
    return str(error)


def changed(value: Any, replacement: Any, place: int) -> Any:
    """The value with what stands at the `place`-th node, counted in depth first order, replaced."""
    left = [place]

    def walk(node: Any) -> Any:
        left[0] -= 1
        if left[0] == -1:
            return replacement
        if isinstance(node, dict):
            return {key: walk(inner) for key, inner in node.items()}
        return [walk(inner) for inner in node] if isinstance(node, list) else node

    return walk(value)


@given(st.sampled_from(SAMPLES), values, st.integers(0, 45))
def test_wrong_types_anywhere_in_json_are_left_out_or_a_sentence(sample: Any, replacement: Any, place: int) -> None:
    judged(json.dumps(changed(sample, replacement, place)).encode())


@given(st.sampled_from([*map(json.dumps, SAMPLES), TABLE, BARE]), st.data())
def test_truncated_and_damaged_sources_are_findings_or_a_sentence(text: str, data: st.DataObject) -> None:
    content = text.encode()
    end = data.draw(st.integers(0, len(content)))
    junk = data.draw(st.sampled_from([b"", b"\0", b"\xff", b"\xef\xbb\xbf", b'"', b"\r", b"\n", b",", b"\xf0\x9f"]))
    judged(content[:end])
    judged(content[:end] + junk + content[end:])


@given(
    st.integers(0, len(STACK)), st.integers(0, len(STACK)), st.sampled_from(["", "\0", "\xff", "[", "x", "- ", "&a *a"])
)
@example(len("config: "), len(STACK), "x")
def test_damaged_settings_of_a_stack_are_findings_or_a_sentence(start: int, end: int, junk: str) -> None:
    with TemporaryDirectory() as folder:
        settings = Path(folder) / "Pulumi.dev.yaml"
        settings.write_bytes((STACK[:start] + junk + STACK[end:]).encode("latin-1"))
        judged(b"", str(settings))


def test_aliases_of_aliases_are_read_once(tmp_path: Path) -> None:
    ninefold = ", ".join(f"k{m}: *v{{0}}" for m in range(9))
    lines = [f"  v{n + 1}: &v{n + 1} {{{ninefold.format(n)}}}" for n in range(12)]
    settings = tmp_path / "Pulumi.dev.yaml"
    settings.write_text("\n".join(["config:", "  v0: &v0 {keyVaultName: kv--churn}", *lines]))
    assert judged(b"", str(settings)).stdout.count("NAM102") == 1


def test_what_is_a_name_by_its_alias_alone_is_read(tmp_path: Path) -> None:
    settings = tmp_path / "Pulumi.dev.yaml"
    settings.write_text("config:\n  common: &c {kv: kv--churn}\n  app:names: {<<: *c}\n")
    assert judged(b"", str(settings)).stdout.count("NAM102") == 1


@pytest.mark.parametrize("sample", SAMPLES, ids=["preview", "export", "template", "plan", "list"])
def test_truncated_json_is_a_sentence(sample: Any) -> None:
    content = json.dumps(sample).encode()
    for end in range(1, len(content) - 1, 7):
        assert "is no JSON" in refused(content[:end])


@given(st.binary(max_size=300))
@example(b"\xff\xfe")
@example(b"{")
@example(b"type,name\n\0,\0")
@example(b"type,name\nkv\n")
@example(b'type,name\n"kv')
def test_any_bytes_are_findings_or_a_sentence(content: bytes) -> None:
    judged(content)


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'{"steps":[', b'{"resources":[{"resources":'])
def test_deeply_nested_json_is_a_sentence(opening: bytes) -> None:
    assert "nested too deeply" in refused(opening * 100_000)


@pytest.mark.parametrize("depth", [30, 100, 200, 400])
def test_resources_deep_inside_one_another_are_no_traceback(depth: int) -> None:
    template: Any = {"type": "x", "name": "x"}
    module: Any = {"resources": []}
    text = "'x'"
    for _ in range(depth):
        template = {"type": TYPE, "name": "kv-a", "resources": [template]}
        module = {"child_modules": [module]}
        text = f"concat({text})"
    named = {"type": TYPE, "name": f"[{text}]"}
    for sample in (
        {"contentVersion": "1", "resources": [template, named]},
        {"planned_values": {"root_module": module}},
    ):
        judged(json.dumps(sample).encode())


def test_expressions_that_would_grow_without_end_are_left_out_quickly() -> None:
    growing = {f"v{n}": f"[concat(variables('v{n - 1}'), variables('v{n - 1}'))]" for n in range(1, 60)}
    circle = {"a": "[variables('b')]", "b": "[variables('a')]"}
    names = ["[variables('v59')]", "[variables('a')]", "[padLeft('x', 999999999)]", "[" * 9000 + "]", "[skip('a', -5)]"]
    resources = [{"type": TYPE, "name": name} for name in names]
    copied = {"type": TYPE, "name": "kv", "copy": {"name": "c", "count": 10**12}}
    template = {
        "contentVersion": "1",
        "variables": {"v0": "xx", **growing, **circle},
        "resources": [*resources, copied],
    }
    assert "left out" in judged(json.dumps(template).encode()).stderr


def test_numbers_that_python_does_not_read_are_a_sentence() -> None:
    assert "too many digits" in refused(b"[" + b"1" * 10_000 + b"]")


def test_a_name_that_is_no_unicode_is_judged_and_printed() -> None:
    listed = [{"type": TYPE, "name": "kv-\ud800"}]
    for arguments in (["-"], ["-", "--json"], ["-", "--format", "sarif"], ["-", "--format", "junit"]):
        result = CliRunner().invoke(lint, arguments, input=json.dumps(listed))
        assert result.exit_code == 1
        assert "kv-" in result.output


def test_a_byte_order_mark_and_utf_16_are_read() -> None:
    for content in (json.dumps(LISTED), TABLE, BARE, "kv=kv-churn\n"):
        for encoding in ("utf-8-sig", "utf-16"):
            assert judged(content.encode(encoding)).exit_code in (0, 1)


def test_a_huge_cell_is_a_sentence() -> None:
    assert "the row is no CSV" in refused(b'type,name\nkv,"' + b"x" * 200_000 + b'"\n')


def test_json_of_another_kind_is_a_sentence_that_says_which_are_known() -> None:
    assert "pulumi preview --json" in refused(b'{"hello": "world"}')
