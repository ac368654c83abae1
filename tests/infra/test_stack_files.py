"""The project's own stack files, and the command that checks any."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from infra.check import check_stack
from infra.cli import infra
from infra.errors import InfraError
from infra.stack_file import configuration
from naming import Convention, NamingError
from naming.stack import read_stack, stack_plan
from tests.infra.configurations import STACK_FILES
from tests.infra.program import ROOT


def project(folder: Path, **files: str) -> Path:
    (folder / "naming.toml").write_text((ROOT / "naming.toml").read_text())
    for stack, text in files.items():
        (folder / f"Pulumi.{stack}.yaml").write_text(text)
    return folder


@pytest.mark.parametrize("stack", STACK_FILES)
def test_a_stack_file_of_ours_is_valid_and_has_ten_lines_or_fewer(stack: str) -> None:
    assert check_stack(ROOT, stack).settings.environment == stack
    assert len((ROOT / f"Pulumi.{stack}.yaml").read_text().splitlines()) <= 10


def test_no_name_is_used_by_two_stacks() -> None:
    names = [name.lower() for stack in STACK_FILES for name in check_stack(ROOT, stack).names.values()]

    assert len(set(names)) == len(names)


def test_the_project_runs_the_program_of_this_room() -> None:
    described = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())

    assert described["name"] == "mlws"
    assert (ROOT / described["main"] / "__main__.py").is_file()
    assert described["runtime"] == {"name": "python", "options": {"virtualenv": ".venv"}}


def test_check_prints_one_line_for_each_stack() -> None:
    result = CliRunner().invoke(infra, ["check", "--project", str(ROOT)], catch_exceptions=False)

    assert result.exit_code == 0
    assert [line.split()[:2] for line in result.output.splitlines()] == [[stack, "ok"] for stack in sorted(STACK_FILES)]


def test_check_of_one_stack_in_json_has_its_settings_and_names() -> None:
    command = ["check", "prod", "--json", "--project", str(ROOT)]
    (checked,) = json.loads(CliRunner().invoke(infra, command, catch_exceptions=False).output)

    assert checked["stack"] == "prod"
    assert checked["settings"]["keyVault"]["softDeleteRetentionDays"] == 90
    assert checked["names"]["workspace"]


@pytest.mark.parametrize(
    ("files", "stack", "said"),
    [
        ({"dev": "config: {}"}, "dve", "there is no Pulumi.dve.yaml; did you mean 'dev'?"),
        ({"dev": "config: {}"}, "x", "the stacks are dev"),
        ({}, "dev", "holds no Pulumi.<stack>.yaml"),
        ({"dev": "config:\n  a: 'b\n c: d"}, "dev", "Pulumi.dev.yaml: not valid YAML in line"),
        ({"dev": "azure-native:location: westeurope"}, "dev", "Pulumi.dev.yaml: it has no `config:`"),
        ({"dev": ""}, "dev", "Pulumi.dev.yaml: it has no `config:`"),
        ({"dev": "config:\n  azure-native:location: mars"}, "dev", "mlws:tags is missing"),
        ({"local": "config:\n  azure-native:location: wsteurope"}, "local", "did you mean 'westeurope'?"),
    ],
)
def test_a_wrong_stack_file_is_one_sentence_and_exit_code_2(
    tmp_path: Path, files: dict[str, str], stack: str, said: str
) -> None:
    with pytest.raises(InfraError) as caught:
        check_stack(project(tmp_path, **files), stack)

    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 2


def test_a_project_without_a_convention_is_told_what_is_missing(tmp_path: Path) -> None:
    folder = project(tmp_path, local="config:\n  azure-native:location: westeurope")
    (folder / "naming.toml").unlink()

    with pytest.raises(InfraError, match=r"naming\.toml"):
        check_stack(folder, "local")


def test_a_command_that_is_never_run_imports_neither_pulumi_nor_pydantic() -> None:
    program = "import sys, infra.cli; print([name for name in ('pulumi', 'pydantic', 'yaml') if name in sys.modules])"
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True)

    assert printed.stdout.strip() == "[]"


def test_checking_a_stack_never_imports_pulumi() -> None:
    program = (
        "import sys, pathlib, infra.check; infra.check.check_stack(pathlib.Path(), 'dev');"
        "print('pulumi' in sys.modules)"
    )
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True)

    assert printed.stdout.strip() == "False"


def test_stacks_before_the_one_with_a_mistake_are_still_reported(tmp_path: Path) -> None:
    good = "config:\n  azure-native:location: westeurope\n  mlws:environment: local\n"
    folder = project(tmp_path, a=good, b=good.replace("local", "locl"), c=good)

    result = CliRunner().invoke(infra, ["check", "--project", str(folder)])

    assert [line.split()[:2] for line in result.output.splitlines()] == [["a", "ok"]]
    assert isinstance(result.exception, InfraError)


def test_what_pulumi_itself_writes_into_a_stack_file_is_no_mistake(tmp_path: Path) -> None:
    text = "encryptionsalt: v1:abc\nconfig:\n  azure-native:location: westeurope\n"

    assert check_stack(project(tmp_path, local=text), "local").stack == "local"


def test_no_module_of_the_room_hides_one_of_python() -> None:
    """Pulumi puts the program's folder first on the import path."""
    ours = {path.stem for path in (ROOT / "infra").glob("*.py")} - {"__init__", "__main__"}

    assert not ours & sys.stdlib_module_names


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"confg:\n  a: b\n", "there is `confg:`"), (b"\xff\xfe\x00", "cannot be read as UTF-8 text")],
)
def test_a_file_that_holds_no_settings_says_what_it_holds(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "Pulumi.dev.yaml").write_bytes(content)
    with pytest.raises(InfraError, match=said) as told:
        configuration(tmp_path, "dev")
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    "config",
    [
        "mlws:tags: {owner: me}",
        "azure-native:locaton: westeurope",
        "azure-native:location: westeurop",
        "azure-native:location: [westeurope]",
        "azure-native:location: {secure: v1:x}",
        "azure-native:location: westeurope\n  mlws:environment: prd",
        "azure-native:location: westeurope\n  mlws:instance: 01",
        "azure-native:location: westeurope\n  mlws:instance: '01234'",
        "azure-native:location: westeurope\n  mlws:workload: Fraud!",
        "azure-native:location: westeurope\n  mlws:worklod: fraud",
    ],
)
def test_what_names_judge_too_is_told_in_the_same_words(tmp_path: Path, config: str) -> None:
    folder = project(tmp_path, local=f"config:\n  {config}\n")
    with pytest.raises(NamingError) as by_names:
        stack_plan(read_stack(folder, "local"), Convention.load(folder / "naming.toml"), "Pulumi.local.yaml")
    with pytest.raises(InfraError) as by_check:
        check_stack(folder, "local")

    assert str(by_check.value) == str(by_names.value)
