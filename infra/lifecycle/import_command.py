"""The steps of `mlws infra import`, in the order in which they are told."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from infra.check import CheckedStack, check_stack
from infra.lifecycle import adoption_report, importing
from infra.lifecycle.adoption import plan_adoption
from infra.lifecycle.arm import Arm
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


def run(wanted: Wanted, tell: Tell, out: Path | None, *, accept_names: bool, yes: bool) -> int:
    """Look, tell, and with `yes` adopt. Returns the exit code: 1 where something is in the way."""
    checked = check_stack(wanted.project, wanted.stack)
    arm = Arm()
    existing = _existing(wanted, checked, arm)
    tell(f"{len(existing.parts)} parts of workspace '{existing.parts[1].name}' found in {existing.parts[0].name}")
    if _is_in_the_way(wanted, checked, existing, tell, accept_names=accept_names):
        return 1
    adoption = plan_adoption(wanted.stack, wanted.project, arm, existing.parts[0].id)
    tell("\n".join(adoption_report.lines(wanted.stack, adoption)))
    if out is not None:
        out.write_text(json.dumps(adoption.import_file, indent=2) + "\n", encoding="utf-8")
        tell(f"\nwrote {out}, for `pulumi import --file {out} --stack {wanted.stack}`")
    if not adoption.adopted:
        tell("\nnothing is left to adopt")
    elif not yes:
        tell("\nthis was the plan; add --yes to take what exists into the state, which changes nothing in Azure")
    else:
        importing.adopt(wanted.stack, wanted.project, adoption)
        tell(f"\nadopted {len(adoption.adopted)} resources; `pulumi preview --stack {wanted.stack}` shows what differs")
    return 0


def _existing(wanted: Wanted, checked: CheckedStack, arm: Arm) -> Existing:
    subscription = importing.subscription_of(checked, wanted.subscription)
    group = wanted.resource_group or checked.names["resource_group"]
    return find(arm, subscription, group, wanted.workspace or checked.names["workspace"])


def _is_in_the_way(
    wanted: Wanted, checked: CheckedStack, existing: Existing, tell: Tell, *, accept_names: bool
) -> bool:
    blocked = False
    for one in importing.obstacles(checked, existing):
        tell(one.sentence)
        if one.names and accept_names:
            importing.accept(checked, one.names, wanted.project)
            tell(f"wrote them into {stack_file(wanted.stack)}")
            continue
        blocked = True
        if one.names:
            tell("  with --accept-names, or by writing")
            tell("  mlws:names:")
            for role, name in one.names.items():
                tell(f"    {role}: {name}")
            tell(f"  below `config:` in {stack_file(wanted.stack)}")
    return blocked
