"""A plain client of management.azure.com, for tests that look at status codes and bodies."""

from collections.abc import Mapping
from typing import Any

import requests
from azure.identity import DefaultAzureCredential

from localazure.home import SUBSCRIPTION_ID, TENANT_ID

SUBSCRIPTION = f"/subscriptions/{SUBSCRIPTION_ID}"


class ArmClient:
    """Speaks to the embedded Azure that the process's environment points at."""

    def __init__(self) -> None:
        token = DefaultAzureCredential().get_token("https://management.azure.com/.default").token
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {token}"

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> requests.Response:
        """One request; the api-version is of no account."""
        url = f"https://management.azure.com{path}"
        return self._session.request(method, url, params={"api-version": "2099-01-01"}, json=body, timeout=30)

    def put(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Create or replace, and insist."""
        answer = self.call("PUT", path, body)
        assert answer.ok, answer.text
        created: dict[str, Any] = answer.json()
        return created

    def group(self, name: str) -> str:
        """A resource group, made if need be; returns its id."""
        path = f"{SUBSCRIPTION}/resourceGroups/{name}"
        self.put(path, {"location": "westeurope"})
        return path


def vault_body(object_id: str, *permissions: str, **properties: Any) -> dict[str, Any]:
    """A vault whose one access policy gives `permissions` on secrets to `object_id`."""
    policy = {"tenantId": TENANT_ID, "objectId": object_id, "permissions": {"secrets": list(permissions)}}
    return {
        "location": "westeurope",
        "properties": {
            "tenantId": TENANT_ID,
            "sku": {"family": "A", "name": "standard"},
            "accessPolicies": [policy] if permissions else [],
            **properties,
        },
    }
