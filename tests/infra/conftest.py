"""The Azure that the program asks for what is soft-deleted: a fake one, so that no test can reach a real one."""

from dataclasses import dataclass, field
from typing import Any

import pytest
import requests


@dataclass
class FakeAzure:
    """Names of deleted vaults, the status of a look-up where it is neither found nor missing, and what was sent."""

    deleted_vaults: set[str] = field(default_factory=set)
    status: int | None = None
    gets: list[str] = field(default_factory=list)
    puts: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    purges: list[str] = field(default_factory=list)


class _Answer:
    def __init__(self, status: int) -> None:
        self.status_code = status
        self.headers: dict[str, str] = {}

    def raise_for_status(self) -> None:
        if self.status_code >= 400:
            raise requests.HTTPError(str(self.status_code))


@pytest.fixture(autouse=True)
def azure(monkeypatch: pytest.MonkeyPatch) -> FakeAzure:
    fake = FakeAzure()

    def get(url: str, **_: object) -> _Answer:
        fake.gets.append(url)
        return _Answer(fake.status or (200 if url.rpartition("/")[2] in fake.deleted_vaults else 404))

    def put(url: str, *, json: dict[str, Any], **_: object) -> _Answer:
        fake.puts.append((url, json))
        return _Answer(200)

    def delete(url: str, *, params: dict[str, str], **_: object) -> _Answer:
        assert params["forceToPurge"] == "true"
        fake.purges.append(url)
        return _Answer(fake.status or 200)

    monkeypatch.setattr(requests, "get", get)
    monkeypatch.setattr(requests, "delete", delete)
    monkeypatch.setattr(requests, "put", put)
    return fake
