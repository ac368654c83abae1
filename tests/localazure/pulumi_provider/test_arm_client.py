"""What the client makes of ARM's answers."""

import socket
import threading

import pytest
import requests

from localazure.pulumi_provider.arm_client import ArmClient
from localazure.pulumi_provider.errors import ArmError, ProviderError
from localazure.pulumi_provider.mapping import ArmRequest
from tests.localazure.pulumi_provider.conftest import OBJECT_ID, FakeAzure

PUT = ArmRequest("PUT", "/r", "2024-01-01", {"properties": {}})
OPERATION = "https://management.azure.com/operations/1"


def test_the_caller_is_who_the_token_says(client: ArmClient) -> None:
    assert client.caller()["oid"] == OBJECT_ID


def test_an_error_of_arm_is_its_code_and_message(azure: FakeAzure, client: ArmClient) -> None:
    azure.answer("PUT", "/r", 409, {"error": {"code": "Taken", "message": "The name is taken."}})

    with pytest.raises(ArmError, match=r"^Taken: The name is taken\.$") as caught:
        client.send(PUT)
    assert caught.value.status == 409


def test_an_error_without_arms_json_still_is_a_sentence(azure: FakeAzure, client: ArmClient) -> None:
    azure.answer("PUT", "/r", 502, "no upstream")

    with pytest.raises(ArmError, match="HTTP 502"):
        client.send(PUT)


@pytest.mark.parametrize("header", ["Azure_AsyncOperation", "Location"])
def test_a_long_running_put_is_polled_and_then_read(azure: FakeAzure, client: ArmClient, header: str) -> None:
    azure.answer("PUT", "/r", 202, None, **{header: OPERATION, "Retry_After": "0"})
    azure.answer("GET", "/operations/1", 202, {"status": "InProgress"}, Retry_After="0")
    azure.answer("GET", "/operations/1", 200, {"status": "Succeeded"})
    azure.answer("GET", "/r", 200, {"name": "r"})

    assert client.send(PUT) == {"name": "r"}
    assert azure.methods() == ["PUT /r", "GET /operations/1", "GET /operations/1", "GET /r"]


def test_a_long_running_operation_that_fails_says_why(azure: FakeAzure, client: ArmClient) -> None:
    azure.answer("PUT", "/r", 201, {}, Azure_AsyncOperation=OPERATION, Retry_After="0")
    failed = {"status": "Failed", "error": {"code": "Quota", "message": "No cores left."}}
    azure.answer("GET", "/operations/1", 200, failed)

    with pytest.raises(ArmError, match=r"Quota: No cores left\."):
        client.send(PUT)


def test_cancelling_ends_the_wait_for_an_operation(azure: FakeAzure, client: ArmClient) -> None:
    azure.answer("PUT", "/r", 202, None, Location=OPERATION, Retry_After="600")
    client.cancel()

    with pytest.raises(ProviderError, match="cancelled"):
        client.send(PUT)


def test_what_is_not_there_reads_as_none_and_other_errors_do_not(azure: FakeAzure, client: ArmClient) -> None:
    azure.answer("GET", "/locked", 403, {"error": {"code": "Denied", "message": "No."}})

    assert client.get("/r", "v") is None
    with pytest.raises(ArmError, match="Denied"):
        client.get("/locked", "v")


def test_without_an_identity_endpoint_the_sentence_says_how_to_run(
    client: ArmClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("IDENTITY_ENDPOINT")

    with pytest.raises(ProviderError, match="mlws local exec"):
        client.send(PUT)


@pytest.mark.parametrize(("method", "answers"), [("PUT", True), ("POST", False)])
def test_a_connection_that_was_closed_meanwhile_is_opened_again_where_that_is_safe(
    method: str, *, answers: bool
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=close_first_connection, args=[server], daemon=True).start()
        session = ArmClient()._session
        session.mount("http://", session.get_adapter("https://management.azure.com"))
        session.trust_env = False
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"

        if answers:
            assert session.request(method, url, timeout=5).status_code == 204
        else:
            with pytest.raises(requests.ConnectionError):
                session.request(method, url, timeout=5)


def close_first_connection(server: socket.socket) -> None:
    server.accept()[0].close()
    connection = server.accept()[0]
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
    connection.close()


def test_a_front_door_that_is_down_is_a_sentence(
    azure: FakeAzure, client: ArmClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.token("https://management.azure.com")

    def refuse(*_: object, **__: object) -> requests.Response:
        raise requests.exceptions.ProxyError("refused")

    monkeypatch.setattr(azure, "send", refuse)
    with pytest.raises(ProviderError, match=r"management\.azure\.com cannot be reached .*mlws local start"):
        client.send(PUT)
