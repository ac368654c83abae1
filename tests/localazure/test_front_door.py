"""The front door lets nothing through to anywhere but the embedded Azure."""

import socket

import pytest
import requests

from localazure.front_door.routing import service_of
from localazure.home import SUBSCRIPTION_ID
from tests.conftest import EmbeddedAzure

pytestmark = pytest.mark.xdist_group("azure")


@pytest.mark.parametrize(
    ("host", "service"),
    [
        ("management.azure.com", "arm"),
        ("kv.vault.azure.net", "key_vault"),
        ("st.blob.core.windows.net", "blob"),
        ("westeurope.api.azureml.ms", "machine_learning"),
        ("example.org", None),
        ("evil-management.azure.com", None),
        ("vault.azure.net", None),
        ("management.azure.com.example.org", None),
    ],
)
def test_a_host_leads_to_its_service_or_nowhere(host: str, service: str | None) -> None:
    assert service_of(host) == service


@pytest.mark.parametrize("target", ["example.org:443", "management.azure.com:80", "localhost:22", "nonsense"])
def test_an_unknown_host_or_port_gets_502(azure: EmbeddedAzure, target: str) -> None:
    with socket.create_connection(("127.0.0.1", azure.settings.ports.front_door), timeout=10) as client:
        client.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
        assert client.recv(64).startswith(b"HTTP/1.1 502 ")


def test_a_client_that_does_not_trust_our_ca_is_not_served(
    azure: EmbeddedAzure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    monkeypatch.delenv("CURL_CA_BUNDLE")
    with pytest.raises(requests.exceptions.SSLError):
        requests.get("https://management.azure.com/subscriptions", timeout=10)


def test_every_answer_of_the_resource_manager_carries_the_marker(azure: EmbeddedAzure) -> None:
    answer = requests.get(f"https://management.azure.com/subscriptions/{SUBSCRIPTION_ID}", timeout=10)
    assert answer.status_code == 401
    assert answer.headers["x-embedded-azure"] == SUBSCRIPTION_ID


def test_signing_in_as_anything_but_a_managed_identity_is_explained(azure: EmbeddedAzure) -> None:
    answer = requests.get("https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration", timeout=10)
    assert "ManagedIdentityCredential" in answer.json()["error_description"]


def test_a_head_that_never_ends_is_refused(azure: EmbeddedAzure) -> None:
    with socket.create_connection(("127.0.0.1", azure.settings.ports.front_door), timeout=10) as client:
        client.sendall(b"CONNECT " + b"a" * 20_000)
        assert client.recv(64).startswith(b"HTTP/1.1 502 ")


def test_no_port_listens_beyond_loopback(azure: EmbeddedAzure) -> None:
    ports = azure.settings.ports
    for port in (ports.front_door, ports.blob, ports.mlflow):
        with socket.socket() as other:
            # Bound elsewhere, the port is free: the embedded Azure holds it on 127.0.0.1 only.
            other.bind(("127.0.0.2", port))
