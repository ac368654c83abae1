"""The plan of the engine, as far as it costs money: which resources there are after it, and where.

Reads what `pulumi preview --json` prints. A resource that the plan deletes, or only reads, is not the stack's to pay.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from infra.cost.errors import CostInputError

_GONE_OR_NOT_OURS = frozenset({"delete", "delete-replaced", "discard", "discard-replaced", "read", "read-replacement"})
_ENGINE = ("pulumi:pulumi:", "pulumi:providers:")
_UNKNOWN_VALUE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class PlannedResource:
    """A resource that exists after the plan: its type without API version, its name in the program, its region."""

    type: str
    name: str
    region: str
    inputs: dict[str, Any] = field(default_factory=dict, hash=False)

    def text(self, *path: str, default: str = "") -> str:
        """The input at `path`, `default` where it is absent, no text, or known only after creation."""
        value = self.value(*path)
        return default if not isinstance(value, str) or _UNKNOWN_VALUE.fullmatch(value) else value

    def count(self, *path: str) -> int | None:
        """The whole number at `path`, `None` where there is none. JSON of the engine writes 2 and 2.0 alike."""
        value = self.value(*path)
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0 or value % 1:
            return None
        return int(value)

    def value(self, *path: str) -> Any:  # noqa: ANN401 - an input of any type
        """The input at `path`, or `None`."""
        found: Any = self.inputs
        for key in path:
            found = found.get(key) if isinstance(found, dict) else None
        return found


def planned_resources(text: str, origin: str) -> tuple[PlannedResource, ...]:
    """The resources in a preview. `origin` names the file for the sentence of a `CostInputError`."""
    by_urn: dict[str, PlannedResource] = {}
    for step in _steps(text, origin):
        state = step.get("newState")
        if not isinstance(state, dict) or str(step.get("op")) in _GONE_OR_NOT_OURS or state.get("custom") is not True:
            continue
        type_, urn = state.get("type"), state.get("urn")
        if not isinstance(type_, str) or not isinstance(urn, str):
            raise CostInputError(
                f"{origin}: a step has a newState without type or urn; give the output of `pulumi preview --json`"
            )
        if not type_.startswith(_ENGINE):
            by_urn[urn] = _resource(type_, urn, state.get("inputs"))
    return tuple(by_urn.values())


def _steps(text: str, origin: str) -> list[dict[str, Any]]:
    instead = "give the whole output of `pulumi preview --json`"
    try:
        preview = json.loads(text)
    except (ValueError, RecursionError) as error:
        where = f" in line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise CostInputError(f"{origin}: not valid JSON{where}; {instead}") from None
    steps = preview.get("steps") if isinstance(preview, dict) else None
    if not isinstance(steps, list) or not all(isinstance(step, dict) for step in steps):
        raise CostInputError(f"{origin}: it has no list of `steps`; {instead}")
    return steps


def _resource(type_: str, urn: str, inputs: object) -> PlannedResource:
    known = inputs if isinstance(inputs, dict) else {}
    location = known.get("location")
    region = location.replace(" ", "").lower() if isinstance(location, str) else ""
    return PlannedResource(re.sub(r"/v\d+[a-z0-9]*:", ":", type_), urn.rpartition("::")[2], region, known)
