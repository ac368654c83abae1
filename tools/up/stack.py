"""Reads what Pulumi knows of stack `local`: its resources, its outputs and what the last update changed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tools.up.commands import PULUMI, STACK, Shell

_OF_AZURE = "azure-native:"
# Role assignments are named so; what the program calls them says more.
_IS_A_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Resource:
    """One row of the summary."""

    name: str
    type: str
    state: str


def exists(shell: Shell) -> bool:
    """Whether the stack was made before."""
    return shell.succeeds(*PULUMI, "stack", "--stack", STACK, "--non-interactive")


def config_json(shell: Shell) -> str:
    """The text of the workspace's `config.json`."""
    return str(shell.ask(*PULUMI, "stack", "output", "--stack", STACK, "--json")["config_json"])


def changes(shell: Shell) -> dict[str, int]:
    """How many resources the last update created, changed, deleted or left the same."""
    history = shell.ask(*PULUMI, "stack", "history", "--stack", STACK, "--json", "--page-size", "1")
    return dict(history[0].get("resourceChanges", {}))


def resources(shell: Shell) -> list[Resource]:
    """The Azure resources of the stack."""
    exported = shell.ask(*PULUMI, "stack", "export", "--stack", STACK)
    found = exported["deployment"].get("resources", [])
    return [_resource(one) for one in found if one["type"].startswith(_OF_AZURE)]


def sentence(changed: Mapping[str, int]) -> str:
    """The counts of `changes` in words: "12 created", or "0 changed, 13 unchanged"."""
    told = [f"{count} {_WORDS.get(kind, kind)}" for kind, count in changed.items() if kind != "same" and count]
    return ", ".join([*(told or ["0 changed"]), f"{changed.get('same', 0)} unchanged"])


_WORDS = {"create": "created", "update": "updated", "delete": "deleted", "replace": "replaced"}


def _resource(exported: Mapping[str, Any]) -> Resource:
    outputs = exported.get("outputs", {})
    nested = outputs.get("properties")
    state = outputs.get("provisioningState") or (nested.get("provisioningState") if isinstance(nested, dict) else None)
    given, logical = outputs.get("name") or outputs.get("azureName"), exported["urn"].rsplit("::", 1)[-1]
    name = logical if given is None or _IS_A_GUID.fullmatch(given) else given
    return Resource(name, exported["type"].removeprefix(_OF_AZURE), str(state or "Created"))
