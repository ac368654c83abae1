"""Stacks and what is in Azure already, with the real engine: drift, adoption, and the registry that stacks share.

On one copy of the project with an embedded Azure of its own. Each test asks for the state that it begins from.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.project_copy import ProjectCopy

pytestmark = [pytest.mark.xdist_group("stack-lifecycle"), pytest.mark.timeout(900)]

LEGACY = Path(__file__).with_name("legacy_workspace.py")
"""Makes a workspace the way somebody would have by hand, with names, tags and settings of their own."""

STACKS = {
    "local-shared": "mlws:environment: shared",
    "local-legacy": "mlws:environment: local\n  mlws:workload: legacy",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProjectCopy]:
    copy = ProjectCopy.at(tmp_path_factory.mktemp("lifecycle"))
    started = copy.run("mlws", "local", "start")
    assert started.returncode == 0, started.stdout
    tags = "mlws:tags: {owner: me, costCentre: none}"
    for stack, settings in STACKS.items():
        text = f"config:\n  azure-native:location: westeurope\n  {settings}\n  {tags}\n"
        (copy.root / f"Pulumi.{stack}.yaml").write_text(text)
    with (copy.root / "Pulumi.local.yaml").open("a") as file:
        file.write("  mlws:sharedRegistry: {stack: local-shared}\n")
    for stack in ("local", *STACKS):
        made = copy.inside("pulumi", "stack", "init", stack)
        assert made.returncode == 0, made.stdout
    yield copy
    copy.run("mlws", "local", "stop")


def up(project: ProjectCopy, stack: str, *options: str) -> str:
    done = project.inside("pulumi", "up", "--yes", "--skip-preview", "--stack", stack, *options)
    assert done.returncode == 0, done.stdout
    return done.stdout


def unchanged(project: ProjectCopy, stack: str) -> None:
    again = project.inside("pulumi", "preview", "--stack", stack, "--expect-no-changes")
    assert again.returncode == 0, again.stdout


@pytest.fixture(scope="module")
def deployed(project: ProjectCopy) -> ProjectCopy:
    """The project with stack `local` up, and the one whose registry it uses."""
    for stack in ("local-shared", "local"):
        up(project, stack)
        unchanged(project, stack)
    return project


def test_the_shared_stack_makes_a_registry_that_another_stack_uses(deployed: ProjectCopy) -> None:
    outputs = json.loads(deployed.inside("pulumi", "stack", "output", "--stack", "local", "--json").stdout)
    assert outputs["model_registry_name"] == "mlr-churn-shr-euw"
    exported = json.loads(deployed.inside("pulumi", "stack", "export", "--stack", "local").stdout)
    (grant,) = (one for one in exported["deployment"]["resources"] if one["urn"].endswith("::shared-registry-user"))
    assert "/registries/mlr-churn-shr-euw/providers/Microsoft.Authorization/" in grant["id"]


def test_what_somebody_changed_is_told_and_can_be_undone(deployed: ProjectCopy) -> None:
    before = deployed.inside("mlws", "infra", "drift", "local")
    assert (before.returncode, before.stdout.strip()) == (0, "stack local: Azure has what the stack says")
    changed = deployed.inside("python", str(LEGACY), "tamper")
    assert changed.returncode == 0, changed.stdout

    done = deployed.inside("mlws", "infra", "drift", "local", "--json")
    found = {one["resource"]: one for one in json.loads(done.stdout)["drift"]}

    assert done.returncode == 1
    assert found["storage-training-data"]["gone"]
    assert {(one["property"], one["stack"], one["azure"]) for one in found["storage"]["properties"]} == {
        ("minimumTlsVersion", "TLS1_2", "TLS1_0"),
        ("tags.owner", "local", "somebody"),
    }

    up(deployed, "local", "--refresh")
    assert deployed.inside("mlws", "infra", "drift", "local").returncode == 0


FOUND = ("--workspace", "legacy-ml", "--resource-group", "legacy-ml")


def adopt(project: ProjectCopy, *options: str, fails: int = 0) -> str:
    """What `mlws infra import local-legacy` printed, whose exit code must be `fails`."""
    done = project.inside("mlws", "infra", "import", "local-legacy", *options)
    assert done.returncode == fails, done.stdout
    return done.stdout


def test_a_workspace_with_names_of_its_own_is_adopted_and_not_replaced(project: ProjectCopy) -> None:
    made = project.inside("python", str(LEGACY), "make")
    assert made.returncode == 0, made.stdout
    stack_file = project.root / "Pulumi.local-legacy.yaml"
    before = stack_file.read_text()

    assert "there is no workspace 'mlw-legacy-loc-euw'" in adopt(project, fails=2)
    assert "storage_account: legacymlstore" in adopt(project, *FOUND, fails=1)
    assert stack_file.read_text() == before

    plan = adopt(project, *FOUND, "--accept-names")
    assert "minimumTlsVersion" in plan
    assert "this was the plan" in plan
    assert "    workspace: legacy-ml\n" in stack_file.read_text()
    exported = json.loads(project.inside("pulumi", "stack", "export", "--stack", "local-legacy").stdout)
    assert not exported["deployment"].get("resources")

    assert "adopted " in adopt(project, *FOUND, "--yes")
    said = up(project, "local-legacy")
    for type_ in ("Workspace", "StorageAccount", "Vault", "Component"):
        assert not [line for line in said.splitlines() if f":{type_} " in line and ("++" in line or "-" in line[:4])]
    unchanged(project, "local-legacy")
    outputs = json.loads(project.inside("pulumi", "stack", "output", "--stack", "local-legacy", "--json").stdout)
    assert (outputs["workspace_name"], outputs["storage_account_name"]) == ("legacy-ml", "legacymlstore")

    again = json.loads(adopt(project, *FOUND, "--yes", "--json").partition("nothing is left to adopt")[2])
    assert (again["done"], again["adopted"], again["inTheWay"]) == (True, [], [])
