"""What create, read, update and delete mean for a resource type: ARM's own verbs, or an exception."""

import threading
from collections import defaultdict
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Protocol

from localazure.pulumi_provider.arm_client import ArmClient, Json
from localazure.pulumi_provider.catalogue import ResourceType
from localazure.pulumi_provider.errors import ArmError, ProviderError
from localazure.pulumi_provider.mapping import ArmRequest, put_request, with_kept
from localazure.pulumi_provider.property_values import lookup, reveal

_VAULT_AUDIENCE = "https://vault.azure.net"
_VAULT_API_VERSION = "7.4"
_SECRET_POLL_SECONDS = 0.2
_SECRET_POLLS = 100


class Lifecycle(Protocol):
    """The four verbs. Answers are ARM's JSON of the resource; `inputs` hold no unknown."""

    def create(self, kind: ResourceType, path: str, inputs: Mapping[str, Any]) -> Json:
        """Make the resource at `path`; raises ArmError when ARM refuses."""

    def read(self, kind: ResourceType, path: str, state: Mapping[str, Any]) -> Json | None:
        """The resource as it is now, None when it is gone. `state` is what is known of it."""

    def update(self, kind: ResourceType, path: str, inputs: Mapping[str, Any]) -> Json:
        """Bring the resource to `inputs`."""

    def delete(self, kind: ResourceType, path: str, state: Mapping[str, Any]) -> None:
        """Remove the resource; one that is gone already is fine."""


class ArmLifecycle:
    """PUT, GET and DELETE of the resource's path."""

    def __init__(self, client: ArmClient) -> None:
        self._client = client

    def create(self, kind: ResourceType, path: str, inputs: Mapping[str, Any]) -> Json:
        """PUT, with defaults for what others fill in; refuses what exists, as the official provider does."""
        if self._client.get(path, kind.api_version) is not None:
            raise ProviderError(f"{path} exists already; import it (`pulumi import`), or delete it")
        return self._client.send(put_request(kind, with_kept(kind, inputs, None), path))

    def read(self, kind: ResourceType, path: str, state: Mapping[str, Any]) -> Json | None:
        """GET."""
        return self._client.get(path, kind.api_version)

    def update(self, kind: ResourceType, path: str, inputs: Mapping[str, Any]) -> Json:
        """PUT, with what others have filled in meanwhile."""
        current = self._client.get(path, kind.api_version) if kind.keep else None
        return self._client.send(put_request(kind, with_kept(kind, inputs, current), path))

    def delete(self, kind: ResourceType, path: str, state: Mapping[str, Any]) -> None:
        """DELETE, and wait until it is gone."""
        try:
            self._client.send(ArmRequest("DELETE", path, kind.api_version))
        except ArmError as error:
            if error.status != HTTPStatus.NOT_FOUND:
                raise


class SettingsLifecycle(ArmLifecycle):
    """Settings of another resource: there as long as that is, so there is nothing to make or delete."""

    def create(self, kind: ResourceType, path: str, inputs: Mapping[str, Any]) -> Json:
        """PUT over the settings that are there."""
        return self.update(kind, path, inputs)

    def delete(self, kind: ResourceType, path: str, state: Mapping[str, Any]) -> None:
        """Leave the settings as they are."""


class SecretLifecycle(ArmLifecycle):
    """A Key Vault secret: ARM writes and reads it; only the vault's data plane can (softly) delete it."""

    def create(self, kind: ResourceType, path: str, inputs: Mapping[str, Any]) -> Json:
        """Recover a soft-deleted secret of that name, if there is one, and write a new version."""
        vault, name = _vault_and_secret(kind, path)
        status, _ = self._call("POST", f"{vault}/deletedsecrets/{name}/recover")
        if status == HTTPStatus.OK:
            self._until(f"{vault}/secrets/{name}", HTTPStatus.OK)
            return self.update(kind, path, inputs)
        return super().create(kind, path, inputs)

    def delete(self, kind: ResourceType, path: str, state: Mapping[str, Any]) -> None:
        """Delete it from the vault, and wait until its name is free to be recovered."""
        vault, name = _vault_and_secret(kind, path)
        status, answer = self._call("DELETE", f"{vault}/secrets/{name}")
        if status == HTTPStatus.OK:
            self._until(f"{vault}/deletedsecrets/{name}", HTTPStatus.OK)
        elif status != HTTPStatus.NOT_FOUND:
            error = answer.get("error") or {}
            raise ArmError(
                status, str(error.get("code", f"HTTP {status}")), str(error.get("message", "no reason given"))
            )

    def _call(self, method: str, url: str) -> tuple[int, Json]:
        return self._client.call(method, url, _VAULT_AUDIENCE, _VAULT_API_VERSION)

    def _until(self, url: str, wanted: int) -> None:
        for _ in range(_SECRET_POLLS):
            if self._call("GET", url)[0] in {wanted, HTTPStatus.FORBIDDEN}:
                return
            self._client.pause(_SECRET_POLL_SECONDS)
        raise ProviderError(f"{url} does not answer {wanted}; look at the vault, then run Pulumi again")


class KeyLifecycle(ArmLifecycle):
    """A Key Vault key, which azure-native shows otherwise than it takes it: without `properties` around its values."""

    def create(self, kind: ResourceType, path: str, inputs: Mapping[str, Any]) -> Json:
        """PUT; refuses a key that is there."""
        return _shown(super().create(kind, path, inputs))

    def read(self, kind: ResourceType, path: str, state: Mapping[str, Any]) -> Json | None:
        """GET."""
        found = super().read(kind, path, state)
        return None if found is None else _shown(found)

    def update(self, kind: ResourceType, path: str, inputs: Mapping[str, Any]) -> Json:
        """PUT."""
        return _shown(super().update(kind, path, inputs))


class AccessPolicyLifecycle:
    """One entry of a vault's access policies, added and removed by the vault's own operation for that."""

    def __init__(self, client: ArmClient) -> None:
        self._client = client
        self._locks: dict[str, threading.Lock] = defaultdict(threading.Lock)

    def create(self, kind: ResourceType, path: str, inputs: Mapping[str, Any]) -> Json:
        """Add the entry; refuses when the principal has one already, as the official provider does."""
        if self.read(kind, path, inputs):
            principal = lookup(reveal(inputs), ("policy", "objectId"))
            raise ProviderError(f"the vault already has an access policy for {principal}; remove it there or import it")
        return self.update(kind, path, inputs)

    def read(self, kind: ResourceType, path: str, state: Mapping[str, Any]) -> Json | None:
        """The entry of the principal that `state` names."""
        principal = lookup(reveal(state), ("policy", "objectId"))
        vault = self._client.get(path.rpartition("/")[0], kind.api_version)
        entries = lookup(vault or {}, ("properties", "accessPolicies")) or []
        for entry in entries:
            if entry["objectId"] == principal:
                return {"properties": {"policy": entry}}
        return None

    def update(self, kind: ResourceType, path: str, inputs: Mapping[str, Any]) -> Json:
        """Replace the entry."""
        self._modify(kind, path, inputs, "replace")
        return {"properties": {"policy": reveal(inputs["policy"])}}

    def delete(self, kind: ResourceType, path: str, state: Mapping[str, Any]) -> None:
        """Remove the entry."""
        try:
            self._modify(kind, path, state, "remove")
        except ArmError as error:
            if error.status != HTTPStatus.NOT_FOUND:
                raise

    def _modify(self, kind: ResourceType, path: str, state: Mapping[str, Any], operation: str) -> None:
        vault = path.rpartition("/")[0]
        body = {"properties": {"accessPolicies": [reveal(state["policy"])]}}
        with self._locks[vault]:
            self._client.send(ArmRequest("PUT", f"{vault}/accessPolicies/{operation}", kind.api_version, body))


def lifecycles(client: ArmClient) -> Mapping[str, Lifecycle]:
    """The lifecycle of each name that resources.toml uses."""
    return {
        "arm": ArmLifecycle(client),
        "settings": SettingsLifecycle(client),
        "secret": SecretLifecycle(client),
        "key": KeyLifecycle(client),
        "access_policy": AccessPolicyLifecycle(client),
    }


def _shown(answer: Json) -> Json:
    return {**answer, **(answer.get("properties") or {})}


def _vault_and_secret(kind: ResourceType, path: str) -> tuple[str, str]:
    names = kind.path.match(path)
    return f"https://{names['vaultName']}.vault.azure.net", names["secretName"]
