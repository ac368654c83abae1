"""Reading from Azure Resource Manager, as whoever azure-identity finds on this machine; nothing is written."""

from collections.abc import Mapping
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from infra.errors import InfraError

if TYPE_CHECKING:
    import requests

_AZURE = "https://management.azure.com"
_TIMEOUT_SECONDS = 60
_HINT = "run `az login`, or `mlws local exec -- mlws infra import …` for the embedded Azure"


class Arm:
    """Gets resources and lists; what is not there is None."""

    @cached_property
    def _session(self) -> "requests.Session":
        try:
            import requests
            from azure.core.exceptions import ClientAuthenticationError
            from azure.identity import DefaultAzureCredential
        except ImportError as error:
            raise InfraError(f"{error.name} is not installed; run `pip install 'mlws[live]'`") from None
        try:
            token = DefaultAzureCredential().get_token(f"{_AZURE}/.default").token
        except ClientAuthenticationError:
            raise InfraError(f"Azure does not know who you are; {_HINT}") from None
        session = requests.Session()
        session.headers["Authorization"] = f"Bearer {token}"
        return session

    def get(self, resource_id: str, api_version: str) -> dict[str, Any] | None:
        """The resource of that id. Raises `InfraError` when Azure does not answer, or refuses to."""
        return self._asked(f"{_AZURE}{resource_id}", {"api-version": api_version})

    def listed(self, collection: str, api_version: str, **query: str) -> list[dict[str, Any]]:
        """What is in a collection, over all its pages; nothing where there is no such collection."""
        found: list[dict[str, Any]] = []
        page = self._asked(f"{_AZURE}{collection}", {"api-version": api_version, **query})
        while page:
            found += page.get("value") or []
            following = str(page.get("nextLink") or "")
            page = self._asked(following, {}) if following.startswith(_AZURE) else None
        return found

    def _asked(self, address: str, query: Mapping[str, str]) -> dict[str, Any] | None:
        session = self._session
        import requests

        path = address.removeprefix(_AZURE).partition("?")[0]
        try:
            answer = session.get(address, params=dict(query), timeout=_TIMEOUT_SECONDS)
            if answer.status_code == HTTPStatus.NOT_FOUND:
                return None
            if answer.status_code == HTTPStatus.FORBIDDEN:
                raise InfraError(f"Azure lets you not read {path}; ask for the role Reader there")
            answer.raise_for_status()
            read: dict[str, Any] = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise InfraError(f"Azure did not answer about {path} ({type(error).__name__}: {error}); {_HINT}") from error
        return read
