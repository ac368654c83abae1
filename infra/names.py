"""The names of a stack: every one it will ever use, made and proven by `naming` before the first resource."""

from dataclasses import replace
from pathlib import Path
from typing import Protocol

from infra.errors import InfraError, SettingsError
from infra.settings import Settings
from naming import Convention, NamingError, NamingPlan, rule_for
from naming.stack import StackTokens, stack_plan
from naming.stack_parts import SHARED, StackParts, plan_of_parts

CONVENTION = "naming.toml"


class Namer(Protocol):
    """What names resources of which a stack has any number."""

    def __call__(self, resource_type: str, part: str = "") -> str:
        """The name of the stack's resource of a type; `part`, letters and digits, tells apart several of one type."""


def planned_names(settings: Settings, project: Path, source: str) -> NamingPlan:
    """The naming plan of a stack, after the convention in `project`, the folder of Pulumi.yaml.

    Raises `InfraError` for a region that there is not and for a name that cannot be; `source`, the stack's file, is
    named in it.
    """
    file = project / CONVENTION
    if not file.is_file():
        raise InfraError(
            f"there is no {CONVENTION} beside Pulumi.yaml; it holds the convention of all names, write one"
        )
    tokens = StackTokens("", settings.environment, settings.region, settings.workload, settings.instance)
    try:
        convention = Convention.load(file)
        return plan_of_parts(stack_plan(tokens, convention, source), _parts(settings), convention, source)
    except NamingError as error:
        raise SettingsError(str(error)) from error


def _parts(settings: Settings) -> StackParts:
    return StackParts(
        is_shared=settings.environment == SHARED,
        kind=settings.workspace.kind,
        has_identity=settings.workspace.acts_as == "user-assigned",
        accepted=settings.names,
    )


def operations_name(resource_type: str, plan: NamingPlan, project: Path) -> str:
    """The name of a resource that not every stack has, and that is therefore not in the plan, after the convention."""
    return Convention.load(project / CONVENTION).name(rule_for(resource_type), plan.tokens)


def namer(plan: NamingPlan, project: Path) -> Namer:
    """What names resources that are not in the plan, after the convention in `project`."""
    convention = Convention.load(project / CONVENTION)

    def name(resource_type: str, part: str = "") -> str:
        # A word of its own would be one that the convention does not know: it becomes part of the workload's.
        tokens = replace(plan.tokens, workload=plan.tokens.workload + part)
        return convention.name(rule_for(resource_type), tokens)

    return name
