"""What is in a subscription: asked of Azure itself, and read with the reader of lists."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from naming.errors import NamingError
from naming.lint.azure import Azure
from naming.lint.model import NamedResource
from naming.lint.sources.azure_list import read
from naming.lint.sources.documents import Document, text_of
from naming.lint.sources.notes import Notes

_RESOURCES = "2021-04-01"
_MACHINE_LEARNING = "2024-10-01"
_WORKSPACE = "microsoft.machinelearningservices/workspaces"
_CHILDREN = ("computes", "datastores", "data", "models", "environments", "components", "jobs")
_ENDPOINTS = ("onlineEndpoints", "batchEndpoints")
_SUBSCRIPTION = re.compile(r"[0-9a-fA-F-]{32,36}")


def resources_of(subscription: str, notes: Notes) -> Iterator[NamedResource]:
    """Yield every resource of a subscription: its groups, what is in them, and what is in its ML workspaces.

    Raises:
        NamingError: there is no access, or a library is not installed.
    """
    if not _SUBSCRIPTION.fullmatch(subscription):
        raise NamingError(
            f"--subscription is {subscription[:60]!r}: write the id of one, as az account show prints it."
        )
    azure = Azure()
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


def _read(items: Iterable[Any], file: str, notes: Notes) -> Iterator[NamedResource]:
    # One list, as `az` would print it: what several items name, the experiment of jobs, is met once.
    yield from read(Document(list(items), ""), file, notes)


def _is_top(item: object) -> bool:
    """Whether a resource is in no other one, or is but not in an ML workspace, whose children are asked for."""
    return not text_of(item, "type").lower().startswith(f"{_WORKSPACE}/")
