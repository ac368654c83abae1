"""Azure Resource Manager over HTTPS, asked as whoever azure-identity finds on this machine.

Uses azure-identity and requests, which nothing else of the linter needs.
"""

import logging
import os
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from naming.errors import NamingError
from naming.lint.sources.documents import list_of, object_of, text_of

if TYPE_CHECKING:
    import requests

_AZURE = "https://management.azure.com"
_RESOURCES, _SUBSCRIPTIONS = "2021-04-01", "2022-12-01"
_TRIES = 5
_TIMEOUT = 60
_TOO_MANY, _NOT_FOUND, _FIRST_ERROR = 429, 404, 400
_LONGEST_WAIT = 30.0


class NotFoundError(NamingError):
    """Azure has nothing at an address."""


class Azure:
    """Azure Resource Manager, asked as whoever azure-identity finds on this machine."""

    def __init__(self) -> None:
        try:
            import requests
            from azure.core.exceptions import ClientAuthenticationError
            from azure.identity import DefaultAzureCredential
        except ImportError as error:
            raise NamingError(f"{error.name} is not installed: run pip install azure-identity requests.") from error
        # What it has tried is a dozen lines on the terminal; who wants to see them sets up logging.
        logging.getLogger("azure").addHandler(logging.NullHandler())
        try:
            token = DefaultAzureCredential().get_token(f"{_AZURE}/.default").token
        except ClientAuthenticationError as error:
            raise NamingError("Azure does not know who you are: run az login.") from error
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {token}"

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
        except NotFoundError:
            yield from self.listed(f"{home}/providers/Microsoft.Resources/resources", _RESOURCES)

    def answered(self, path: str, version: str, body: dict[str, str]) -> dict[str, Any]:
        """Return what Azure answers to a question; the path starts with /."""
        return self._asked("POST", f"{_AZURE}{path}?api-version={version}", body)

    def any_subscription(self) -> str:
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
            kind = NotFoundError if response.status_code == _NOT_FOUND else NamingError
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
