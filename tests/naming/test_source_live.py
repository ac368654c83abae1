"""A subscription as a source, and names that are taken: asked of the embedded Azure, as of the real one."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from naming import NamingError, rule_for
from naming.lint import live
from naming.lint.availability import questions
from naming.lint.command import lint
from naming.lint.live import resources_of
from naming.lint.sources.notes import Notes
from naming.rule import Scope
from tests.conftest import EmbeddedAzure

pytestmark = pytest.mark.xdist_group("azure")

SUBSCRIPTION = "10ca1a2e-0000-4000-8000-000000000001"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-lint"
VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-lint-taken"
WORKSPACE = f"{GROUP}/providers/Microsoft.MachineLearningServices/workspaces/mlw-lint"


def put(path: str, body: dict[str, object]) -> None:
    import requests
    from azure.identity import DefaultAzureCredential

    token = DefaultAzureCredential().get_token("https://management.azure.com/.default").token
    answer = requests.put(
        f"https://management.azure.com{path}?api-version=2024-10-01",
        json=body,
        headers={"Authorization": f"Bearer {token}"},
        timeout=60,
    )
    assert answer.status_code < 300, answer.text


@pytest.fixture
def estate(azure: EmbeddedAzure) -> EmbeddedAzure:
    """A group with a vault, a workspace and what is in it."""
    here = {"location": "westeurope"}
    put(GROUP, {**here, "tags": {"owner": "ml"}})
    put(
        VAULT,
        {
            **here,
            "properties": {
                "tenantId": "10ca1a2e-0000-4000-8000-000000000000",
                "accessPolicies": [],
                "sku": {"family": "A", "name": "standard"},
            },
        },
    )
    storage = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/stlinttaken"
    put(storage, {**here, "kind": "StorageV2", "sku": {"name": "Standard_LRS"}})
    insights = f"{GROUP}/providers/Microsoft.Insights/components/appi-lint"
    put(insights, {**here, "kind": "web", "properties": {"Application_Type": "web"}})
    put(
        WORKSPACE,
        {
            **here,
            "identity": {"type": "SystemAssigned"},
            "properties": {"storageAccount": storage, "keyVault": VAULT, "applicationInsights": insights},
        },
    )
    put(
        f"{WORKSPACE}/computes/cpu-lint",
        {
            **here,
            "properties": {
                "computeType": "AmlCompute",
                "properties": {"vmSize": "STANDARD_DS3_V2", "scaleSettings": {"minNodeCount": 0, "maxNodeCount": 1}},
            },
        },
    )
    return azure


def run(*arguments: str) -> Result:
    return CliRunner().invoke(lint, arguments)


def test_a_subscription_is_read_with_what_is_in_its_workspaces(estate: EmbeddedAzure) -> None:
    found = {(one.type.rpartition("/")[2], one.variant, one.name) for one in resources_of(SUBSCRIPTION, Notes())}
    assert found >= {
        ("resourceGroups", None, "rg-lint"),
        ("vaults", None, "kv-lint-taken"),
        ("computes", "AmlCompute", "cpu-lint"),
        ("datastores", None, "workspaceblobstore"),
    }


def test_the_command_judges_a_subscription(estate: EmbeddedAzure) -> None:
    body: dict[str, object] = {"location": "westeurope", "kind": "web", "properties": {"Application_Type": "web"}}
    put(f"{GROUP}/providers/Microsoft.Insights/components/appi-lint%23", body)
    result = run("--subscription", SUBSCRIPTION, "--json")
    assert result.exit_code == 1, result.output
    assert {one["name"] for one in json.loads(result.stdout)} == {"appi-lint#"}


class _OneWorkspace:
    """A subscription with a workspace whose two jobs are of one experiment."""

    def listed(self, path: str, _version: str) -> list[dict[str, object]]:
        jobs = [f"{WORKSPACE}/jobs/calm_sea_{number}" for number in (1, 2)]
        return [
            {"id": job, "name": job.rpartition("/")[2], "properties": {"experimentName": "digits"}}
            for job in jobs
            if path == f"{WORKSPACE}/jobs"
        ]

    def everything(self, _home: str) -> list[dict[str, object]]:
        return [{"id": WORKSPACE, "name": "mlw-lint", "type": "Microsoft.MachineLearningServices/workspaces"}]


def test_the_experiment_of_several_jobs_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "Azure", _OneWorkspace)
    names = [one.name for one in resources_of(SUBSCRIPTION, Notes())]
    assert names == ["mlw-lint", "calm_sea_1", "digits", "calm_sea_2"]


def test_a_subscription_that_azure_does_not_know_is_no_empty_one(estate: EmbeddedAzure) -> None:
    result = run("--subscription", SUBSCRIPTION.replace("1", "2"))
    assert isinstance(result.exception, NamingError)
    assert "could not be found" in str(result.exception)


def test_names_that_somebody_has_are_found_online(
    estate: EmbeddedAzure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_SUBSCRIPTION_ID", SUBSCRIPTION)
    names = tmp_path / "names.csv"
    names.write_text("type,name\nkv,kv-lint-taken\nkv,kv-lint-free\nrg,rg-lint\n")
    result = run(str(names), "st=stlinttaken", "--online", "--json")
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit), result.exception
    assert {(one["id"], one["name"]) for one in json.loads(result.stdout)} == {
        ("NAM301", "kv-lint-taken"),
        ("NAM301", "stlinttaken"),
    }
    assert run("kv=kv-lint-taken", "--online", "--ignore", "NAM301").exit_code == 0
    assert run("kv=kv-lint-free", "--online").exit_code == 0
    assert run("--subscription", SUBSCRIPTION, "--online", "--select", "NAM3").exit_code == 0


def test_a_subscription_that_is_no_id_is_a_sentence() -> None:
    error = run("--subscription", "x/../y").exception
    assert isinstance(error, NamingError)
    assert "write the id of one" in str(error)


def test_without_a_way_to_azure_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "azure.identity", None)
    error = run("kv=kv-lint-free", "--online").exception
    assert isinstance(error, NamingError)
    assert "pip install azure-identity requests" in str(error)


def test_names_that_azure_cannot_be_asked_about_are_counted() -> None:
    result = run("redis=redis-a-b", "cosno=cosno-a", "cosno=cosno-b", "mysql=mysql-churn", "rg=rg-churn", "--online")
    assert result.exit_code == 0, result.output
    assert result.stderr.splitlines() == [
        f"note: --online did not ask whether {names} of these types are free, since {reason}."
        for names, reason in (
            ("3 names", "Azure answers no such question of them: Cosmos DB account, Redis cache"),
            ("1 name", "their region, which the question needs, is not said: MySQL flexible server"),
        )
    ]


def test_every_question_is_about_a_type_that_is_unique_in_all_of_azure() -> None:
    for resource_type, question in questions().items():
        rule = rule_for(resource_type)
        assert (rule.type, rule.scope) == (resource_type, Scope.GLOBAL)
        assert set(question) <= {"path", "version", "type", "level"}
