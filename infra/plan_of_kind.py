"""The names that a stack uses of all that could be planned: a hub is called otherwise, and a project makes less."""

from dataclasses import replace

from infra.settings import Settings
from naming import Convention, NamingPlan, PlannedName, Tokens, rule_for

_OF_PROJECTS = frozenset({"resource_group", "workspace", "application_insights", "log_analytics"})


def plan_of_kind(plan: NamingPlan, settings: Settings, convention: Convention) -> NamingPlan:
    """The plan with the workspace called after its kind, and without names of what the stack does not make.

    Raises `NamingError` where the convention has no abbreviation for the kind.
    """
    kind = settings.workspace.kind
    if kind == "Default" and settings.workspace.acts_as == "user-assigned":
        return plan
    used = (entry for entry in plan if _is_used(entry.role, settings))
    return replace(plan, entries=tuple(_called(entry, kind, convention, plan.tokens) for entry in used))


def _is_used(role: str, settings: Settings) -> bool:
    if settings.workspace.kind == "Project":
        return role in _OF_PROJECTS
    if role == "managed_identity":
        return settings.workspace.acts_as == "user-assigned"
    return role != "compute_cluster" or settings.workspace.has_clusters


def _called(entry: PlannedName, kind: str, convention: Convention, tokens: Tokens) -> PlannedName:
    if entry.role != "workspace" or kind == "Default":
        return entry
    return replace(entry, variant=kind, name=convention.name(rule_for(entry.type, kind), tokens))
