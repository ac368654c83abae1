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


def named(project: Path, config: str, stack: str = "dev") -> dict[str, str]:
    (project / f"Pulumi.{stack}.yaml").write_text(f"config:\n  azure-native:location: westeurope\n{config}")
    result = run("--json", stack, "--project", str(project))
    assert result.exit_code == 0, result.output
    return {entry["role"]: entry["name"] for entry in json.loads(result.output)["names"]}


@pytest.mark.parametrize(
    ("workspace", "name", "without"),
    [
        ("{identity: system-assigned}", "mlw-fraud-dev-euw", {"managed_identity"}),
        ("{kind: Hub}", "hub-fraud-dev-euw", {"compute_cluster"}),
        ("{kind: Project, hubStack: hub}", "proj-fraud-dev-euw", {"storage_account", "key_vault", "managed_identity"}),
        ('\'{"kind": "Hub", "identity": "system-assigned"}\'', "hub-fraud-dev-euw", {"managed_identity"}),
    ],
)
def test_a_stack_shows_what_its_kind_of_workspace_makes(
    project: Path, workspace: str, name: str, without: set[str]
) -> None:
    names = named(project, f"  mlws:workspace: {workspace}\n")

    assert names["workspace"] == name
    assert names.keys() & without == set()


def test_a_stack_shows_its_further_computes_and_the_names_that_it_takes_over(project: Path) -> None:
    names = named(
        project,
        "  mlws:computeClusters: {big: {}}\n  mlws:computeInstances: {ann: {}}\n  mlws:names: {workspace: ml-team-a}\n",
    )

    assert names["workspace"] == "ml-team-a"
    assert names["compute_cluster.big"] != names["compute_cluster"]
    assert "ann" in names["compute_instance.ann"]


def test_the_stack_of_what_all_share_has_a_registry_of_models_and_no_workspace(project: Path) -> None:
    (project / "naming.toml").write_text('workload = "fraud"\n[environments]\nshared = "shr"\n')

    assert named(project, "", "shared") == {"resource_group": "rg-fraud-shr-euw", "model_registry": "mlr-fraud-shr-euw"}


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        ("mlws:workspace: {kind: Hubb}", "mlws:workspace.kind: 'Hubb' is not a kind; write one of Default, Hub, "),
        ("mlws:workspace: Hub", "mlws:workspace is no mapping; write keys and values below it"),
        ("mlws:workspace: '{kind}'", "mlws:workspace holds no valid JSON; write it as YAML in the file"),
        ("mlws:names: {vault: x}", "mlws:names.vault: the stack makes nothing of that kind; did you mean 'key_vault'?"),
        ("mlws:names: {key_vault: x}", "mlws:names.key_vault: "),
    ],
)
def test_what_decides_about_names_is_judged_in_a_sentence(project: Path, config: str, sentence: str) -> None:
    (project / "Pulumi.dev.yaml").write_text(f"config:\n  azure-native:location: westeurope\n  {config}\n")

    result = run("dev", "--project", str(project))

    assert isinstance(result.exception, NamingError)
    assert str(result.exception).startswith(f"Pulumi.dev.yaml: {sentence}")


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
