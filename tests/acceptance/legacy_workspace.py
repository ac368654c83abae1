"""What somebody did by hand, as requests to Azure: `make` a workspace of their own, `tamper` with that of stack local.

Run inside `mlws local exec`, by tests/acceptance/test_lifecycle.py.
"""

import sys
import uuid
from typing import Any

import requests
from azure.identity import DefaultAzureCredential

AZURE = "https://management.azure.com"
SUBSCRIPTION = "/subscriptions/10ca1a2e-0000-4000-8000-000000000001"
TENANT = "10ca1a2e-0000-4000-8000-000000000000"
BLOB_CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe"
PLACE = {"location": "westeurope", "tags": {"team": "old"}}


def send(method: str, path: str, body: Any = None) -> Any:
    token = DefaultAzureCredential().get_token(f"{AZURE}/.default").token
    answer = requests.request(
        method,
        AZURE + path,
        params={"api-version": "2024-01-01"},
        headers={"Authorization": f"Bearer {token}"},
        json=body,
        timeout=60,
    )
    assert answer.ok, (path, answer.text)
    return answer.json() if answer.text else None


def make() -> None:
    group = f"{SUBSCRIPTION}/resourceGroups/legacy-ml"
    at = f"{group}/providers"
    send("PUT", group, PLACE)
    identity = send("PUT", f"{at}/Microsoft.ManagedIdentity/userAssignedIdentities/legacyid", PLACE)
    storage = {**PLACE, "sku": {"name": "Standard_GRS"}, "kind": "StorageV2"}
    account = send(
        "PUT",
        f"{at}/Microsoft.Storage/storageAccounts/legacymlstore",
        {**storage, "properties": {"minimumTlsVersion": "TLS1_0"}},
    )
    vault = {"tenantId": TENANT, "sku": {"family": "A", "name": "standard"}, "accessPolicies": []}
    vault = send("PUT", f"{at}/Microsoft.KeyVault/vaults/legacy-ml-vault", {**PLACE, "properties": vault})
    logs = send(
        "PUT",
        f"{at}/Microsoft.OperationalInsights/workspaces/legacy-logs",
        {**PLACE, "properties": {"sku": {"name": "PerGB2018"}, "retentionInDays": 30}},
    )
    insights = send(
        "PUT",
        f"{at}/Microsoft.Insights/components/legacy-insights",
        {**PLACE, "kind": "web", "properties": {"Application_Type": "web", "WorkspaceResourceId": logs["id"]}},
    )
    tied = {"storageAccount": account["id"], "keyVault": vault["id"], "applicationInsights": insights["id"]}
    acts_as = {"type": "UserAssigned", "userAssignedIdentities": {identity["id"]: {}}}
    send(
        "PUT",
        f"{at}/Microsoft.MachineLearningServices/workspaces/legacy-ml",
        {**PLACE, "identity": acts_as, "properties": {**tied, "primaryUserAssignedIdentity": identity["id"]}},
    )
    # Assigned in the portal, and so with an id that no program would have come up with.
    assignment = {
        "roleDefinitionId": f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{BLOB_CONTRIBUTOR}",
        "principalId": identity["properties"]["principalId"],
        "principalType": "ServicePrincipal",
    }
    assignments = f"{account['id']}/providers/Microsoft.Authorization/roleAssignments"
    send("PUT", f"{assignments}/{uuid.uuid4()}", {"properties": assignment})


def tamper() -> None:
    accounts = f"{SUBSCRIPTION}/resourceGroups/rg-churn-loc-euw/providers/Microsoft.Storage/storageAccounts"
    account = send("GET", accounts)["value"][0]["id"]
    body = {"properties": {"minimumTlsVersion": "TLS1_0"}, "tags": {"owner": "somebody"}}
    send("PATCH", account, body)
    send("DELETE", f"{account}/blobServices/default/containers/training-data")


if __name__ == "__main__":
    {"make": make, "tamper": tamper}[sys.argv[1]]()
