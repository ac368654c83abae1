"""Workspaces by kind: what Azure refuses, what it shares between a hub and its projects, and what it never changes."""

import uuid
from typing import Any

import pytest
import requests

from localazure.home import SUBSCRIPTION_ID
from tests.conftest import EmbeddedAzure
from tests.localazure.arm_client import ArmClient, vault_body

pytestmark = pytest.mark.xdist_group("azure")

WORKSPACES = "Microsoft.MachineLearningServices/workspaces"
NOWHERE = f"/subscriptions/{SUBSCRIPTION_ID}/resourceGroups/x/providers/{WORKSPACES}/hub-none"


class Workspaces:
    """Makes workspaces, and what each is tied to, in a group of their own."""

    def __init__(self, azure: EmbeddedAzure) -> None:
        self.arm = ArmClient()
        self.tag = uuid.uuid4().hex[:8]
        self.at = f"{self.arm.group(f'rg-{self.tag}')}/providers/"
        self.place = {"location": "westeurope"}
        self.me = azure.settings.user_object_id

    def tied(self) -> dict[str, str]:
        storage = {**self.place, "sku": {"name": "Standard_LRS"}, "kind": "StorageV2", "properties": {}}
        vault = vault_body(self.me, "get", enablePurgeProtection=True)
        insights = {**self.place, "kind": "web", "properties": {}}
        return {
            "storageAccount": self.arm.put(f"{self.at}Microsoft.Storage/storageAccounts/st{self.tag}", storage)["id"],
            "keyVault": self.arm.put(f"{self.at}Microsoft.KeyVault/vaults/kv-{self.tag}", vault)["id"],
            "applicationInsights": self.arm.put(f"{self.at}Microsoft.Insights/components/appi", insights)["id"],
        }

    def put(self, name: str, kind: str, **properties: Any) -> requests.Response:
        body = {**self.place, "kind": kind, "identity": {"type": "SystemAssigned"}, "properties": properties}
        return self.arm.call("PUT", f"{self.at}{WORKSPACES}/{name}", body)

    def make(self, name: str, kind: str, **properties: Any) -> dict[str, Any]:
        answer = self.put(name, kind, **properties)
        assert answer.ok, answer.text
        made: dict[str, Any] = answer.json()
        return made


@pytest.fixture
def workspaces(azure: EmbeddedAzure) -> Workspaces:
    return Workspaces(azure)


def message(answer: requests.Response) -> str:
    assert answer.status_code in (400, 409), answer.text
    return str(answer.json()["error"]["message"])


def test_a_project_has_what_its_hub_has_and_containers_of_its_own(workspaces: Workspaces) -> None:
    tied = workspaces.tied()
    hub = workspaces.make("hub-a", "Hub", **tied)
    project = workspaces.make("proj-a", "Project", hubResourceId=hub["id"])
    stores = {
        one["name"]: one["properties"].get("containerName")
        for one in workspaces.arm.call("GET", f"{project['id']}/datastores").json()["value"]
    }

    assert project["properties"]["storageAccount"] == tied["storageAccount"]
    assert workspaces.put("proj-a", "Project", **project["properties"]).ok, "what was read can be written"
    other = workspaces.put("proj-a", "Project", hubResourceId=hub["id"], storageAccount=tied["keyVault"])
    assert "The storageAccount of a project workspace" in message(other)
    assert stores["workspaceblobstore"] == f"{project['properties']['workspaceId']}-azureml-blobstore"
    assert stores["workspaceartifactstore"] == f"{project['properties']['workspaceId']}-azureml"


def test_a_hub_stays_while_it_has_projects(workspaces: Workspaces) -> None:
    hub = workspaces.make("hub-b", "Hub", **workspaces.tied())
    project = workspaces.make("proj-b", "Project", hubResourceId=hub["id"])

    assert "has projects: proj-b" in message(workspaces.arm.call("DELETE", hub["id"]))
    assert workspaces.arm.call("DELETE", project["id"]).ok
    assert workspaces.arm.call("DELETE", hub["id"]).ok


@pytest.mark.parametrize(
    ("kind", "properties", "said"),
    [
        ("Projekt", {}, "is none of Default, Hub, Project, FeatureStore"),
        ("Project", {"hubResourceId": NOWHERE}, "The hub"),
        ("Default", {"hubResourceId": NOWHERE}, "Only a workspace of kind 'Project'"),
        ("FeatureStore", {}, "needs featureStoreSettings"),
        ("Default", {"featureStoreSettings": {"offlineStoreConnectionName": "x"}}, "and no other"),
    ],
)
def test_what_a_kind_has_no_use_for_is_refused(
    workspaces: Workspaces, kind: str, properties: dict[str, Any], said: str
) -> None:
    assert said in message(workspaces.put("mlw-x", kind, **properties))


def test_hubs_have_no_clusters(workspaces: Workspaces) -> None:
    hub = workspaces.make("hub-c", "Hub", **workspaces.tied())
    cluster = {"computeType": "AmlCompute", "properties": {"vmSize": "Standard_DS3_v2"}}
    answer = workspaces.arm.call("PUT", f"{hub['id']}/computes/cpu-a", {**workspaces.place, "properties": cluster})

    assert "no compute clusters" in message(answer)


def test_what_was_fixed_at_creation_stays(workspaces: Workspaces) -> None:
    tied = workspaces.tied()
    closed = {"isolationMode": "AllowOnlyApprovedOutbound"}
    workspaces.make("mlw-a", "Default", **tied, managedNetwork=closed)

    assert "kind" in message(workspaces.put("mlw-a", "Hub", **tied, managedNetwork=closed))
    assert "hbiWorkspace" in message(
        workspaces.put("mlw-a", "Default", **tied, managedNetwork=closed, hbiWorkspace=True)
    )
    assert "more open" in message(workspaces.put("mlw-a", "Default", **tied))
    assert workspaces.put("mlw-a", "Default", **tied, managedNetwork=closed, friendlyName="other").ok


def test_a_rule_needs_a_network_that_it_makes_a_difference_to(workspaces: Workspaces) -> None:
    tied = workspaces.tied()
    host = {"properties": {"type": "FQDN", "destination": "contoso.com"}}
    endpoint: dict[str, Any] = {
        "properties": {"type": "PrivateEndpoint", "destination": {"serviceResourceId": tied["storageAccount"]}}
    }
    rule = f"{workspaces.make('mlw-b', 'Default', **tied)['id']}/outboundRules/rule"

    assert "no managed network" in message(workspaces.arm.call("PUT", rule, host))
    workspaces.make("mlw-b", "Default", **tied, managedNetwork={"isolationMode": "AllowInternetOutbound"})
    assert "AllowOnlyApprovedOutbound" in message(workspaces.arm.call("PUT", rule, host))
    assert workspaces.arm.call("PUT", rule, endpoint).ok
    endpoint["properties"]["destination"]["subresourceTarget"] = "blobb"
    assert "valid ones are blob" in message(workspaces.arm.call("PUT", rule, endpoint))
    endpoint["properties"]["destination"]["subresourceTarget"] = "blob"
    assert workspaces.arm.call("PUT", rule, endpoint).ok
    workspaces.make("mlw-b", "Default", **tied, managedNetwork={"isolationMode": "AllowOnlyApprovedOutbound"})
    assert workspaces.arm.call("PUT", rule, host).json()["properties"]["status"] == "Inactive"


def test_a_customers_key_must_be_there_and_stays_in_its_vault(workspaces: Workspaces) -> None:
    tied = workspaces.tied()
    key = workspaces.arm.put(f"{tied['keyVault']}/keys/ml", {"properties": {"kty": "RSA"}})["properties"]

    def encrypted(address: str) -> dict[str, Any]:
        said = {"keyVaultArmId": tied["keyVault"], "keyIdentifier": address}
        return {"status": "Enabled", "keyVaultProperties": said}

    missing = encrypted(f"{key['keyUri']}/{'0' * 32}")
    assert "was not found" in message(workspaces.put("mlw-c", "Default", **tied, encryption=missing))
    workspaces.make("mlw-c", "Default", **tied, encryption=encrypted(key["keyUriWithVersion"]))
    assert "another key of the same vault" in message(workspaces.put("mlw-c", "Default", **tied))


def test_a_key_that_is_there_stays_as_it_is(workspaces: Workspaces) -> None:
    path = f"{workspaces.tied()['keyVault']}/keys/ml"
    first = workspaces.arm.put(path, {"properties": {"kty": "RSA", "keySize": 3072}})["properties"]

    assert workspaces.arm.put(path, {"properties": {"kty": "RSA", "keySize": 4096}})["properties"] == first
    assert first["keyUriWithVersion"].startswith(f"{first['keyUri']}/")
