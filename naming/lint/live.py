"""What only Azure can say: what is in a subscription, and which names are still free in all of Azure.

Uses azure-identity and requests, which only these two options need. Every answer is read with the reader of lists.
"""

import os
import re
import time
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from naming.errors import NamingError
from naming.lint.model import Finding, NamedResource
from naming.lint.sources.azure_list import read
from naming.lint.sources.documents import Document, list_of, object_of, text_of
from naming.lint.sources.notes import Notes

if TYPE_CHECKING:
    import requests

_AZURE = "https://management.azure.com"
_RESOURCES, _SUBSCRIPTIONS = "2021-04-01", "2022-12-01"
_MACHINE_LEARNING = "2024-10-01"
_WORKSPACE = "microsoft.machinelearningservices/workspaces"
_CHILDREN = ("computes", "datastores", "data", "models", "environments", "components", "jobs")
_ENDPOINTS = ("onlineEndpoints", "batchEndpoints")
_AVAILABILITY = Path(__file__).parent / "availability.toml"
_TAKEN, _REFUSED = "NAM301", "NAM102"
_SUBSCRIPTION = re.compile(r"[0-9a-fA-F-]{32,36}")
_TRIES = 5
_TIMEOUT = 60
_TOO_MANY, _NOT_FOUND, _FIRST_ERROR = 429, 404, 400
_LONGEST_WAIT = 30.0


def resources_of(subscription: str, notes: Notes) -> Iterator[NamedResource]:
    """Yield every resource of a subscription: its groups, what is in them, and what is in its ML workspaces.

    Raises:
        NamingError: there is no access, or a library is not installed.
    """
    if not _SUBSCRIPTION.fullmatch(subscription):
        raise NamingError(
            f"--subscription is {subscription[:60]!r}: write the id of one, as az account show prints it."
        )
    azure = _Azure()
    home = f"/subscriptions/{subscription}"
    yield from _read(azure.listed(f"{home}/resourceGroups", _RESOURCES), home, notes)
    top: list[Any] = [item for item in azure.everything(home) if _is_top(item)]
    yield from _read(top, home, notes)
    workspaces = [text_of(item, "id") for item in top if text_of(item, "type").lower() == _WORKSPACE]
    for workspace in workspaces:
        for child in _CHILDREN:
            yield from _read(azure.listed(f"{workspace}/{child}", _MACHINE_LEARNING), home, notes)
        for endpoints in _ENDPOINTS:
            for endpoint in azure.listed(f"{workspace}/{endpoints}", _MACHINE_LEARNING):
                deployments = azure.listed(f"{text_of(endpoint, 'id')}/deployments", _MACHINE_LEARNING)
                yield from _read([endpoint, *deployments], home, notes)


class Availability:
    """Asks Azure whether names that must be unique in all of it are free, each name once."""

    def __init__(self, subscription: str | None) -> None:
        self._subscription = subscription
        self._azure: _Azure | None = None
        self._asked: dict[tuple[str, str], tuple[str, str]] = {}

    def __call__(self, resource: NamedResource) -> Iterator[Finding]:
        """Yield a finding when somebody has the name already, unless it was read from Azure itself.

        Raises:
            NamingError: there is no access, or no subscription to ask with.
        """
        if resource.type not in _questions() or resource.file.startswith("/subscriptions/"):
            return
        key = (resource.type, resource.name.lower())
        if key not in self._asked and resource.rule.accepts(resource.name):
            self._azure = self._azure or _Azure()
            self._asked[key] = self._azure.availability(resource, self._subscription)
        reason, message = self._asked.get(key, ("", ""))
        if reason:
            said = f"Azure says of {resource.name!r}, a {resource.rule.label}: {message}"
            yield Finding(_TAKEN if reason.lower() == "alreadyexists" else _REFUSED, resource, said)


def _read(items: Iterable[Any], file: str, notes: Notes) -> Iterator[NamedResource]:
    for item in items:
        yield from read(Document([item], ""), file, notes)


def _is_top(item: object) -> bool:
    """Whether a resource is in no other one, or is but not in an ML workspace, whose children are asked for."""
    return not text_of(item, "type").lower().startswith(f"{_WORKSPACE}/")


@cache
def _questions() -> dict[str, dict[str, str]]:
    return tomllib.loads(_AVAILABILITY.read_text("utf-8"))


class _NotFoundError(NamingError):
    """Azure has nothing at an address."""


class _Azure:
    """Azure Resource Manager, asked as whoever azure-identity finds on this machine."""

    def __init__(self) -> None:
        try:
            import requests
            from azure.core.exceptions import ClientAuthenticationError
            from azure.identity import DefaultAzureCredential
        except ImportError as error:
            raise NamingError(f"{error.name} is not installed: run pip install azure-identity requests.") from error
        try:
            token = DefaultAzureCredential().get_token(f"{_AZURE}/.default").token
        except ClientAuthenticationError as error:
            raise NamingError("Azure does not know who you are: run az login.") from error
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {token}"
        self._subscription: str | None = None

    def listed(self, path: str, version: str) -> Iterator[Any]:
        """Yield what is in a collection, over all its pages; nothing where there is no such collection."""
        address = f"{_AZURE}{path}?api-version={version}"
        while address:
            page = self._asked("GET", address, None)
            yield from list_of(page, "value")
            address = text_of(page, "nextLink")
            if address and not address.startswith(_AZURE):
                raise NamingError(f"Azure answered with an address that is not its own: {address[:100]}.")

    def everything(self, home: str) -> Iterator[Any]:
        """Yield all resources of a subscription; the embedded Azure knows them by their provider's path alone."""
        try:
            yield from self.listed(f"{home}/resources", _RESOURCES)
        except _NotFoundError:
            yield from self.listed(f"{home}/providers/Microsoft.Resources/resources", _RESOURCES)

    def availability(self, resource: NamedResource, subscription: str | None) -> tuple[str, str]:
        """Return why a name can't be had, as Azure's word and sentence, both empty where it can."""
        question = _questions()[resource.type]
        self._subscription = subscription or self._subscription or self._any_subscription()
        address = f"{_AZURE}/subscriptions/{self._subscription}/providers/{question['path']}"
        body = {"name": resource.name, **({"type": question["type"]} if "type" in question else {})}
        answer = self._asked("POST", f"{address}?api-version={question['version']}", body)
        free = answer.get("nameAvailable", answer.get("available", True))
        if free:
            return "", ""
        return text_of(answer, "reason") or "AlreadyExists", text_of(answer, "message") or "The name is taken."

    def _any_subscription(self) -> str:
        """Return the subscription that the environment names, else the first one: a name is free from all alike."""
        for variable in ("AZURE_SUBSCRIPTION_ID", "ARM_SUBSCRIPTION_ID"):
            if named := os.environ.get(variable):
                return named
        for item in self.listed("/subscriptions", _SUBSCRIPTIONS):
            return text_of(item, "subscriptionId")
        raise NamingError("there is no Azure subscription to ask with: set AZURE_SUBSCRIPTION_ID to the id of one.")

    def _asked(self, method: str, address: str, body: dict[str, str] | None) -> dict[str, Any]:
        for attempt in range(_TRIES):
            response = self._sent(method, address, body)
            if response.status_code != _TOO_MANY or attempt == _TRIES - 1:
                break
            time.sleep(_pause(response.headers.get("Retry-After", "")))
        if response.status_code == _NOT_FOUND and "/workspaces/" in address:
            return {}
        if response.status_code >= _FIRST_ERROR:
            kind = _NotFoundError if response.status_code == _NOT_FOUND else NamingError
            raise kind(f"Azure answered {response.status_code} to {_path(address)}: {_message(response)}")
        try:
            found = response.json()
        except (ValueError, RecursionError) as error:
            raise NamingError(f"Azure's answer to {_path(address)} is no JSON: is there a proxy in between?") from error
        return found if isinstance(found, dict) else {}

    def _sent(self, method: str, address: str, body: dict[str, str] | None) -> "requests.Response":
        import requests

        try:
            return self._session.request(method, address, json=body, timeout=_TIMEOUT, allow_redirects=False)
        except requests.RequestException as error:
            raise NamingError(f"Azure can't be reached at {_path(address)}: {type(error).__name__}.") from error


def _pause(retry_after: str) -> float:
    return min(float(retry_after), _LONGEST_WAIT) if retry_after.isdigit() else 1.0


def _path(address: str) -> str:
    return address.partition("?")[0]


def _message(response: "requests.Response") -> str:
    try:
        found = text_of(object_of(response.json(), "error"), "message")
    except (ValueError, RecursionError):
        found = ""
    return " ".join(found.split())[:300] or f"{response.reason}."
