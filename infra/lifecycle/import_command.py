"""The steps of `mlws infra import`, in the order in which they are told, and what came of them."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.check import CheckedStack, check_stack
from infra.lifecycle import adoption_report, importing
from infra.lifecycle.adoption import Adoption, plan_adoption
from infra.lifecycle.arm import Arm
from infra.lifecycle.importing import Obstacle
from infra.lifecycle.parts import Existing, find
from infra.settings import stack_file

Tell = Callable[[str], object]


@dataclass(frozen=True)
class Wanted:
    """What the command line says: the stack, and what is already there."""

    stack: str
    project: Path
    workspace: str | None
    resource_group: str | None
    subscription: str | None


@dataclass(frozen=True)
class Outcome:
    """What is there already, what is in the way of adopting it, the plan where nothing is, and whether it was done."""

    existing: Existing
    obstacles: tuple[Obstacle, ...]
    adoption: Adoption | None = None
    is_done: bool = False

    def as_dict(self, stack: str) -> dict[str, Any]:
        """Plain values; what would be `adopted` and `created` is missing while something is in the way."""
        return {
            "stack": stack,
            "parts": [{"role": one.role, "name": one.name, "id": one.id} for one in self.existing.parts],
            "inTheWay": [{"sentence": one.sentence, "names": one.names} for one in self.obstacles],
            "done": self.is_done,
            **({} if self.adoption is None else adoption_report.as_dict(self.adoption)),
        }


def run(wanted: Wanted, tell: Tell, out: Path | None, *, accept_names: bool, yes: bool) -> Outcome:
    """Look, tell, and with `yes` adopt. Raises `InfraError` and `EngineFailure`."""
    checked = check_stack(wanted.project, wanted.stack)
    arm = Arm()
    existing = _existing(wanted, checked, arm)
    tell(f"{len(existing.parts)} parts of workspace '{existing.parts[1].name}' found in {existing.parts[0].name}")
    obstacles = _in_the_way(wanted, checked, existing, tell, accept_names=accept_names)
    if obstacles:
        return Outcome(existing, obstacles)
    adoption = plan_adoption(wanted.stack, wanted.project, arm, existing.parts[0].id)
    tell("\n".join(adoption_report.lines(wanted.stack, adoption)))
    if out is not None:
        out.write_text(json.dumps(adoption.import_file, indent=2) + "\n", encoding="utf-8")
        tell(f"\nwrote {out}, for `pulumi import --file {out} --stack {wanted.stack}`")
    if adoption.adopted and yes:
        importing.adopt(wanted.stack, wanted.project, adoption)
        tell(f"\nadopted {len(adoption.adopted)} resources; `pulumi preview --stack {wanted.stack}` shows what differs")
    elif adoption.adopted:
        tell("\nthis was the plan; add --yes to take what exists into the state, which changes nothing in Azure")
    else:
        tell("\nnothing is left to adopt")
    return Outcome(existing, (), adoption, is_done=yes)


def _existing(wanted: Wanted, checked: CheckedStack, arm: Arm) -> Existing:
    subscription = importing.subscription_of(checked, wanted.subscription)
    group = wanted.resource_group or checked.names["resource_group"]
    return find(arm, subscription, group, wanted.workspace or checked.names["workspace"])


def _in_the_way(
    wanted: Wanted, checked: CheckedStack, existing: Existing, tell: Tell, *, accept_names: bool
) -> tuple[Obstacle, ...]:
    """What is left in the way when names were accepted that may be."""
    left: list[Obstacle] = []
    for one in importing.obstacles(checked, existing):
        tell(one.sentence)
        if one.names and accept_names:
            importing.accept(checked, one.names, wanted.project)
            tell(f"wrote them into {stack_file(wanted.stack)}")
            continue
        left.append(one)
        if one.names:
            tell("  with --accept-names, or by writing")
            tell("  mlws:names:")
            for role, name in one.names.items():
                tell(f"    {role}: {name}")
            tell(f"  below `config:` in {stack_file(wanted.stack)}")
    return tuple(left)
