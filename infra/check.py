"""Judging a stack file without an engine: what it sets, and what everything will be called."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.names import planned_names
from infra.settings import Settings, settings_from, stack_file
from infra.stack_file import configuration


@dataclass(frozen=True)
class CheckedStack:
    """A stack whose file holds no mistake: its settings, and its names by role."""

    stack: str
    settings: Settings
    names: dict[str, str]

    @property
    def region(self) -> str:
        """The Azure region."""
        return self.settings.region

    def as_dict(self) -> dict[str, Any]:
        """Plain values, spelled as in a stack file."""
        return {
            "stack": self.stack,
            "settings": self.settings.model_dump(mode="json", by_alias=True),
            "names": self.names,
        }


def check_stack(project: Path, stack: str) -> CheckedStack:
    """Read, judge and name `stack`. Raises `InfraError` with the first mistake."""
    settings = settings_from(configuration(project, stack), stack)
    plan = planned_names(settings, project, stack_file(stack))
    return CheckedStack(stack, settings, {planned.role: planned.name for planned in plan})
