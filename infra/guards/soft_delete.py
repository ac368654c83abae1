"""Re-creating a Key Vault whose name Azure still keeps, because `pulumi destroy` only soft-deleted it.

Azure wants `createMode: recover` for such a vault, refuses it for any other, and brings the vault back as it was:
the rest of that request is ignored (Azure/azure-rest-api-specs#21306). So the program asks first whether there is
one, and after a recovery sends the vault's properties once more, from a hook of Pulumi's.
"""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

import pulumi
import pulumi_azure_native as azure_native
import requests

from infra.errors import InfraError

# The API version that azure-native 3.29 uses for vaults.
_API_VERSION = "2024-11-01"
RESOURCE_MANAGER = "https://management.azure.com"
_TIMEOUT_SECONDS = 60
_TELLING = (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND)

VaultIsDeleted = Callable[[str, str, str], bool]
"""Whether a deleted vault exists, from subscription id, region and name."""


def vault_is_deleted(subscription_id: str, region: str, name: str) -> bool:
    """Ask Azure whether it keeps a soft-deleted vault of this name. Warns and says no where that is not permitted.

    Raises `InfraError` when Azure does not answer.
    """
    path = f"/subscriptions/{subscription_id}/providers/Microsoft.KeyVault/locations/{region}/deletedVaults/{name}"
    answer = _ask(path, name)
    if answer.status_code == HTTPStatus.FORBIDDEN:
        pulumi.log.warn(
            f"no permission to look for a soft-deleted Key Vault '{name}': if creating it fails because the name is in"
            f" use, run `az keyvault recover --name {name}` and then `pulumi import`"
        )
        return False
    return answer.status_code != HTTPStatus.NOT_FOUND


def after_recovery() -> pulumi.ResourceHook:
    """A hook for a vault's `after_create` that gives the recovered vault the properties that its resource states."""
    headers = authorization()

    def send_properties(args: pulumi.ResourceHookArgs) -> None:
        answer = requests.put(
            RESOURCE_MANAGER + args.id,
            params={"api-version": _API_VERSION},
            headers=headers,
            json=update_body(args.new_inputs or {}),
            timeout=_TIMEOUT_SECONDS,
        )
        answer.raise_for_status()

    return pulumi.ResourceHook("update-recovered-vault", send_properties)


def update_body(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The request that updates a vault, from the inputs of its resource: all of them, save what is for creation."""
    properties = {key: _whole(value) for key, value in inputs["properties"].items() if key != "createMode"}
    return {"location": inputs["location"], "tags": inputs["tags"], "properties": properties}


def _whole(value: object) -> object:
    """The engine's numbers are floats, and Azure takes no 7.0 for a number of days."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _ask(path: str, name: str) -> requests.Response:
    try:
        answer = requests.get(
            RESOURCE_MANAGER + path,
            params={"api-version": _API_VERSION},
            headers=authorization(),
            timeout=_TIMEOUT_SECONDS,
        )
        if answer.status_code not in _TELLING:
            answer.raise_for_status()
    except requests.RequestException as error:
        raise InfraError(
            f"Azure did not say whether it keeps a soft-deleted Key Vault '{name}' ({error}); check the connection,"
            " then run it again"
        ) from error
    return answer


def authorization() -> dict[str, str]:
    """The header that says who asks."""
    return {"Authorization": f"Bearer {azure_native.authorization.get_client_token().token}"}
