"""Which of a stack's resources are in Azure already, and how they differ from what the program says.

The engine is asked again and again, each time with what is known to exist read from Azure instead of made: the ids of
what hangs on those resources (their role assignments, their diagnostic settings) are then known too, and looked for.
Nothing is changed meanwhile, neither in Azure nor in the state.
"""

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra import engine
from infra.guards.adoption import VARIABLE
from infra.lifecycle.arm import Arm
from infra.lifecycle.differences import Difference, differences, overlap
from infra.lifecycle.resource_ids import api_version, resource_id

_OURS = "azure-native:"
_ASSIGNMENT = "azure-native:authorization:RoleAssignment"
_ASSIGNMENTS_VERSION = "2022-04-01"
_REPLACES = "replace"
_MOST_PASSES = 8

Known = dict[str, dict[str, str]]
"""Resource ids by Pulumi's type and the program's name."""


@dataclass(frozen=True)
class Adopted:
    """A resource of the stack that exists: what the program would change of it, and what it would replace it for."""

    name: str
    type: str
    id: str
    properties: tuple[Difference, ...]
    replaced_for: tuple[str, ...]

    @property
    def is_lost(self) -> bool:
        """Whether it would be replaced, and something with it; in an assignment there is nothing."""
        return bool(self.replaced_for) and self.type != _ASSIGNMENT


@dataclass(frozen=True)
class Adoption:
    """What exists, what the program would make beside it, and the file for `pulumi import`."""

    adopted: tuple[Adopted, ...]
    created: tuple[tuple[str, str], ...]
    import_file: dict[str, Any] = field(repr=False)


def plan_adoption(stack: str, project: Path, arm: Arm, group_id: str) -> Adoption:
    """Find out. `group_id` is the resource group of the stack. Raises `InfraError` and `EngineFailure`."""
    known: Known = {}
    with tempfile.TemporaryDirectory() as folder:
        everything = Path(folder) / "everything.json"
        steps = _preview(stack, project, Path(folder), known, everything)
        for _ in range(_MOST_PASSES):
            found = dict(_existing(steps, known, arm, group_id))
            if not found:
                break
            for (type_, name), id_ in found.items():
                known.setdefault(type_, {})[name] = id_
            steps = _preview(stack, project, Path(folder), known)
        skeleton = json.loads(everything.read_text(encoding="utf-8"))
    return Adoption(tuple(_adopted(steps, known)), tuple(_created(steps)), _filled(skeleton, known))


def _preview(
    stack: str, project: Path, folder: Path, known: Known, import_file: Path | None = None
) -> list[dict[str, Any]]:
    adopt = folder / "adopt.json"
    adopt.write_text(json.dumps(known), encoding="utf-8")
    arguments = ["preview", "--stack", stack, "--json"]
    if import_file is not None:
        arguments += ["--import-file", str(import_file)]
    text = engine.ask(
        arguments, project, f"the preview of stack '{stack}'", environment={**os.environ, VARIABLE: str(adopt)}
    )
    steps: list[dict[str, Any]] = json.loads(text).get("steps", [])
    return steps


def _existing(
    steps: list[dict[str, Any]], known: Known, arm: Arm, group_id: str
) -> Iterator[tuple[tuple[str, str], str]]:
    """What the program would create though it is there, by type and name."""
    for name, type_, inputs in _creations(steps):
        id_, version = resource_id(type_, inputs, group_id), api_version(type_)
        if name in known.get(type_, {}) or id_ is None or version is None:
            continue
        if arm.get(id_, version) is not None:
            yield (type_, name), id_
        elif type_ == _ASSIGNMENT and (same := _same_assignment(inputs, arm)):
            yield (type_, name), same


def _same_assignment(inputs: Mapping[str, Any], arm: Arm) -> str | None:
    """The id of the assignment of this role to this principal here: Azure takes no second one under another id."""
    scope, principal = str(inputs["scope"]), str(inputs["principalId"]).lower()
    role = str(inputs["roleDefinitionId"]).rpartition("/")[2].lower()
    collection = f"{scope}/providers/Microsoft.Authorization/roleAssignments"
    query = {"$filter": "atScope()"}
    for one in arm.listed(collection, _ASSIGNMENTS_VERSION, **query):
        properties = one.get("properties") or {}
        of_role = str(properties.get("roleDefinitionId", "")).rpartition("/")[2].lower() == role
        here = str(properties.get("scope") or scope).lower() == scope.lower()
        if of_role and here and str(properties.get("principalId", "")).lower() == principal:
            return str(one["id"])
    return None


def _creations(steps: list[dict[str, Any]]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for step in steps:
        state = step.get("newState") or {}
        if step["op"] == "create" and state.get("custom") and str(state["type"]).startswith(_OURS):
            yield step["urn"].rpartition("::")[2], state["type"], state.get("inputs") or {}


def _created(steps: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    yield from sorted((name, type_) for name, type_, _ in _creations(steps))


def _adopted(steps: list[dict[str, Any]], known: Known) -> Iterator[Adopted]:
    changes = {step["urn"]: step for step in steps if step.get("oldState") and step["op"] != "import"}
    for step in sorted(steps, key=lambda step: str(step["urn"])):
        if step["op"] != "import":
            continue
        type_, name = step["newState"]["type"], step["urn"].rpartition("::")[2]
        change = changes.get(step["urn"])
        found = () if change is None else tuple(_differing(change))
        yield Adopted(name, type_, known[type_][name], found, tuple(_replacing(change)))


def _differing(change: dict[str, Any]) -> Iterator[Difference]:
    """What Azure has (left) and the program says (right), as far as the provider calls it a difference."""
    old, new = change["oldState"].get("inputs"), (change.get("newState") or {}).get("inputs")
    told = [path for path, detail in (change.get("detailedDiff") or {}).items() if detail.get("inputDiff")]
    for one in differences(old, new):
        if any(overlap(one.path, path) for path in told):
            yield one


def _replacing(change: dict[str, Any] | None) -> Iterator[str]:
    for path, detail in ((change or {}).get("detailedDiff") or {}).items():
        if str(detail.get("kind")).endswith(_REPLACES):
            yield path


def _filled(skeleton: dict[str, Any], known: Known) -> dict[str, Any]:
    """The engine's own import file with the ids of what exists, and its components; without the rest."""
    kept = []
    # Where there is nothing to create, the engine writes no list.
    for entry in skeleton.get("resources", ()):
        id_ = known.get(entry["type"], {}).get(entry.get("logicalName", entry["name"]))
        if entry.get("component"):
            kept.append(entry)
        elif id_ is not None:
            kept.append({**entry, "id": id_})
    return {**skeleton, "resources": kept}
