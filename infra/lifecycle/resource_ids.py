"""The resource id that a planned resource would have in Azure, and the API version that its provider reads it with."""

import importlib.util
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from infra.lifecycle.table import UNKNOWN
from naming.lint.sources.pulumi import token_path

_GROUP = "azure-native:resources:ResourceGroup"
# What the resource is on, where it can be on any other: a lock, a role assignment, a diagnostic setting.
_ON = ("scope", "resourceUri")
# A type whose only instance is a part of its parent, and so has no name of its own to be judged.
_BLOBS = "azure-native:storage:BlobServiceProperties"


def resource_id(token: str, inputs: Mapping[str, Any], group_id: str) -> str | None:
    """The id, None while a name in it is not known. `group_id` is where a group is meant that is not known yet."""
    if token == _GROUP:
        return _joined(group_id.rpartition("/")[0], inputs.get("resourceGroupName"))
    if token == _BLOBS:
        accounts = f"{_group(inputs, group_id)}/providers/Microsoft.Storage/storageAccounts"
        return _joined(accounts, inputs.get("accountName"), "/blobServices/default")
    path = token_path(token)
    if path is None:
        return None
    on = next((inputs[key] for key in _ON if key in inputs), None)
    found: str | None = _known(on) if on is not None else _group(inputs, group_id)
    found = None if found is None else f"/{found.strip('/')}/providers/{path.namespace}"
    for segment, key, is_hole in path.segments:
        found = None if found is None else _joined(f"{found}/{segment}", inputs.get(key) if is_hole else key)
    return found


@cache
def api_version(token: str) -> str | None:
    """The version that the installed SDK states for a type: "Uses Azure REST API version 2024-01-01."."""
    _, module, name = token.split(":")
    package = importlib.util.find_spec("pulumi_azure_native")
    if package is None or not package.submodule_search_locations:
        return None
    file = Path(package.submodule_search_locations[0], *module.split("/"), f"{_snake(name)}.py")
    said = (
        re.search(r"Uses Azure REST API version (\d{4}-\d\d-\d\d(?:-preview)?)", file.read_text("utf-8"))
        if file.is_file()
        else None
    )
    return said[1] if said else None


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def _group(inputs: Mapping[str, Any], group_id: str) -> str:
    """The stack has one group; what it is called a preview may not know before the group is adopted."""
    name = _known(inputs.get("resourceGroupName"))
    return group_id if name is None else f"{group_id.rpartition('/')[0]}/{name}"


def _joined(before: str, name: object, after: str = "") -> str | None:
    known = _known(name)
    return None if known is None else f"{before}/{known}{after}"


def _known(value: object) -> str | None:
    return value if isinstance(value, str) and value and UNKNOWN not in value else None
