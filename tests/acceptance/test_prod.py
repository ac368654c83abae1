"""The whole prod profile on the embedded Azure: up, no change after it, a scan of what is there, and nothing left.

Once as prod is, once closed to the internet.
"""

import json
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from tests.acceptance.project_copy import ProjectCopy
from tests.conftest import PROJECT

pytestmark = [pytest.mark.xdist_group("stacks"), pytest.mark.timeout(600)]

CHECKOV = PROJECT / ".tools" / "checkov"
# Stack to what its file says beside prod's. The embedded Azure takes stacks whose name begins so.
STACKS: dict[str, dict[str, Any]] = {
    "local-prod": {"mlws:environment": "prod"},
    "local-closed": {
        "mlws:environment": "prod",
        "mlws:instance": "02",
        "mlws:network": {"access": "private"},
        "mlws:managedNetwork": {"isolation": "AllowInternetOutbound"},
        "mlws:storage": {"access": "identity"},
    },
}
EXPORT = """
import json, sys
import requests
from azure.identity import DefaultAzureCredential
token = DefaultAzureCredential().get_token("https://management.azure.com/.default").token
answer = requests.post(
    f"https://management.azure.com/subscriptions/{sys.argv[1]}/resourceGroups/{sys.argv[2]}/exportTemplate",
    params={"api-version": "2021-04-01"}, json={"resources": ["*"]}, headers={"Authorization": f"Bearer {token}"},
)
answer.raise_for_status()
print(json.dumps(answer.json()["template"]))
"""


@dataclass(frozen=True)
class Deployed:
    """A stack that was brought up, and where it is."""

    project: ProjectCopy
    stack: str

    def pulumi(self, *arguments: str) -> str:
        return self.project.pulumi(*arguments, stack=self.stack)

    def write(self, own: Mapping[str, Any]) -> None:
        """Write the stack's file: prod's, what the stack always has besides, and `own`."""
        settings = (self.project.root / "Pulumi.prod.yaml").read_text().rstrip()
        lines = "".join(f"\n  {key}: {json.dumps(value)}" for key, value in {**STACKS[self.stack], **own}.items())
        (self.project.root / f"Pulumi.{self.stack}.yaml").write_text(f"{settings}{lines}\n")

    def up(self, own: Mapping[str, Any]) -> None:
        self.write(own)
        self.pulumi("up", "--yes", "--skip-preview")

    def refused(self, own: Mapping[str, Any]) -> str:
        """What a preview with these settings says that refuses them."""
        self.write(own)
        said = self.project.pulumi("preview", stack=self.stack, fails=True)
        assert "Traceback" not in said
        return said

    @property
    def place(self) -> tuple[str, str]:
        """Subscription and resource group."""
        config = json.loads(self.pulumi("stack", "output", "config_json"))
        return config["subscription_id"], config["resource_group"]

    def ask(self, script: str, *arguments: str) -> Any:
        done = self.project.inside("python", "-c", script, *arguments)
        assert done.returncode == 0, done.stdout
        return json.loads(done.stdout)


@pytest.fixture(scope="module", params=STACKS)
def deployed(project: ProjectCopy, request: pytest.FixtureRequest) -> Deployed:
    stack = Deployed(project, request.param)
    stack.write({})
    stack.pulumi("stack", "init")
    stack.pulumi("up", "--yes", "--skip-preview")
    return stack


def test_nothing_is_to_change_after_it(deployed: Deployed) -> None:
    deployed.pulumi("preview", "--expect-no-changes")


@pytest.mark.skipif(not CHECKOV.is_dir(), reason="`python3 -m tools.setup --tests` gets checkov")
def test_checkov_finds_nothing_that_is_not_listed_with_a_reason(deployed: Deployed) -> None:
    template = deployed.project.root / f"{deployed.stack}.json"
    template.write_text(json.dumps(deployed.ask(EXPORT, *deployed.place)))
    command = ("-f", str(template), "--framework", "arm", "--output", "json", "--compact", "--quiet", "--skip-download")
    scanned = subprocess.run(
        [sys.executable, "-m", "checkov.main", *command],
        cwd=deployed.project.root,
        env={**deployed.project.environment, "PYTHONPATH": str(CHECKOV)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    report = json.loads(scanned.stdout)
    assert report["summary"]["parsing_errors"] == 0
    assert report["summary"]["passed"] >= 10
    reasons = tomllib.loads((PROJECT / "policy" / "checkov.toml").read_text())
    failed = {check["check_id"] for check in report["results"]["failed_checks"]}
    if deployed.stack == "local-prod":
        assert failed == {*reasons["always"], *reasons["public"]}
    else:
        assert failed <= set(reasons["always"])


def test_what_a_lock_holds_goes_once_the_lock_is_gone_and_a_replacement_too(deployed: Deployed) -> None:
    if deployed.stack != "local-prod":
        pytest.skip("the locks are the same in both")
    alice = {"objectId": "11111111-2222-4333-8444-555555555555", "role": "data-scientist"}
    deployed.up({"mlws:principals": {"alice": alice}})
    assert "mlws:protection.locks: this update would delete 'access-alice-" in deployed.refused({})
    deployed.up({"mlws:protection": {"locks": False}})
    deployed.up({})
    sensitive = {"mlws:workspace": {"highBusinessImpact": True}}
    may_go = {"mlws:protection": {"locks": False, "allowReplacing": ["workspace"]}}
    assert "the locks must be gone before" in deployed.refused({**sensitive, **may_go})
    deployed.up({"mlws:protection": {"locks": False}})
    deployed.up({**sensitive, **may_go})
    deployed.up(sensitive)
    deployed.pulumi("preview", "--expect-no-changes")


def test_it_can_be_destroyed_only_once_its_protection_is_lifted_and_leaves_nothing(deployed: Deployed) -> None:
    assert "protect" in deployed.project.pulumi("destroy", "--yes", stack=deployed.stack, fails=True)
    _, group = deployed.place
    deployed.pulumi("state", "unprotect", "--all", "--yes")
    deployed.pulumi("destroy", "--yes", "--skip-preview")
    assert deployed.project.left(group) == []
    assert group not in deployed.pulumi("stack")
