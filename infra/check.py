"""Judging a stack file without an engine: what it sets, and what everything will be called."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.compute_names import compute_names
from infra.names import planned_names
from infra.settings import Settings, settings_from, stack_file
from infra.settings.compute_cores import cores
from infra.settings.model_registry import MODEL_REGISTRY
from infra.stack_file import configuration
from infra.stack_tags import require_allowed_tags, stack_tags


@dataclass(frozen=True)
class CheckedStack:
    """A stack whose file holds no mistake: its settings, and its names by role."""

    stack: str
    settings: Settings
    names: dict[str, str]

    @property
    def headline(self) -> str:
        """The name by which people know the stack: its workspace's, or its registry's."""
        return self.names.get("workspace") or self.names[MODEL_REGISTRY]

    @property
    def cores(self) -> dict[str, int]:
        """The cores that its computes may take at once, by what Azure counts quotas by."""
        return cores(self.settings)

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
            "cores": self.cores,
        }


def check_stack(project: Path, stack: str) -> CheckedStack:
    """Read, judge and name `stack`. Raises `InfraError` with the first mistake."""
    settings = settings_from(configuration(project, stack), stack)
    plan = planned_names(settings, project, stack_file(stack))
    computes = compute_names(settings, plan, project, stack_file(stack))
    names = {
        **{planned.role: planned.name for planned in plan},
        **{f"compute_cluster.{key}": name for key, name in computes.clusters.items()},
        **{f"compute_instance.{key}": name for key, name in computes.instances.items()},
    }
    require_allowed_tags(stack_tags(settings, plan.tokens.workload), project, stack_file(stack))
    return CheckedStack(stack, settings, names)
