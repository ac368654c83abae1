"""What a stack uses of other stacks, read before its first resource: a wrong reference leaves nothing half made."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi

from infra.errors import InfraError
from infra.settings import Settings
from infra.settings.wrong_value import one_of
from infra.stack_file import stacks

REGISTRY_ID = "model_registry_id"
"""The output of stack `shared` that says which registry it made."""

_WORKSPACE_ID = "workspace_id"
_OUTPUTS = "pulumi:pulumi:readStackOutputs"


@dataclass(frozen=True)
class Elsewhere:
    """The ids of the registry of models and of the hub; None of what the stack uses none of."""

    registry_id: str | None
    hub_id: str | None


def made_elsewhere(settings: Settings, file: str, project: Path) -> Elsewhere:
    """The ids that the settings give, or that the stacks which they name have made. Raises `InfraError`."""
    registry, workspace = settings.shared_registry, settings.workspace
    registry_id, hub_id = registry.id, workspace.hub_id
    if registry.stack is not None:
        at = f"{file}: mlws:sharedRegistry.stack"
        registry_id = _output(registry.stack, REGISTRY_ID, at, "registry of models", project)
    if workspace.hub_stack is not None:
        hub_id = _output(workspace.hub_stack, _WORKSPACE_ID, f"{file}: mlws:workspace.hubStack", "workspace", project)
    return Elsewhere(registry_id, hub_id)


def _output(stack: str, output: str, at: str, what: str, project: Path) -> str:
    found = _outputs(stack, at, project).get(output)
    if not found:
        raise InfraError(f"{at}: stack '{stack}' has made no {what}; run `pulumi up --stack {stack}`, or name another")
    return str(found)


def _outputs(stack: str, at: str, project: Path) -> Mapping[str, Any]:
    full = stack if "/" in stack else f"{pulumi.get_organization()}/{pulumi.get_project()}/{stack}"
    try:
        answer = pulumi.runtime.invoke(_OUTPUTS, {"name": full}).value or {}
    except Exception as error:  # Pulumi's own type for every failure
        reason = str(error).strip().splitlines()[-1] if str(error).strip() else type(error).__name__
        if "unknown stack" not in str(error) and "no stack named" not in str(error):
            raise InfraError(f"{at}: stack '{stack}' cannot be read ({reason})") from None
        known = stacks(project)
        if stack in known:
            said = f"stack '{stack}' is not made yet; run `pulumi up --stack {stack}`"
        else:
            said = f"there is no stack '{stack}'; write {one_of(stack, known)}, or another of `pulumi stack ls --all`"
        raise InfraError(f"{at}: {said}") from None
    return answer.get("outputs") or {}
