"""An ARM in memory behind requests' own adapter interface: what the provider sends, and answers as Azure gives them."""

import base64
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from requests.adapters import BaseAdapter

from localazure.pulumi_provider.arm_client import ArmClient

OBJECT_ID = "11111111-0000-4000-8000-000000000000"


@dataclass
class Sent:
    """One request that reached the fake."""

    method: str
    host: str
    path: str
    query: dict[str, str]
    body: Any


@dataclass
class FakeAzure(BaseAdapter):
    """Stores what is PUT; `answers` (method and path to status, JSON, headers; first in, first out) come first."""

    sent: list[Sent] = field(default_factory=list)
    store: dict[str, Any] = field(default_factory=dict)
    answers: dict[tuple[str, str], list[tuple[int, Any, dict[str, str]]]] = field(default_factory=dict)

    def answer(self, method: str, path: str, status: int, body: Any = None, **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers.setdefault((method, path), []).append((status, body, named))

    def methods(self) -> list[str]:
        return [f"{request.method} {request.path}" for request in self.sent]

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        url = urlsplit(str(request.url))
        if url.path == "/msi":
            return _response(request, 200, {"access_token": _token(), "expires_on": "4102444800"}, {})
        body = json.loads(request.body) if request.body else None
        query = dict(parse_qsl(url.query))
        self.sent.append(Sent(str(request.method), url.netloc, url.path, query, body))
        return _response(request, *self._answer(str(request.method), url.path, body))

    def close(self) -> None:
        pass

    def _answer(self, method: str, path: str, body: Any) -> tuple[int, Any, dict[str, str]]:
        scripted = self.answers.get((method, path))
        if scripted:
            return scripted.pop(0)
        if method == "PUT":
            self.store[path] = {**body, "id": path, "name": path.rpartition("/")[2]}
            return 200, self.store[path], {}
        found = self.store.get(path)
        if method == "DELETE":
            self.store.pop(path, None)
            return (200 if found else 204), None, {}
        missing = {"error": {"code": "ResourceNotFound", "message": f"{path} was not found."}}
        return (200, found, {}) if found else (404, missing, {})


@pytest.fixture
def azure(monkeypatch: pytest.MonkeyPatch) -> FakeAzure:
    fake = FakeAzure()
    monkeypatch.setenv("IDENTITY_ENDPOINT", "http://127.0.0.1:1/msi")
    monkeypatch.setenv("IDENTITY_HEADER", "x")
    monkeypatch.setattr(requests.Session, "get_adapter", lambda *_, **__: fake)
    return fake


@pytest.fixture
def client(azure: FakeAzure) -> ArmClient:
    assert azure.sent == []
    return ArmClient()


def _token() -> str:
    claims = {"oid": OBJECT_ID, "appid": "app", "tid": "tenant"}
    return "header." + base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode() + ".signature"


def _response(request: requests.PreparedRequest, status: int, body: Any, headers: dict[str, str]) -> requests.Response:
    response = requests.Response()
    response.status_code = status
    response.request = request
    response.url = str(request.url)
    response.headers.update(headers)
    response._content = b"" if body is None else json.dumps(body).encode()
    return response
