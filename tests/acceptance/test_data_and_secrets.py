"""Data in an account of its own, secrets of the stack's, all by roles: by the real engine, from up to destroy."""

import json

import pytest

from tests.acceptance.project_copy import ProjectCopy

pytestmark = [pytest.mark.xdist_group("stacks"), pytest.mark.timeout(600)]

STACK = "local-data"
SECRET, VALUE = "db-password", "correct horse battery staple"
JANE = "11111111-2222-4333-8444-555555555555"
CONFIG = {
    "azure-native:location": "westeurope",
    "mlws:environment": "local",
    "mlws:instance": "da",
    "mlws:keyVault": {"access": "roles"},
    "mlws:storage": {"access": "identity"},
    "mlws:dataStorage": {"hierarchicalNamespace": True, "containers": ["data", "raw"]},
    "mlws:dataLifecycleRules": {"old": {"prefixes": ["raw/tmp"], "deleteAfterDays": 30}},
    "mlws:principals": {"jane": {"objectId": JANE, "role": "data-scientist"}},
    "mlws:access": {"pulls": {"principal": "jane", "role": "AcrPull", "scope": "container-registry"}},
}
READ_SECRET = (
    "import sys; from azure.identity import DefaultAzureCredential as C; from azure.keyvault.secrets"
    " import SecretClient as S; print(S(sys.argv[1], C()).get_secret(sys.argv[2]).value)"
)
DELETED_VAULT = """
import sys
from tests.localazure.arm_client import SUBSCRIPTION, ArmClient
kept = f"{SUBSCRIPTION}/providers/Microsoft.KeyVault/locations/westeurope/deletedVaults"
print(ArmClient().call("GET", f"{kept}/{sys.argv[1]}").status_code)
"""


def test_a_stack_with_data_and_secrets_by_roles_comes_up_stays_and_goes(project: ProjectCopy) -> None:
    file = project.root / f"Pulumi.{STACK}.yaml"
    file.write_text(json.dumps({"config": CONFIG}))
    project.pulumi("stack", "init", stack=STACK)
    project.pulumi("config", "set", "--secret", "--path", f"mlws:secrets.{SECRET}", stack=STACK, typed=VALUE)
    assert VALUE not in file.read_text()

    project.pulumi("up", "--yes", "--skip-preview", stack=STACK)
    project.pulumi("preview", "--refresh", "--expect-no-changes", stack=STACK)

    outputs = json.loads(project.pulumi("stack", "output", "--json", stack=STACK))
    assert outputs["data_containers"] == ["data", "raw"]
    assert SECRET in outputs["secrets"]
    read = project.inside("python", "-c", READ_SECRET, outputs["key_vault_uri"], SECRET)
    assert read.stdout.strip() == VALUE, read.stdout
    for kept in (project.root / "home" / "pulumi-state").rglob("*"):
        assert not kept.is_file() or VALUE.encode() not in kept.read_bytes(), kept

    project.pulumi("destroy", "--yes", "--skip-preview", stack=STACK)
    assert project.left(outputs["resource_group"]) == []
    (vault,) = [one["name"] for one in outputs["resources"] if one["type"] == "Microsoft.KeyVault/vaults"]
    assert project.inside("python", "-c", DELETED_VAULT, vault).stdout.strip() == "200"
