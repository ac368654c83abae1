"""The pack judges a small program through the real engine, as `policy/run` starts it.

It has a virtual environment of its own (pulumi_policy wants an older protobuf), so these tests run where that was made:
`policy/run preview` makes it.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from localazure.pulumi_provider.install import install

ROOT = Path(__file__).resolve().parents[2]
PULUMI = ROOT / ".tools" / "pulumi"
PROGRAM = """
import pulumi_azure_native as azure_native

def identity(label, name, tags):
    azure_native.managedidentity.UserAssignedIdentity(
        label, resource_name_=name, resource_group_name="rg-churn-dev-euw", location="westeurope", tags=tags
    )
"""
FINE = 'identity("a", "id-churn-dev-euw", {"owner": "ml"})\n'

pytestmark = pytest.mark.skipif(
    not ((ROOT / "policy/.venv/bin/python").exists() and (PULUMI / "pulumi").exists()),
    reason="the policy pack has no environment here: `policy/run set-up` makes it",
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    (folder / "Pulumi.yaml").write_text("name: probe\nruntime: python\n")
    install(folder / "home", Path(sys.executable))
    (folder / "state").mkdir()
    pulumi(folder, str(PULUMI / "pulumi"), "stack", "init", "dev").check_returncode()
    return folder


def pulumi(project: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), str(PULUMI), os.environ["PATH"]]),
        "PULUMI_HOME": str(project / "home"),
        "PULUMI_BACKEND_URL": f"file://{project / 'state'}",
        "PULUMI_CONFIG_PASSPHRASE": "only a test",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PYTHONPATH": str(ROOT),
    }
    return subprocess.run(
        [*command, "--non-interactive"], cwd=project, env=environment, capture_output=True, text=True, check=False
    )


def preview(project: Path, program: str) -> subprocess.CompletedProcess[str]:
    (project / "__main__.py").write_text(PROGRAM + program)
    return pulumi(project, str(ROOT / "policy/run"), "preview", "--stack", "dev")


def test_a_program_without_mistakes_passes(project: Path) -> None:
    result = preview(project, FINE)
    assert result.returncode == 0, result.stdout
    assert "2 to create" in result.stdout
    assert "mlws@" in result.stdout


@pytest.mark.parametrize(
    ("policy", "check", "program"),
    [
        ("names", "NAM205", 'identity("a", "id-churn", {"owner": "ml"})\n'),
        ("tags", "NAM407", 'identity("a", "id-churn-dev-euw", {"microsoft-x": "1"})\n'),
        ("uniqueness", "NAM301", FINE + FINE.replace('"a"', '"b"')),
    ],
)
def test_a_mistake_stops_the_preview_under_its_policy(project: Path, policy: str, check: str, program: str) -> None:
    result = preview(project, program)
    assert result.returncode != 0
    assert f"[mandatory]  {policy} " in result.stdout
    assert f"{check} at resource" in result.stdout
