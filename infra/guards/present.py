"""What the stack has before an update: the engine does not tell a program what it plans, but lets it read the state."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi

from infra.guards.aliases import former_names

_STATE = "pulumi:pulumi:readStackResourceOutputs"

Key = tuple[str, str]
"""A resource as the program knows it: its type, and its name there."""


@dataclass(frozen=True)
class Present:
    """A resource that the stack has, with what Azure said of it when it was last updated."""

    type: str
    name: str
    outputs: Mapping[str, Any]

    @property
    def azure_name(self) -> str:
        """Its name in Azure; the program's where Azure says none."""
        return str(self.outputs.get("name") or self.name)


def present() -> dict[Key, Present]:
    """Every resource of the stack."""
    state = pulumi.runtime.invoke(_STATE, {"stackName": pulumi.get_stack()}).value or {}
    resources: Mapping[str, Mapping[str, Any]] = state.get("outputs") or {}
    found = (
        Present(str(resource["type"]), urn.rpartition("::")[2], resource.get("outputs") or {})
        for urn, resource in resources.items()
    )
    return {(one.type, one.name): one for one in found}


def keys(type_: str, name: str) -> list[Key]:
    """How a resource is known, now and by its former names."""
    former = ((str(alias.type_), str(alias.name)) for alias in former_names(type_, name))
    return [(type_, name), *former]
