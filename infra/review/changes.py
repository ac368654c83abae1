"""What a preview would do to each resource, in one word, and which of its properties are why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from infra.guards.stateful import stateful

_SAME = frozenset({"same", "read", "refresh"})
# The engine takes a replacement apart into steps; whoever reads a plan asks about the whole.
_WHOLE = {
    "create-replacement": "replace",
    "delete-replaced": "replace",
    "discard-replaced": "replace",
    "read-replacement": "replace",
    "import-replacement": "replace",
    "discard": "delete",
}
# The gravest first: what is lost cannot be made again.
OPERATIONS = ("delete", "replace", "update", "create", "import")
WITH_LOSS = ("delete", "replace")


@dataclass(frozen=True)
class Change:
    """A resource that is not as it was: the operation, its name in the program, its type, what differs."""

    operation: str
    name: str
    type: str
    properties: tuple[str, ...] = ()

    @property
    def lost(self) -> str | None:
        """What goes with it that cannot be made again, in words."""
        kind = stateful(self.type, self.name) if self.operation in WITH_LOSS else None
        return kind.lost if kind else None


def changes(steps: Iterable[Mapping[str, Any]]) -> list[Change]:
    """The changes among the steps of `pulumi preview --json`, the gravest first, else in the order of the plan."""
    found: dict[str, Change] = {}
    for step in steps:
        operation = _WHOLE.get(str(step.get("op")), str(step.get("op")))
        urn = step.get("urn")
        if operation in _SAME or not isinstance(urn, str) or not _is_custom(step):
            continue
        before = found.get(urn)
        properties = {*(before.properties if before else ()), *_properties(step)}
        found[urn] = Change(operation, *_named(urn), tuple(sorted(properties)))
    return sorted(found.values(), key=lambda change: _gravity(change.operation))


def _gravity(operation: str) -> int:
    return OPERATIONS.index(operation) if operation in OPERATIONS else len(OPERATIONS)


def _is_custom(step: Mapping[str, Any]) -> bool:
    """Whether the step is about a resource of a provider: components and the stack are only how the program is cut."""
    states = [state for state in (step.get("newState"), step.get("oldState")) if isinstance(state, dict)]
    return any(state.get("custom") is True for state in states) and "::pulumi:providers:" not in str(step["urn"])


def _named(urn: str) -> tuple[str, str]:
    """The name and the type at the end of a URN; a type may follow those of its parents, after a $."""
    parts = urn.split("::")
    return parts[-1], parts[-2].rpartition("$")[2] if len(parts) > 1 else ""


def _properties(step: Mapping[str, Any]) -> list[str]:
    for key in ("detailedDiff", "replaceReasons", "diffReasons"):
        told = step.get(key)
        if told and isinstance(told, dict | list):
            return [str(one) for one in told]
    return []
