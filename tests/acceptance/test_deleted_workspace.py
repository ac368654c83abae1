"""A stack that was destroyed comes up again: not before its old workspace may be purged. By the real engine."""

import json

import pytest

from tests.acceptance.project_copy import ProjectCopy

pytestmark = [pytest.mark.xdist_group("stacks"), pytest.mark.timeout(600)]

STACK = "local-gone"
CONFIG = {"azure-native:location": "westeurope", "mlws:environment": "local", "mlws:instance": "go"}


def test_a_workspace_in_the_way_is_told_and_then_purged(project: ProjectCopy) -> None:
    file = project.root / f"Pulumi.{STACK}.yaml"
    file.write_text(json.dumps({"config": {**CONFIG, "mlws:workspace": {"purgeDeleted": False}}}))
    project.pulumi("stack", "init", stack=STACK)
    kept = json.loads(file.read_text())
    project.pulumi("up", "--yes", "--skip-preview", stack=STACK)
    project.pulumi("destroy", "--yes", "--skip-preview", stack=STACK)

    refused = project.pulumi("up", "--yes", "--skip-preview", stack=STACK, fails=True)
    assert "Soft-deleted workspace exists. Please purge or recover it." in refused
    assert "Azure still keeps a soft-deleted workspace" in refused
    assert "Traceback" not in refused

    kept["config"]["mlws:workspace"]["purgeDeleted"] = True
    file.write_text(json.dumps(kept))
    assert "purging the soft-deleted workspace" in project.pulumi("up", "--yes", "--skip-preview", stack=STACK)
    project.pulumi("preview", "--expect-no-changes", stack=STACK)
    project.pulumi("destroy", "--yes", "--skip-preview", stack=STACK)
