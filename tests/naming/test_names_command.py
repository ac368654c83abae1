import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from naming import NamingError, rules
from naming.cli import names
from naming.lint.command import lint

ROOT = Path(__file__).parents[2]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: mlws\n")
    (tmp_path / "Pulumi.dev.yaml").write_text("config:\n  azure-native:location: westeurope\n")
    (tmp_path / "naming.toml").write_text('workload = "fraud"\n')
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(names, arguments)


def test_a_stack_shows_its_plan_in_aligned_lines(project: Path) -> None:
    result = run("dev", "--project", str(project))
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert len(lines) == 10
    assert lines[0].split() == ["ROLE", "RESOURCE", "TYPE", "NAME", "LENGTH", "SCOPE"]
    column = lines[0].index("NAME")
    assert lines[4][column:].startswith("kv-fraud-dev-euw-")
    assert all(line[column - 1] == " " and line[column] != " " for line in lines)


def test_the_plan_as_json_has_every_name(project: Path) -> None:
    result = run("--json", "dev", "--project", str(project))
    plan = json.loads(result.output)
    assert (plan["stack"], plan["environment"], plan["region"], plan["workload"]) == (
        "dev",
        "dev",
        "westeurope",
        "fraud",
    )
    vault = next(name for name in plan["names"] if name["role"] == "key_vault")
    assert vault["type"] == "Microsoft.KeyVault/vaults"
    assert vault["length"] == len(vault["name"])
    assert vault["max_length"] == 24
    assert vault["scope"] == "global"


def test_a_stack_called_like_a_subcommand_can_be_named(project: Path) -> None:
    (project / "Pulumi.explain.yaml").write_text(
        "config:\n  azure-native:location: westeurope\n  mlws:environment: qa\n"
    )
    result = run("plan", "explain", "--project", str(project))
    assert "rg-fraud-qa-euw" in result.output


def test_another_convention_can_be_named(project: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text('workload = "loans"\n')
    assert "rg-loans-dev-euw" in run("dev", "--project", str(project), "--convention", str(other)).output


def test_mistakes_reach_the_root_command_as_naming_errors(project: Path) -> None:
    for arguments in (["devv"], ["explain", "kvv"], ["dev", "--convention", "missing.toml"]):
        extra = [] if arguments[0] == "explain" else ["--project", str(project)]
        result = run(*arguments, *extra)
        assert isinstance(result.exception, NamingError)


def test_what_names_prints_lint_accepts(project: Path) -> None:
    plan = json.loads(run("dev", "--project", str(project), "--json").output)
    arguments = [
        f"{name['type']}[{name['variant']}]={name['name']}" if name["variant"] else f"{name['type']}={name['name']}"
        for name in plan["names"]
    ]
    result = CliRunner().invoke(lint, arguments)
    assert (result.exit_code, result.output) == (0, "")


def test_explain_shows_a_rule_with_its_sources_and_every_variant() -> None:
    vault = run("explain", "kv").output
    assert "Microsoft.KeyVault/vaults (key vault)" in vault
    assert "3-24" in vault
    assert "(read 2026-08)" in vault
    computes = run("explain", "Microsoft.MachineLearningServices/workspaces/computes").output
    assert computes.count("unique in") == 3
    assert len(json.loads(run("explain", "--json").output)) == len(rules())
    assert len(run("explain").output.splitlines()) == len(rules()) + 1


def test_the_reference_page_is_up_to_date() -> None:
    page = (ROOT / "docs" / "reference" / "naming.md").read_text("utf-8")
    assert page == run("explain", "--markdown").output, (
        "write it again: mlws names explain --markdown > docs/reference/naming.md"
    )


def test_lint_imports_neither_rich_nor_yaml_nor_the_planner() -> None:
    script = (
        "import sys; from naming.lint.command import lint; lint(['kv=kv-churn'], standalone_mode=False);"
        "print([name for name in ('rich', 'yaml', 'naming.plan', 'pulumi', 'mlflow') if name in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert shown.stdout == "[]\n"
