"""Stacks and what is in Azure already, with the real engine: drift, adoption, and the registry that stacks share.

One test a step, in order, on one copy of the project with an embedded Azure of its own.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.project_copy import ProjectCopy

pytestmark = [pytest.mark.xdist_group("lifecycle"), pytest.mark.timeout(900)]

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


def test_the_shared_stack_makes_a_registry_that_another_stack_uses(project: ProjectCopy) -> None:
    up(project, "local-shared")
    unchanged(project, "local-shared")

    up(project, "local")
    unchanged(project, "local")

    outputs = json.loads(project.inside("pulumi", "stack", "output", "--stack", "local", "--json").stdout)
    assert outputs["model_registry_name"] == "mlr-churn-shr-euw"
    exported = json.loads(project.inside("pulumi", "stack", "export", "--stack", "local").stdout)
    (grant,) = (one for one in exported["deployment"]["resources"] if one["urn"].endswith("::shared-registry-user"))
    assert "/registries/mlr-churn-shr-euw/providers/Microsoft.Authorization/" in grant["id"]


def test_what_nobody_changed_has_not_drifted(project: ProjectCopy) -> None:
    done = project.inside("mlws", "infra", "drift", "local")
    assert (done.returncode, done.stdout.strip()) == (0, "stack local: Azure has what the stack says")


def test_what_somebody_changed_is_told_and_can_be_undone(project: ProjectCopy) -> None:
    changed = project.inside("python", str(LEGACY), "tamper")
    assert changed.returncode == 0, changed.stdout

    done = project.inside("mlws", "infra", "drift", "local", "--json")
    found = {one["resource"]: one for one in json.loads(done.stdout)["drift"]}

    assert done.returncode == 1
    assert found["storage-training-data"]["gone"]
    assert {(one["property"], one["stack"], one["azure"]) for one in found["storage"]["properties"]} == {
        ("minimumTlsVersion", "TLS1_2", "TLS1_0"),
        ("tags.owner", "local", "somebody"),
    }

    up(project, "local", "--refresh")
    assert project.inside("mlws", "infra", "drift", "local").returncode == 0


def test_a_workspace_with_names_of_its_own_is_told_what_to_accept(project: ProjectCopy) -> None:
    made = project.inside("python", str(LEGACY), "make")
    assert made.returncode == 0, made.stdout
    before = (project.root / "Pulumi.local-legacy.yaml").read_text()

    missing = project.inside("mlws", "infra", "import", "local-legacy")
    refused = project.inside("mlws", "infra", "import", "local-legacy", *FOUND)

    assert missing.returncode == 2
    assert "there is no workspace 'mlw-legacy-loc-euw'" in missing.stdout
    assert refused.returncode == 1
    assert "storage_account: legacymlstore" in refused.stdout
    assert (project.root / "Pulumi.local-legacy.yaml").read_text() == before


FOUND = ("--workspace", "legacy-ml", "--resource-group", "legacy-ml")


def test_the_plan_of_an_adoption_changes_no_state(project: ProjectCopy) -> None:
    done = project.inside("mlws", "infra", "import", "local-legacy", *FOUND, "--accept-names")

    assert done.returncode == 0, done.stdout
    assert "minimumTlsVersion" in done.stdout
    assert "this was the plan" in done.stdout
    assert "    workspace: legacy-ml\n" in (project.root / "Pulumi.local-legacy.yaml").read_text()
    exported = json.loads(project.inside("pulumi", "stack", "export", "--stack", "local-legacy").stdout)
    assert not exported["deployment"].get("resources")


def test_an_adopted_workspace_is_the_stacks_and_is_not_replaced(project: ProjectCopy) -> None:
    done = project.inside("mlws", "infra", "import", "local-legacy", *FOUND, "--yes")
    assert done.returncode == 0, done.stdout
    assert "adopted " in done.stdout

    said = up(project, "local-legacy")
    for type_ in ("Workspace", "StorageAccount", "Vault", "Component"):
        assert not [line for line in said.splitlines() if f":{type_} " in line and ("++" in line or "-" in line[:4])]
    unchanged(project, "local-legacy")
    outputs = json.loads(project.inside("pulumi", "stack", "output", "--stack", "local-legacy", "--json").stdout)
    assert (outputs["workspace_name"], outputs["storage_account_name"]) == ("legacy-ml", "legacymlstore")


def test_what_was_adopted_is_not_adopted_again(project: ProjectCopy) -> None:
    done = project.inside("mlws", "infra", "import", "local-legacy", *FOUND, "--yes")
    assert done.returncode == 0, done.stdout
    assert "nothing is left to adopt" in done.stdout
