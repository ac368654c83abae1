"""Talks HTTP to Azure: managed-identity tokens, connections kept open, long-running operations polled."""

import base64
import json
import os
import socket
import threading
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection
from urllib3.util import Retry

from localazure.pulumi_provider.errors import ArmError, ProviderError
from localazure.pulumi_provider.mapping import ArmRequest

ARM: Final = "https://management.azure.com"

_IDENTITY_API_VERSION = "2019-08-01"
_PARALLEL_REQUESTS = 32
# What names may hold and a path may too; a "?" or "#" of a name must not end the path.
_PATH_CHARACTERS = "/:@!$&'()*+,;=~"
_REQUEST_SECONDS = 120
_OPERATION_SECONDS = 3600
_DEFAULT_POLL_SECONDS = 1.0
# A connection kept open may be closed by the other side just as it is used again; these methods may be repeated.
_RETRIES = Retry(
    total=None, connect=1, read=1, redirect=3, status=0, allowed_methods={"GET", "PUT", "DELETE"}, raise_on_status=False
)
_REFRESH_BEFORE_SECONDS = 300
_RUNNING_STATUSES = frozenset({"accepted", "creating", "deleting", "inprogress", "running", "updating", "resolving"})
_FAILED_STATUSES = frozenset({"failed", "canceled"})

Json = dict[str, Any]


class ArmClient:
    """Sends requests as the managed identity of this process. Safe to use from several threads."""

    def __init__(self) -> None:
        self._session = requests.Session()
        adapter = _PromptAdapter(
            pool_connections=_PARALLEL_REQUESTS, pool_maxsize=_PARALLEL_REQUESTS, max_retries=_RETRIES
        )
        self._session.mount("https://", adapter)
        self._tokens: dict[str, tuple[str, float]] = {}
        self._token_lock = threading.Lock()
        self._cancelled = threading.Event()

    def send(self, request: ArmRequest) -> Json:
        """Do it and wait until Azure has done it; the resource's JSON, or {} where there is no content."""
        response = self._arm(request)
        operation = _operation_url(response)
        if response.status_code == HTTPStatus.ACCEPTED or operation:
            return self._wait(request, response, operation)
        return _json(response)

    def get(self, path: str, api_version: str) -> Json | None:
        """The resource at `path`, or None when there is none."""
        try:
            return self.send(ArmRequest("GET", path, api_version))
        except ArmError as error:
            if error.status == HTTPStatus.NOT_FOUND:
                return None
            raise

    def call(self, method: str, url: str, audience: str, api_version: str) -> tuple[int, Json]:
        """One request to a data plane such as Key Vault's; status and JSON, whatever the status."""
        response = self._request(method, url, audience, {"api-version": api_version}, None)
        return response.status_code, _json(response)

    def token(self, audience: str) -> str:
        """A bearer token for `audience`, from the cache while it is good for five more minutes."""
        with self._token_lock:
            token, expires = self._tokens.get(audience, ("", 0.0))
            if time.time() > expires - _REFRESH_BEFORE_SECONDS:
                token, expires = self._fetch_token(audience)
                self._tokens[audience] = (token, expires)
            return token

    def caller(self) -> Mapping[str, str]:
        """The claims of our own token: `oid` is the object id, `appid` the client id, `tid` the tenant."""
        payload = self.token(ARM).split(".")[1]
        claims: Mapping[str, str] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return claims

    def pause(self, seconds: float) -> None:
        """Wait for Azure; raises when the engine has cancelled meanwhile."""
        if self._cancelled.wait(seconds):
            raise ProviderError("Pulumi cancelled the update while Azure was still at work; run it again to go on")

    def cancel(self) -> None:
        """Stop waiting for long-running operations."""
        self._cancelled.set()

    def _arm(self, request: ArmRequest) -> requests.Response:
        query = {"api-version": request.api_version, **request.query}
        return _checked(
            self._request(request.method, ARM + quote(request.path, safe=_PATH_CHARACTERS), ARM, query, request.body)
        )

    def _request(
        self, method: str, url: str, audience: str, query: Mapping[str, str], body: Json | None
    ) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token(audience)}"}
        try:
            return self._session.request(
                method, url, params=query, json=body, headers=headers, timeout=_REQUEST_SECONDS
            )
        except requests.RequestException as problem:
            host = url.split("/")[2]
            raise ProviderError(
                f"{host} cannot be reached ({type(problem).__name__}); is the embedded Azure up "
                "(`mlws local start`), and was this started with `mlws local exec`?"
            ) from problem

    def _fetch_token(self, audience: str) -> tuple[str, float]:
        endpoint = os.environ.get("IDENTITY_ENDPOINT")
        if not endpoint:
            raise ProviderError("IDENTITY_ENDPOINT is not set; run Pulumi with `mlws local exec -- pulumi ...`")
        query = {"resource": audience, "api-version": _IDENTITY_API_VERSION}
        headers = {"X-IDENTITY-HEADER": os.environ.get("IDENTITY_HEADER", "")}
        try:
            response = self._session.get(endpoint, params=query, headers=headers, timeout=_REQUEST_SECONDS)
            answer = _checked(response).json()
        except requests.RequestException as problem:
            raise ProviderError(
                f"the managed identity endpoint {endpoint} does not answer ({type(problem).__name__}); "
                "start the embedded Azure with `mlws local start`"
            ) from problem
        return answer["access_token"], float(answer["expires_on"])

    def _wait(self, request: ArmRequest, response: requests.Response, operation: str | None) -> Json:
        deadline = time.monotonic() + _OPERATION_SECONDS
        url = operation or response.headers.get("Location")
        while url and time.monotonic() < deadline:
            self.pause(_retry_after(response))
            response = _checked(self._request("GET", url, ARM, {}, None))
            if not _still_running(response):
                break
        else:
            raise ProviderError(f"{request.method} {request.path} did not end within {_OPERATION_SECONDS} s; try again")
        if request.method in {"PUT", "PATCH"}:
            return self.send(ArmRequest("GET", request.path, request.api_version))
        return _json(response)


class _PromptAdapter(HTTPAdapter):
    """Keeps TCP_NODELAY through a proxy, where urllib3 turns it off: each write would wait 40 ms."""

    def init_poolmanager(self, *args: Any, **settings: Any) -> None:  # noqa: ANN401 - requests' own signature
        super().init_poolmanager(*args, **settings, socket_options=_prompt_sockets())

    def proxy_manager_for(self, proxy: str, **settings: Any) -> Any:  # noqa: ANN401 - requests' own signature
        return super().proxy_manager_for(proxy, **settings, socket_options=_prompt_sockets())


def _prompt_sockets() -> list[tuple[int, int, int]]:
    return [*HTTPConnection.default_socket_options, (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)]


def _checked(response: requests.Response) -> requests.Response:
    if response.status_code < HTTPStatus.BAD_REQUEST:
        return response
    error = _json(response).get("error")
    if isinstance(error, dict):
        raise ArmError(response.status_code, str(error.get("code")), str(error.get("message")))
    raise ArmError(response.status_code, f"HTTP {response.status_code}", response.text.strip() or response.reason)


def _json(response: requests.Response) -> Json:
    try:
        answer = response.json() if response.content else {}
    except requests.JSONDecodeError:
        return {}
    return answer if isinstance(answer, dict) else {"value": answer}


def _operation_url(response: requests.Response) -> str | None:
    return response.headers.get("Azure-AsyncOperation")


def _retry_after(response: requests.Response) -> float:
    try:
        return max(float(response.headers.get("Retry-After", _DEFAULT_POLL_SECONDS)), 0.05)
    except ValueError:
        return _DEFAULT_POLL_SECONDS


def _still_running(response: requests.Response) -> bool:
    """Whether an operation's answer says to ask again; raises when it says that the operation failed."""
    answer = _json(response)
    status = str(answer.get("status", "")).lower()
    if status in _FAILED_STATUSES:
        error = answer.get("error") or {}
        raise ArmError(HTTPStatus.CONFLICT, str(error.get("code", status)), str(error.get("message", "it failed")))
    return response.status_code == HTTPStatus.ACCEPTED or status in _RUNNING_STATUSES
