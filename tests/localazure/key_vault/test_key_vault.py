"""Key Vault with the official SDK: versions, soft delete, and access that is really refused."""

import uuid
from collections.abc import Callable

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.identity import DefaultAzureCredential
from azure.keyvault.secrets import SecretClient

from localazure.home import SUBSCRIPTION_ID
from tests.conftest import EmbeddedAzure
from tests.localazure.arm_client import ArmClient, vault_body

pytestmark = pytest.mark.xdist_group("azure")

EVERYTHING = ("get", "list", "set", "delete", "recover", "purge")


class Vaults:
    """Makes vaults and clients for them."""

    def __init__(self, azure: EmbeddedAzure) -> None:
        self.arm = ArmClient()
        self.group = self.arm.group("rg-vaults")
        self.me = azure.settings.user_object_id

    def path(self, name: str) -> str:
        return f"{self.group}/providers/Microsoft.KeyVault/vaults/{name}"

    def make(self, *permissions: str, name: str | None = None, **properties: object) -> SecretClient:
        name = name or f"kv-{uuid.uuid4().hex[:10]}"
        self.arm.put(self.path(name), vault_body(self.me, *permissions, **properties))
        return SecretClient(f"https://{name}.vault.azure.net", DefaultAzureCredential())


@pytest.fixture
def vaults(azure: EmbeddedAzure) -> Vaults:
    return Vaults(azure)


def name_of(client: SecretClient) -> str:
    return str(client.vault_url).split("//")[1].split(".")[0]


def test_versions_of_a_secret(vaults: Vaults) -> None:
    client = vaults.make(*EVERYTHING)
    first = client.set_secret("key", "one", tags={"a": "b"}, content_type="text/plain")
    client.set_secret("key", "two")
    assert client.get_secret("key").value == "two"
    old = client.get_secret("key", first.properties.version)
    assert (old.value, old.properties.tags, old.properties.content_type) == ("one", {"a": "b"}, "text/plain")
    assert len(list(client.list_properties_of_secret_versions("key"))) == 2
    assert [one.name for one in client.list_properties_of_secrets()] == ["key"]


def test_a_disabled_version_cannot_be_read(vaults: Vaults) -> None:
    client = vaults.make(*EVERYTHING)
    client.set_secret("key", "one")
    client.update_secret_properties("key", enabled=False)
    with pytest.raises(HttpResponseError, match="disabled"):
        client.get_secret("key")


def test_a_deleted_secret_is_recovered_or_purged(vaults: Vaults) -> None:
    client = vaults.make(*EVERYTHING)
    client.set_secret("key", "one")
    client.begin_delete_secret("key").wait()
    with pytest.raises(ResourceNotFoundError):
        client.get_secret("key")
    with pytest.raises(HttpResponseError, match="deleted but recoverable"):
        client.set_secret("key", "two")
    client.begin_recover_deleted_secret("key").wait()
    assert client.get_secret("key").value == "one"
    client.begin_delete_secret("key").wait()
    client.purge_deleted_secret("key")
    client.set_secret("key", "two")
    assert client.get_secret("key").value == "two"


def test_purge_protection_holds(vaults: Vaults) -> None:
    client = vaults.make(*EVERYTHING, enablePurgeProtection=True)
    client.set_secret("key", "one")
    client.begin_delete_secret("key").wait()
    with pytest.raises(HttpResponseError, match="purge protection"):
        client.purge_deleted_secret("key")
    body = vault_body(vaults.me, "get")
    assert vaults.arm.call("PUT", vaults.path(name_of(client)), body).status_code == 400


def test_the_owner_without_a_policy_gets_403(vaults: Vaults) -> None:
    client = vaults.make()
    with pytest.raises(HttpResponseError) as refused:
        client.get_secret("key")
    assert refused.value.status_code == 403
    assert "ForbiddenByPolicy" in str(refused.value)


@pytest.mark.parametrize(("permission", "works"), [("get", {"get"}), ("list", {"list"}), ("set", {"set"})])
def test_a_policy_gives_exactly_what_it_names(vaults: Vaults, permission: str, works: set[str]) -> None:
    client = vaults.make("set", permission)
    client.set_secret("key", "one")
    vaults.make(permission, name=name_of(client))
    calls: dict[str, Callable[[], object]] = {
        "get": lambda: client.get_secret("key"),
        "list": lambda: list(client.list_properties_of_secrets()),
        "set": lambda: client.set_secret("key", "two"),
        "delete": lambda: client.begin_delete_secret("key"),
    }
    for name, call in calls.items():
        if name in works:
            call()
        else:
            with pytest.raises(HttpResponseError, match=f"does not have secrets {name} permission"):
                call()


def test_in_a_vault_with_rbac_roles_decide_and_policies_do_not(vaults: Vaults) -> None:
    client = vaults.make(*EVERYTHING, enableRbacAuthorization=True)
    with pytest.raises(HttpResponseError, match="ForbiddenByRbac"):
        client.get_secret("key")


@pytest.mark.parametrize(
    ("role", "works"),
    [
        ("4633458b-17de-408a-b874-0445c86b69e6", {"get", "list"}),
        ("21090545-7ca7-4776-b22c-e363652d74d2", {"list"}),
        ("b86a8fe4-44ce-4948-aee5-eccb2c155cd7", {"get", "list", "set", "delete"}),
        ("00482a5a-887f-4fb3-b363-3b7fe8e74483", {"get", "list", "set", "delete"}),
        ("b24988ac-6180-42a0-ab88-20f7382dd24c", set()),
        ("8e3af657-a8ff-443c-a75c-2fe8c4bcb635", set()),
    ],
)
@pytest.mark.parametrize("at_vault", [True, False], ids=["on the vault", "on its group"])
def test_a_role_gives_what_azures_role_of_that_name_gives(
    vaults: Vaults, role: str, works: set[str], at_vault: bool
) -> None:
    client = vaults.make(enableRbacAuthorization=True)
    path = vaults.path(name_of(client))
    vaults.arm.put(f"{path}/secrets/key", {"properties": {"value": "one"}})
    scope = path if at_vault else vaults.group
    assignment = f"{scope}/providers/Microsoft.Authorization/roleAssignments/{uuid.uuid4()}"
    definition = f"/subscriptions/{SUBSCRIPTION_ID}/providers/Microsoft.Authorization/roleDefinitions/{role}"
    vaults.arm.put(assignment, {"properties": {"roleDefinitionId": definition, "principalId": vaults.me}})
    calls: dict[str, Callable[[], object]] = {
        "get": lambda: client.get_secret("key"),
        "list": lambda: list(client.list_properties_of_secrets()),
        "set": lambda: client.set_secret("key", "two"),
        "delete": lambda: client.begin_delete_secret("key"),
    }
    for name, call in calls.items():
        if name in works:
            call()
        else:
            with pytest.raises(HttpResponseError, match="ForbiddenByRbac"):
                call()
    vaults.arm.call("DELETE", assignment)
    with pytest.raises(HttpResponseError, match="ForbiddenByRbac"):
        client.get_secret("key")


def test_a_deleted_vault_keeps_its_name_until_it_is_recovered_or_purged(vaults: Vaults) -> None:
    client = vaults.make(*EVERYTHING)
    name = name_of(client)
    client.set_secret("key", "one")
    vaults.arm.call("DELETE", vaults.path(name))
    body = vault_body(vaults.me, *EVERYTHING)
    refused = vaults.arm.call("PUT", vaults.path(name), body)
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "ConflictError")
    deleted = f"/subscriptions/{SUBSCRIPTION_ID}/providers/Microsoft.KeyVault/locations/westeurope/deletedVaults/{name}"
    assert vaults.arm.call("GET", deleted).json()["properties"]["vaultId"] == vaults.path(name)
    vaults.make(*EVERYTHING, name=name, createMode="recover")
    assert client.get_secret("key").value == "one"
    vaults.arm.call("DELETE", vaults.path(name))
    assert vaults.arm.call("POST", f"{deleted}/purge").status_code == 200
    vaults.make(*EVERYTHING, name=name)
    assert list(client.list_properties_of_secrets()) == []


def test_a_secret_written_through_arm_is_the_same_secret_and_arm_never_shows_it(vaults: Vaults) -> None:
    client = vaults.make(*EVERYTHING)
    path = f"{vaults.path(name_of(client))}/secrets/from-arm"
    for _ in range(2):
        shown = vaults.arm.put(path, {"properties": {"value": "one"}})
        assert "value" not in shown["properties"]
    assert client.get_secret("from-arm").value == "one"
    assert len(list(client.list_properties_of_secret_versions("from-arm"))) == 1
    assert "one" not in vaults.arm.call("GET", path).text
