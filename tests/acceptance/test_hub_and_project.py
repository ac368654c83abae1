"""A hub in one stack and its project in another, by the real engine on the embedded Azure, from up to destroy."""

import json

import pytest

from tests.acceptance.project_copy import ProjectCopy

pytestmark = [pytest.mark.xdist_group("stacks"), pytest.mark.timeout(600)]

RULE = {"type": "FQDN", "host": "contoso.com"}
STACKS = {
    "local-hub": {
        "mlws:environment": "local",
        "mlws:instance": "hb",
        "mlws:workspace": {"kind": "Hub"},
        "mlws:managedNetwork": {"isolation": "AllowOnlyApprovedOutbound"},
        "mlws:outboundRules": {"pypi": RULE},
    },
    "local-project": {
        "mlws:environment": "local",
        "mlws:instance": "pr",
        "mlws:workspace": {"kind": "Project", "hubStack": "local-hub"},
    },
}


def test_a_project_takes_from_its_hub_which_stays_until_it_is_gone(project: ProjectCopy) -> None:
    pulumi = project.pulumi
    for stack, config in STACKS.items():
        text = json.dumps({"config": {"azure-native:location": "westeurope", **config}})
        (project.root / f"Pulumi.{stack}.yaml").write_text(text)
        pulumi("stack", "init", stack=stack)
        pulumi("up", "--yes", "--skip-preview", stack=stack)
        pulumi("preview", "--expect-no-changes", stack=stack)
    outputs = {stack: json.loads(pulumi("stack", "output", "--json", stack=stack)) for stack in STACKS}
    hub, own = outputs.values()

    assert own["storage_account_name"] == hub["storage_account_name"]
    assert own["key_vault_uri"] == hub["key_vault_uri"]
    assert own["resource_group"] != hub["resource_group"]
    assert "has projects" in pulumi("destroy", "--yes", "--skip-preview", stack="local-hub", fails=True)
    for stack in reversed(STACKS):
        pulumi("destroy", "--yes", "--skip-preview", stack=stack)
