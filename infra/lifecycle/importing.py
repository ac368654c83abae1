"""`mlws infra import`: from the name of an existing workspace to a stack whose state has it and its parts."""

import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from infra import engine
from infra.check import CheckedStack
from infra.errors import InfraError
from infra.lifecycle.adoption import Adoption
from infra.lifecycle.parts import Existing
from infra.settings import stack_file

_GROUP = "resource_group"


@dataclass(frozen=True)
class Obstacle:
    """Why a workspace cannot be adopted as the stack file is, and what to write into it."""

    sentence: str
    names: dict[str, str]


def subscription_of(checked: CheckedStack, given: str | None) -> str:
    """The subscription to look in. Raises `InfraError` where nothing says which."""
    stated = checked.settings.subscription_id
    found = given or (str(stated) if stated else None)
    found = found or os.environ.get("AZURE_SUBSCRIPTION_ID") or os.environ.get("ARM_SUBSCRIPTION_ID")
    if not found:
        raise InfraError(
            f"nothing says which subscription the workspace is in; write azure-native:subscriptionId into"
            f" {stack_file(checked.stack)}, or give --subscription"
        )
    return found


def obstacles(checked: CheckedStack, existing: Existing) -> Iterator[Obstacle]:
    """What keeps the workspace from being the stack's: its region, a part in another group, names."""
    source = stack_file(checked.stack)
    region = existing.region.replace(" ", "").lower()
    if region and region != checked.region.replace(" ", "").lower():
        yield Obstacle(
            f"the workspace is in {region}, the stack in {checked.region}; write `azure-native:location: {region}` into"
            f" {source}",
            {},
        )
    group = next(part for part in existing.parts if part.role == _GROUP)
    for part in existing.parts:
        if part.group.lower() != group.id.lower():
            yield Obstacle(
                f"{part.role} '{part.name}' is in resource group '{part.group.rpartition('/')[2]}', and a stack has one"
                f" group; move it to '{group.name}' with `az resource move --ids {part.id} --destination-group"
                f" {group.name}`",
                {},
            )
    names = {
        part.role: part.name
        for part in existing.parts
        if part.role in checked.names and part.name.lower() != checked.names[part.role].lower()
    }
    if names:
        told = ", ".join(f"{role} '{name}'" for role, name in names.items())
        yield Obstacle(f"these names do not follow the convention: {told}; to keep them, accept them", names)


def accept(checked: CheckedStack, names: dict[str, str], project: Path) -> None:
    """Write the names into the stack file, the way `pulumi config set` does. Raises `EngineFailure`."""
    for role, name in names.items():
        engine.ask(
            ("config", "set", "--path", f"mlws:names.{role}", name, "--stack", checked.stack),
            project,
            f"writing mlws:names.{role} into {stack_file(checked.stack)}",
        )


def adopt(stack: str, project: Path, adoption: Adoption) -> None:
    """Take what exists into the stack's state; Azure is only read. Raises `EngineFailure`."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "import.json"
        file.write_text(json.dumps(adoption.import_file), encoding="utf-8")
        options = ("--yes", "--skip-preview", "--generate-code=false", "--protect=false", "--suppress-outputs")
        engine.ask(("import", "--file", str(file), "--stack", stack, *options), project, "the import")
