"""A stack that only a virtual network reaches, on the embedded Azure with the real engine: made, closed, destroyed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.project_copy import ProjectCopy

pytestmark = [pytest.mark.xdist_group("private-stack"), pytest.mark.timeout(600)]

STACK = "local"
REGION = """config:
  azure-native:location: westeurope
  mlws:containerRegistry: {sku: Premium}
  mlws:managedNetwork: {isolation: AllowInternetOutbound}
"""
PRIVATE = REGION + "  mlws:network: {access: private}\n"
LISTED = REGION + "  mlws:network: {access: allow-listed, allowedAddresses: [203.0.113.7]}\n"
# The resource groups, and the resources in them; a deleted vault is in none.
LEFT = """
from tests.localazure.arm_client import SUBSCRIPTION, ArmClient
listed = [ArmClient().call("GET", f"{SUBSCRIPTION}/{kind}").json()["value"] for kind in ("resourceGroups", "resources")]
print("left:", [one["id"] for kind in listed for one in kind])
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProjectCopy]:
    copy = ProjectCopy.at(tmp_path_factory.mktemp("private"))
    started = copy.run("mlws", "local", "start")
    assert started.returncode == 0, started.stdout
    pulumi(copy, "stack", "init")
    yield copy
    copy.run("mlws", "local", "stop")


def pulumi(project: ProjectCopy, *command: str) -> str:
    done = project.inside("pulumi", *command, "--stack", STACK, "--non-interactive")
    assert done.returncode == 0, done.stdout
    return done.stdout


def settings(project: ProjectCopy, text: str) -> None:
    Path(project.root / f"Pulumi.{STACK}.yaml").write_text(text)


def test_a_stack_with_listed_addresses_comes_up_and_stays_as_it_is(project: ProjectCopy) -> None:
    settings(project, LISTED)

    made = pulumi(project, "up", "--yes")

    assert "network:" not in made
    pulumi(project, "preview", "--refresh", "--expect-no-changes")


def test_it_is_closed_without_replacing_what_holds_data(project: ProjectCopy) -> None:
    settings(project, PRIVATE)

    changed = pulumi(project, "up", "--yes")

    for key in ("mlw", "blob", "file", "kv", "cr", "monitor"):
        assert f"network:PrivateEndpoint network-endpoint-{key} created" in changed
    replaced = {line.split()[1] for line in changed.splitlines() if " replaced " in line}
    # Nodes lose their public addresses, which Azure fixes at creation, and a new cluster acts as a new identity.
    assert {type_.rpartition(":")[2] for type_ in replaced} <= {"Compute", "RoleAssignment"}
    pulumi(project, "preview", "--refresh", "--expect-no-changes")


def test_it_is_destroyed_and_leaves_nothing(project: ProjectCopy) -> None:
    pulumi(project, "destroy", "--yes")

    assert "left: []" in project.inside("python", "-c", LEFT).stdout
