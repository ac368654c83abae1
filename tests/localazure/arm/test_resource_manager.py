"""The resource manager as clients meet it: status codes, refusals, and what an update keeps."""

import uuid
from collections.abc import Mapping
from typing import Any

import pytest

from localazure.home import SUBSCRIPTION_ID
from tests.localazure.arm_client import SUBSCRIPTION, ArmClient

pytestmark = pytest.mark.xdist_group("azure")

ACCOUNT = {"location": "westeurope", "sku": {"name": "Standard_LRS"}, "kind": "StorageV2", "properties": {}}


def code_of(arm: ArmClient, method: str, path: str, body: Mapping[str, Any] | None = None) -> tuple[int, str]:
    answer = arm.call(method, path, body)
    return answer.status_code, answer.json()["error"]["code"]


def test_any_type_is_kept_as_it_was_sent(arm: ArmClient, group: str) -> None:
    path = f"{group}/providers/Contoso.Things/gadgets/one"
    deep = {"list": [1, None, "x"]}
    body = {"location": "westeurope", "tags": {"a": "b"}, "properties": {"deep": deep}}
    assert arm.call("PUT", path, body).status_code == 201
    kept = arm.call("GET", path.upper().replace("SUBSCRIPTIONS", "subscriptions")).json()
    assert kept["properties"]["deep"] == deep
    assert (kept["id"], kept["name"], kept["type"]) == (path, "one", "Contoso.Things/gadgets")


def test_what_lies_nowhere_is_refused(arm: ArmClient, group: str) -> None:
    missing = f"{SUBSCRIPTION}/resourceGroups/rg-missing/providers/Contoso.Things/gadgets/one"
    assert code_of(arm, "PUT", missing, {}) == (404, "ResourceGroupNotFound")
    assert code_of(arm, "PUT", f"{group}/providers/Contoso.Things/gadgets/no/parts/one", {}) == (
        404,
        "ParentResourceNotFound",
    )
    another = group.replace(SUBSCRIPTION_ID, "another")
    assert code_of(arm, "PUT", another, {}) == (404, "SubscriptionNotFound")
    for path in (another, another.rpartition("/")[0], f"{another}/resources"):
        assert code_of(arm, "GET", path) == (404, "SubscriptionNotFound"), path
    assert code_of(arm, "GET", f"{group}/providers/Contoso.Things/gadgets/none") == (404, "ResourceNotFound")


def test_a_name_that_azure_refuses_is_refused(arm: ArmClient, group: str) -> None:
    path = f"{group}/providers/Microsoft.Storage/storageAccounts/Not-Lower"
    answer = arm.call("PUT", path, ACCOUNT)
    assert answer.status_code == 400
    assert "Not-Lower" in answer.json()["error"]["message"]


def test_a_missing_property_is_named(arm: ArmClient, group: str) -> None:
    path = f"{group}/providers/Microsoft.Storage/storageAccounts/st{uuid.uuid4().hex[:8]}"
    answer = arm.call("PUT", path, {**ACCOUNT, "sku": {}})
    assert answer.status_code == 400
    assert "sku.name" in answer.json()["error"]["message"]


def test_a_global_name_is_taken_everywhere_but_by_its_owner(arm: ArmClient, group: str) -> None:
    name = f"st{uuid.uuid4().hex[:8]}"
    arm.put(f"{group}/providers/Microsoft.Storage/storageAccounts/{name}", ACCOUNT)
    assert arm.call("PUT", f"{group}/providers/Microsoft.Storage/storageAccounts/{name}", ACCOUNT).status_code == 200
    other = arm.group(f"rg-{uuid.uuid4().hex[:8]}")
    path = f"{other}/providers/Microsoft.Storage/storageAccounts/{name}"
    assert code_of(arm, "PUT", path, ACCOUNT) == (409, "StorageAccountAlreadyTaken")
    asked = {"name": name, "type": "Microsoft.Storage/storageAccounts"}
    answer = arm.call("POST", f"{SUBSCRIPTION}/providers/Microsoft.Storage/checkNameAvailability", asked).json()
    assert answer["nameAvailable"] is False


def test_an_update_keeps_what_azure_gave(arm: ArmClient, group: str) -> None:
    path = f"{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-one"
    first = arm.put(path, {"location": "westeurope"})
    second = arm.put(path, {"location": "westeurope", "tags": {"a": "b"}})
    assert second["properties"] == first["properties"]
    assert second["systemData"]["createdAt"] == first["systemData"]["createdAt"]
    patched = arm.call("PATCH", path, {"tags": {"a": None, "c": "d"}}).json()
    assert (patched["tags"], patched["properties"]) == ({"c": "d"}, first["properties"])


def test_an_identity_made_anew_is_another_principal(arm: ArmClient, group: str) -> None:
    path = f"{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-one"
    first = arm.put(path, {"location": "westeurope"})
    arm.call("DELETE", path)
    assert arm.put(path, {"location": "westeurope"})["properties"]["principalId"] != first["properties"]["principalId"]


def test_a_group_takes_everything_in_it_along(arm: ArmClient, group: str) -> None:
    name = f"st{uuid.uuid4().hex[:8]}"
    path = f"{group}/providers/Microsoft.Storage/storageAccounts/{name}"
    arm.put(path, ACCOUNT)
    assert arm.call("DELETE", group).status_code == 200
    assert arm.call("DELETE", group).status_code == 204
    assert arm.call("GET", path).status_code == 404


@pytest.mark.parametrize(("level", "updates"), [("CanNotDelete", 200), ("ReadOnly", 409)])
def test_a_lock_holds(arm: ArmClient, group: str, level: str, updates: int) -> None:
    path = f"{group}/providers/Contoso.Things/gadgets/one"
    arm.put(path, {})
    lock = f"{path}/providers/Microsoft.Authorization/locks/keep"
    arm.put(lock, {"properties": {"level": level}})
    assert code_of(arm, "DELETE", path) == (409, "ScopeLocked")
    assert code_of(arm, "DELETE", group) == (409, "ScopeLocked")
    assert arm.call("PUT", path, {}).status_code == updates
    assert arm.call("DELETE", lock).status_code == 200
    assert arm.call("DELETE", path).status_code == 200


def test_the_same_role_is_assigned_once(arm: ArmClient, group: str) -> None:
    role = f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{uuid.uuid4()}"
    body = {"properties": {"roleDefinitionId": role, "principalId": str(uuid.uuid4())}}
    at = f"{group}/providers/Microsoft.Authorization/roleAssignments/"
    arm.put(at + str(uuid.uuid4()), body)
    assert code_of(arm, "PUT", at + str(uuid.uuid4()), body) == (409, "RoleAssignmentExists")


@pytest.mark.parametrize(
    "path",
    [
        "/providers/Microsoft.MachineLearningServices/workspaces/mlw/schedules/nightly",
        "/providers/Microsoft.Resources/deployments/template",
    ],
)
def test_what_would_only_pretend_to_work_is_refused(arm: ArmClient, group: str, path: str) -> None:
    assert code_of(arm, "PUT", group + path, {}) == (400, "NotSupportedByEmbeddedAzure")


@pytest.mark.parametrize("body", ["not json", "[1]"])
def test_a_body_that_is_no_object_is_refused(arm: ArmClient, group: str, body: str) -> None:
    answer = arm._session.put(f"https://management.azure.com{group}", data=body, timeout=10)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "InvalidRequestContent")


def test_a_subscription_lists_its_resources_and_itself(arm: ArmClient, group: str) -> None:
    path = f"{group}/providers/Contoso.Things/gadgets/one"
    arm.put(path, {})
    arm.put(f"{path}/parts/inside", {})
    listed = [one["id"] for one in arm.call("GET", f"{group}/resources").json()["value"]]
    assert listed == [path]
    assert path in [one["id"] for one in arm.call("GET", f"{SUBSCRIPTION}/resources").json()["value"]]
    assert [one["subscriptionId"] for one in arm.call("GET", "/subscriptions").json()["value"]] == [SUBSCRIPTION_ID]


def test_a_group_is_exported_as_a_template_without_what_azure_makes_or_hides(arm: ArmClient, group: str) -> None:
    name = f"st{uuid.uuid4().hex[:12]}"
    account = f"{group}/providers/Microsoft.Storage/storageAccounts/{name}"
    arm.put(account, ACCOUNT)
    arm.put(f"{account}/blobServices/default/containers/data", {"properties": {}})
    arm.put(f"{account}/providers/Microsoft.Authorization/locks/keep", {"properties": {"level": "CanNotDelete"}})

    answer = arm.call("POST", f"{group}/exportTemplate", {"resources": ["*"]})

    template = answer.json()["template"]
    resources = {resource["name"]: resource for resource in template["resources"]}
    assert resources[name]["apiVersion"] == "2099-01-01"
    assert resources[name]["sku"]["name"] == "Standard_LRS"
    container = resources[f"{name}/default/data"]
    assert container["type"] == "Microsoft.Storage/storageAccounts/blobServices/containers"
    assert resources["keep"]["scope"] == f"[resourceId('Microsoft.Storage/storageAccounts', '{name}')]"
    keys = arm.call("POST", f"{account}/listKeys").json()["keys"]
    assert not any(key["value"] in answer.text for key in keys)
    assert arm.call("DELETE", f"{account}/providers/Microsoft.Authorization/locks/keep").ok
