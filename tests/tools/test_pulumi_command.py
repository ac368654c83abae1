"""The virtual environment's `pulumi`: what it changes inside an embedded Azure, and that it changes nothing else."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.setup import launcher
from tools.setup.project import Project
from tools.setup.pulumi_command import settings

REAL = Project(Path(__file__).resolve().parents[2])
SECRET = "hush-hush"
PROGRAM = f"""
import pulumi
pulumi.export("place", pulumi.Config("azure-native").require("location"))
pulumi.export("word", pulumi.Output.secret("{SECRET}"))
"""
STACK_FILE = "# why westeurope\nconfig:\n  azure-native:location: westeurope\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A Pulumi project without resources, in git."""
    root = tmp_path / "project"
    (root / "infra").mkdir(parents=True)
    (root / "Pulumi.yaml").write_text("name: mlws\nruntime: python\nmain: infra/\n")
    (root / "Pulumi.local.yaml").write_text(STACK_FILE)
    (root / "infra" / "__main__.py").write_text(PROGRAM)
    (root / ".gitignore").write_text("__pycache__/\n.venv\n.tools\n")
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "all"]):
        identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
        subprocess.run(["git", *identity, *arguments], cwd=root, check=True)
    return root


@pytest.fixture
def embedded(tmp_path: Path) -> dict[str, str]:
    """What `mlws local exec` sets for Pulumi."""
    home = tmp_path / "home"
    for folder in ("pulumi", "pulumi-state"):
        (home / folder).mkdir(parents=True)
    (home / "passphrase").write_text("of this machine only")
    return {
        "MLWS_HOME": str(home),
        "PULUMI_HOME": str(home / "pulumi"),
        "PULUMI_BACKEND_URL": (home / "pulumi-state").as_uri(),
        "PULUMI_CONFIG_PASSPHRASE_FILE": str(home / "passphrase"),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }


def test_outside_an_embedded_azure_nothing_is_changed(project: Path, tmp_path: Path) -> None:
    assert settings(["up", "--stack", "dev"], {}, project) == {}
    assert settings(["up", "--stack", "dev"], {"PULUMI_HOME": str(tmp_path / "mine")}, project) == {}
    elsewhere = {"PULUMI_HOME": str(tmp_path / "mine"), "MLWS_HOME": str(tmp_path / "home")}
    assert settings(["up", "--stack", "local"], elsewhere, project) == {}


@pytest.mark.parametrize(
    "arguments", [["up", "--stack", "local"], ["up", "--stack=local"], ["up", "-s", "local"], ["up"]]
)
def test_a_command_works_on_a_fresh_copy_of_the_stack_file(
    project: Path, embedded: dict[str, str], arguments: list[str]
) -> None:
    given = settings(arguments, embedded, project / "infra")
    copy = Path(given["PULUMI_OPTION_CONFIG_FILE"])
    assert copy.read_text() == STACK_FILE
    (project / "Pulumi.local.yaml").write_text("config: {}\n")
    settings(arguments, embedded, project)
    assert copy.read_text() == "config: {}\n"
    assert not copy.is_relative_to(project)


def test_config_still_edits_the_committed_file(project: Path, embedded: dict[str, str]) -> None:
    assert settings(["config", "set", "mlws:a", "b"], embedded, project) == {}


def test_a_stack_without_a_file_is_left_to_pulumi(project: Path, embedded: dict[str, str]) -> None:
    assert settings(["up", "--stack", "elsewhere"], embedded, project) == {}


def test_the_launcher_is_written_once_and_repaired(tmp_path: Path) -> None:
    here = Project(tmp_path)
    here.scripts.mkdir(parents=True)
    launcher.prepare(here)
    written = (here.scripts / "pulumi").stat()
    launcher.prepare(here)
    assert (here.scripts / "pulumi").stat().st_ino == written.st_ino
    (here.scripts / "pulumi").write_text("damaged")
    launcher.prepare(here)
    assert (here.scripts / "pulumi").stat().st_size == written.st_size


def test_without_the_cli_the_launcher_says_what_to_do(tmp_path: Path) -> None:
    here = Project(tmp_path)
    here.scripts.mkdir(parents=True)
    here.python.symlink_to(sys.executable)
    launcher.prepare(here)
    answer = subprocess.run([here.scripts / "pulumi", "up"], capture_output=True, text=True, check=False)
    assert answer.returncode == 1
    assert answer.stderr.count("\n") == 1
    assert "make up" in answer.stderr


@pytest.mark.skipif(not (REAL.bin / "pulumi").exists(), reason="set-up has not put the Pulumi CLI here yet")
def test_the_real_engine_leaves_the_tree_clean_and_the_secret_encrypted(
    project: Path, embedded: dict[str, str]
) -> None:
    (project / ".venv").symlink_to(REAL.environment)
    (project / ".tools").symlink_to(REAL.tools)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PULUMI_")}

    def pulumi(*arguments: str) -> str:
        answer = subprocess.run(
            [project / ".venv" / "bin" / "pulumi", *arguments, "--non-interactive"],
            cwd=project,
            env={**clean, **embedded},
            capture_output=True,
            text=True,
            check=False,
        )
        assert answer.returncode == 0, answer.stdout + answer.stderr
        return answer.stdout

    pulumi("stack", "init", "local")
    pulumi("up", "--stack", "local", "--yes")
    pulumi("preview", "--stack", "local", "--expect-no-changes")
    assert json.loads(pulumi("stack", "output", "--stack", "local", "--json", "--show-secrets"))["word"] == SECRET
    state = Path(embedded["MLWS_HOME"], "pulumi-state", ".pulumi", "stacks", "mlws", "local.json").read_text()
    assert "westeurope" in state
    assert SECRET not in state
    changed = subprocess.run(["git", "status", "--short"], cwd=project, capture_output=True, text=True, check=True)
    assert changed.stdout == ""
    pulumi("destroy", "--stack", "local", "--yes")
