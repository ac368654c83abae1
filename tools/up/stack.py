"""Reads what Pulumi knows of stack `local`: its resources, its outputs and what the last update changed."""

import json
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.up.commands import MLWS, PULUMI, STACK, Shell

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


def state(shell: Shell) -> list[dict[str, Any]]:
    """The resources of the stack, the way Pulumi exports them."""
    exported = shell.ask(*PULUMI, "stack", "export", "--stack", STACK)
    return list(exported["deployment"].get("resources", []))


def resources(exported: Sequence[Mapping[str, Any]]) -> list[Resource]:
    """Those that are Azure's."""
    return [_resource(one) for one in exported if one["type"].startswith(_OF_AZURE)]


def monthly_cost(shell: Shell, exported: Sequence[Mapping[str, Any]]) -> str:
    """What the stack would cost on Azure, of its state: nothing is planned anew for it."""
    steps = [{"op": "same", "urn": one["urn"], "newState": one} for one in exported]
    with tempfile.TemporaryDirectory() as folder:
        plan = Path(folder) / "plan.json"
        plan.write_text(json.dumps({"steps": steps}), encoding="utf-8")
        return priced(shell.ask(*MLWS, "cost", "stack", STACK, "--preview", str(plan), "--json"))


def priced(estimate: Mapping[str, Any]) -> str:
    """The sum of an estimate in words, and what a node of each compute costs."""
    least = "" if estimate["complete"] else "at least "
    nodes = (f", {one['resource']} {one['node_hour']} an hour and node" for one in estimate["compute"])
    return f"{least}{estimate['monthly']} {estimate['currency']} a month on Azure before any use{''.join(nodes)}"


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
