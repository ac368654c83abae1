"""The names of a stack: every one it will ever use, made and proven by `naming` before the first resource."""

from dataclasses import replace
from pathlib import Path
from typing import Protocol

from infra.accepted_names import with_accepted
from infra.errors import InfraError, SettingsError
from infra.plan_of_kind import plan_of_kind
from infra.settings import Settings
from infra.settings.model_registry import MODEL_REGISTRY, SHARED
from naming import Convention, NamingError, NamingPlan, PlannedName, rule_for
from naming.stack import StackTokens, stack_plan

CONVENTION = "naming.toml"
_REGISTRY_TYPE = "Microsoft.MachineLearningServices/registries"


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
        plan = stack_plan(tokens, convention, source)
        is_shared = settings.environment == SHARED
        used = _plan_of_shared(plan, convention) if is_shared else plan_of_kind(plan, settings, convention)
        return with_accepted(used, settings.names, source)
    except NamingError as error:
        raise SettingsError(str(error)) from error


def _plan_of_shared(plan: NamingPlan, convention: Convention) -> NamingPlan:
    """Stack `shared` has a registry of models in its group, and nothing else of what the plan names."""
    registry = PlannedName(MODEL_REGISTRY, _REGISTRY_TYPE, None, convention.name(rule_for(_REGISTRY_TYPE), plan.tokens))
    return NamingPlan(plan.tokens, (*(one for one in plan if one.role == "resource_group"), registry))


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
