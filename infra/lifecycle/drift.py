"""What somebody changed in Azure behind the stack's back: read by the engine, which changes nothing meanwhile."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra import engine
from infra.lifecycle.differences import Difference, differences, is_at_or_below, overlap

_GONE = "delete"


@dataclass(frozen=True)
class Drifted:
    """A resource that is not as the stack says: what differs, or that it is gone."""

    name: str
    type: str
    id: str
    is_gone: bool
    properties: tuple[Difference, ...]


@dataclass(frozen=True)
class Comparison:
    """What differs, and whether the stack has made anything at all that could."""

    is_made: bool
    drifted: tuple[Drifted, ...]


def drift(stack: str, project: Path) -> Comparison:
    """Compare `stack` with Azure. Raises `EngineFailure` when the engine cannot."""
    what = f"the comparison of stack '{stack}' with Azure"
    text = engine.ask(("refresh", "--preview-only", "--json", "--stack", stack), project, what)
    return comparison(text)


def comparison(text: str) -> Comparison:
    """What `pulumi refresh --preview-only --json` prints; its steps name every resource, those that differ or not."""
    steps = json.loads(text).get("steps", [])
    return Comparison(bool(steps), tuple(_drifted(steps)))


def _drifted(steps: list[dict[str, Any]]) -> Iterator[Drifted]:
    for step in sorted(steps, key=lambda step: str(step["urn"])):
        state = step.get("oldState") or {}
        if not state.get("custom"):
            continue
        is_gone = step["op"] == _GONE
        found = () if is_gone else tuple(_differing(step, state))
        if found or is_gone:
            yield Drifted(step["urn"].rpartition("::")[2], state["type"], str(state.get("id", "")), is_gone, found)


def _differing(step: dict[str, Any], old: dict[str, Any]) -> Iterator[Difference]:
    """Inputs only: what Azure computes may change, and no stack says otherwise. Ignored ones are left out."""
    found = list(differences(old.get("inputs"), (step.get("newState") or {}).get("inputs")))
    for path, detail in (step.get("detailedDiff") or {}).items():
        # The engine prints the same word for every secret, so that a changed one looks the same on both sides.
        if detail.get("inputDiff") and not any(overlap(path, one.path) for one in found):
            found.append(Difference(path, "[secret]", "[another secret]"))
    ignored = old.get("ignoreChanges") or ()
    yield from (one for one in found if not any(is_at_or_below(one.path, path) for path in ignored))
