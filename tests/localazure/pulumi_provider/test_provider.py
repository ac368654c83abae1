"""The provider as the engine meets it: over gRPC, with ARM behind it."""

from collections.abc import Iterator
from typing import Any

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from google.protobuf.message import Message
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from localazure.pulumi_provider import wire
from localazure.pulumi_provider.property_values import UNKNOWN, Properties, Secret
from localazure.pulumi_provider.provider import AzureNativeProvider
from localazure.pulumi_provider.server import start
from tests.localazure.pulumi_provider.conftest import OBJECT_ID, FakeAzure

GROUP = "/subscriptions/10ca1a2e-0000-4000-8000-000000000001/resourceGroups/rg"
VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv"
SECRET = f"{VAULT}/secrets/s"
SECRET_INPUTS: Properties = {
    "resourceGroupName": "rg",
    "vaultName": "kv",
    "secretName": "s",
    "properties": {"value": Secret("v")},
}


@pytest.fixture
def engine(azure: FakeAzure) -> Iterator[Any]:
    """The engine's side of the connection, configured for one region."""
    assert azure.sent == []
    server, port = start(AzureNativeProvider("3.29.0"))
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        stub = provider_pb2_grpc.ResourceProviderStub(channel)
        stub.Configure(provider_pb2.ConfigureRequest(variables={"azure-native:config:location": "westeurope"}))
        yield stub
    server.stop(grace=None).wait()


def urn(token: str) -> str:
    return f"urn:pulumi:local::mlws::mlws:Parent$azure-native:{token}::name"


def create(engine: Any, token: str, inputs: Properties, *, preview: bool = False) -> Any:
    return engine.Create(provider_pb2.CreateRequest(urn=urn(token), properties=wire.write(inputs), preview=preview))


def test_a_resource_group_lives_its_whole_life(engine: Any, azure: FakeAzure) -> None:
    token = "resources:ResourceGroup"
    program: Properties = {"resourceGroupName": "rg", "tags": {"env": "dev"}}

    checked = wire.read(engine.Check(provider_pb2.CheckRequest(urn=urn(token), news=wire.write(program))).inputs)
    assert checked == {**program, "location": "westeurope"}

    created = create(engine, token, checked)
    assert created.id == GROUP
    assert wire.read(created.properties)["tags"] == {"env": "dev"}

    common: dict[str, Any] = {"id": created.id, "urn": urn(token)}
    again = provider_pb2.DiffRequest(**common, old_inputs=wire.write(checked), news=wire.write(checked))
    assert engine.Diff(again).changes == provider_pb2.DiffResponse.DIFF_NONE

    changed = {**checked, "tags": {"env": "qa"}}
    diff = engine.Diff(provider_pb2.DiffRequest(**common, old_inputs=wire.write(checked), news=wire.write(changed)))
    assert list(diff.diffs) == ["tags"]
    assert diff.detailedDiff["tags.env"].kind == provider_pb2.PropertyDiff.UPDATE

    update = provider_pb2.UpdateRequest(**common, olds=created.properties, news=wire.write(changed))
    updated = engine.Update(update)
    assert azure.store[GROUP]["tags"] == {"env": "qa"}

    azure.store[GROUP]["tags"] = {"env": "changed by hand"}
    read = engine.Read(provider_pb2.ReadRequest(**common, inputs=wire.write(changed), properties=updated.properties))
    assert wire.read(read.inputs)["tags"] == {"env": "changed by hand"}

    engine.Delete(provider_pb2.DeleteRequest(**common, properties=updated.properties))
    assert GROUP not in azure.store
    engine.Delete(provider_pb2.DeleteRequest(**common, properties=updated.properties))
    assert engine.Read(provider_pb2.ReadRequest(**common, properties=updated.properties)).id == ""


def test_a_preview_asks_nothing_of_arm_and_has_no_id(engine: Any, azure: FakeAzure) -> None:
    inputs: Properties = {"resourceGroupName": UNKNOWN, "accountName": "st", "sku": {"name": "S"}}

    preview = create(engine, "storage:StorageAccount", inputs, preview=True)

    assert preview.id == ""
    assert wire.read(preview.properties)["name"] == "st"
    assert azure.sent == []


def test_an_import_finds_the_inputs_in_azure(engine: Any, azure: FakeAzure) -> None:
    properties = {"tenantId": "t", "vaultUri": "https://kv", "accessPolicies": [], "provisioningState": "Succeeded"}
    azure.store[VAULT] = {"id": VAULT, "name": "kv", "location": "westeurope", "properties": properties}

    read = engine.Read(provider_pb2.ReadRequest(id=VAULT, urn=urn("keyvault:Vault")))

    assert wire.read(read.inputs) == {
        "resourceGroupName": "rg",
        "vaultName": "kv",
        "location": "westeurope",
        "properties": {"tenantId": "t", "accessPolicies": []},
    }


def test_an_unknown_type_fails_its_check_with_the_file_to_extend(engine: Any) -> None:
    response = engine.Check(provider_pb2.CheckRequest(urn=urn("web:WebApp")))

    assert "azure-native:web:WebApp" in response.failures[0].reason
    assert "resources.toml" in response.failures[0].reason


def test_an_error_of_arm_reaches_the_engine_as_one_sentence(engine: Any, azure: FakeAzure) -> None:
    azure.answer("PUT", GROUP, 400, {"error": {"code": "InvalidLocation", "message": "No such region."}})

    with pytest.raises(grpc.RpcError) as caught:
        create(engine, "resources:ResourceGroup", {"resourceGroupName": "rg"})
    assert details(caught) == "InvalidLocation: No such region."


def test_what_exists_already_is_not_overwritten(engine: Any, azure: FakeAzure) -> None:
    azure.store[GROUP] = {"id": GROUP}

    with pytest.raises(grpc.RpcError) as caught:
        create(engine, "resources:ResourceGroup", {"resourceGroupName": "rg"})
    assert "exists already" in details(caught)
    assert azure.methods() == [f"GET {GROUP}"]


def test_a_secret_is_recovered_before_it_is_written(engine: Any, azure: FakeAzure) -> None:
    azure.answer("POST", "/deletedsecrets/s/recover", 200, {})
    azure.answer("GET", "/secrets/s", 200, {})

    create(engine, "keyvault:Secret", SECRET_INPUTS)

    assert azure.methods()[-1] == f"PUT {SECRET}"
    assert azure.methods()[:2] == ["POST /deletedsecrets/s/recover", "GET /secrets/s"]
    assert azure.sent[0].host == "kv.vault.azure.net"


def test_a_secret_is_deleted_on_the_vaults_data_plane(engine: Any, azure: FakeAzure) -> None:
    azure.answer("DELETE", "/secrets/s", 200, {})
    azure.answer("GET", "/deletedsecrets/s", 404, {})
    azure.answer("GET", "/deletedsecrets/s", 200, {})

    engine.Delete(provider_pb2.DeleteRequest(id=SECRET, urn=urn("keyvault:Secret")))

    assert azure.methods() == ["DELETE /secrets/s", "GET /deletedsecrets/s", "GET /deletedsecrets/s"]


def test_a_secret_that_may_not_be_deleted_is_an_error(engine: Any, azure: FakeAzure) -> None:
    azure.answer("DELETE", "/secrets/s", 403, {"error": {"code": "Forbidden", "message": "No delete permission."}})

    with pytest.raises(grpc.RpcError) as caught:
        engine.Delete(provider_pb2.DeleteRequest(id=SECRET, urn=urn("keyvault:Secret")))
    assert details(caught) == "Forbidden: No delete permission."


def test_an_access_policy_is_an_entry_of_its_vault(engine: Any, azure: FakeAzure) -> None:
    azure.store[VAULT] = {"properties": {"accessPolicies": [{"objectId": "other", "permissions": {}}]}}
    policy = {"tenantId": "t", "objectId": "o", "permissions": {"secrets": ["get"]}}
    inputs: Properties = {"resourceGroupName": "rg", "vaultName": "kv", "policy": policy}

    created = create(engine, "keyvault:AccessPolicy", inputs)
    assert created.id == f"{VAULT}/accessPolicy"
    assert azure.sent[-1].path == f"{VAULT}/accessPolicies/replace"
    assert azure.sent[-1].body == {"properties": {"accessPolicies": [policy]}}

    common: dict[str, Any] = {"id": created.id, "urn": urn("keyvault:AccessPolicy")}
    gone = provider_pb2.ReadRequest(**common, inputs=wire.write(inputs), properties=created.properties)
    assert engine.Read(gone).id == ""

    engine.Delete(provider_pb2.DeleteRequest(**common, properties=created.properties, old_inputs=wire.write(inputs)))
    assert azure.sent[-1].path == f"{VAULT}/accessPolicies/remove"


def invoke(engine: Any, token: str, arguments: Properties) -> Properties:
    request = provider_pb2.InvokeRequest(tok=f"azure-native:{token}", args=wire.write(arguments))
    return wire.read(getattr(engine.Invoke(request), "return"))


def test_functions_tell_who_the_caller_is(engine: Any) -> None:
    config = invoke(engine, "authorization:getClientConfig", {})

    assert config["objectId"] == OBJECT_ID
    assert config["subscriptionId"] == "10ca1a2e-0000-4000-8000-000000000001"
    assert isinstance(invoke(engine, "authorization:getClientToken", {})["token"], Secret)


def test_keys_of_a_storage_account_are_secret(engine: Any, azure: FakeAzure) -> None:
    path = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/st"
    azure.answer("POST", f"{path}/listKeys", 200, {"keys": [{"keyName": "key1", "value": "v"}]})

    result = invoke(
        engine, "storage:listStorageAccountKeys", {"resourceGroupName": "rg", "accountName": "st", "expand": "kerb"}
    )

    assert result == {"keys": Secret([{"keyName": "key1", "value": "v"}])}
    assert azure.sent[-1].query["$expand"] == "kerb"


def test_any_type_can_be_read_by_its_get_function(engine: Any, azure: FakeAzure) -> None:
    azure.store[VAULT] = {"id": VAULT, "name": "kv", "properties": {"vaultUri": "https://kv"}}

    result = invoke(engine, "keyvault:getVault", {"resourceGroupName": "rg", "vaultName": "kv"})

    assert (result["id"], result["properties"]["vaultUri"]) == (VAULT, "https://kv")


def test_a_function_without_its_arguments_says_which(engine: Any) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        invoke(engine, "keyvault:getVault", {})
    assert "resourceGroupName and vaultName" in details(caught)


def test_the_engine_learns_the_version_and_may_cancel(engine: Any) -> None:
    answers: list[Message] = [engine.GetPluginInfo(Empty()), engine.Cancel(Empty())]

    assert getattr(answers[0], "version", "") == "3.29.0"


def details(caught: pytest.ExceptionInfo[grpc.RpcError]) -> str:
    return str(caught.value.details())
