"""A stack that only a virtual network reaches, on the embedded Azure with the real engine: made, closed, destroyed."""

from pathlib import Path

import pytest

from tests.acceptance.project_copy import ProjectCopy

pytestmark = [pytest.mark.xdist_group("stacks"), pytest.mark.timeout(600)]

STACK = "local-closing"
REGION = """config:
  mlws:environment: local
  mlws:instance: cl
  azure-native:location: westeurope
  mlws:containerRegistry: {sku: Premium}
  mlws:managedNetwork: {isolation: AllowInternetOutbound}
"""
PRIVATE = REGION + "  mlws:network: {access: private}\n"
LISTED = REGION + "  mlws:network: {access: allow-listed, allowedAddresses: [203.0.113.7]}\n"


def settings(project: ProjectCopy, text: str) -> None:
    Path(project.root / f"Pulumi.{STACK}.yaml").write_text(text)


def test_it_comes_up_with_listed_addresses_is_closed_and_is_destroyed_leaving_nothing(project: ProjectCopy) -> None:
    settings(project, LISTED)
    project.pulumi("stack", "init", stack=STACK)
    made = project.pulumi("up", "--yes", "--skip-preview", stack=STACK)
    assert "network:" not in made
    project.pulumi("preview", "--refresh", "--expect-no-changes", stack=STACK)

    settings(project, PRIVATE)
    changed = project.pulumi("up", "--yes", "--skip-preview", stack=STACK)
    for key in ("mlw", "blob", "file", "kv", "cr", "monitor"):
        assert f"network:PrivateEndpoint network-endpoint-{key} created" in changed
    replaced = {line.split()[1] for line in changed.splitlines() if " replaced " in line}
    # Nodes lose their public addresses, which Azure fixes at creation, and a new cluster acts as a new identity.
    assert {type_.rpartition(":")[2] for type_ in replaced} <= {"Compute", "RoleAssignment"}
    project.pulumi("preview", "--refresh", "--expect-no-changes", stack=STACK)

    group = project.pulumi("stack", "output", "resource_group", stack=STACK).strip()
    project.pulumi("destroy", "--yes", "--skip-preview", stack=STACK)
    assert project.left(group) == []
