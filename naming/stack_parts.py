"""What a stack makes, as far as its names depend on it: the kind of its workspace, computes, names it takes over."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from naming.errors import NamingError

if TYPE_CHECKING:
    from naming.convention import Convention
    from naming.plan import NamingPlan, PlannedName
    from naming.tokens import Tokens

# The environment whose stack makes a registry of models, and no workspace; and the role of that registry.
SHARED = "shared"
MODEL_REGISTRY = "model_registry"
KINDS = ("Default", "Hub", "Project", "FeatureStore")
_REGISTRY_TYPE = "Microsoft.MachineLearningServices/registries"
_COMPUTE_TYPE = "Microsoft.MachineLearningServices/workspaces/computes"
_OF_PROJECTS = frozenset({"resource_group", "workspace", "application_insights", "log_analytics"})


@dataclass(frozen=True, slots=True)
class StackParts:
    """What a stack makes: computes by the keys of its file beside the default cluster, `accepted` names by role."""

    is_shared: bool = False
    kind: str = "Default"
    has_identity: bool = True
    clusters: tuple[str, ...] = ()
    instances: tuple[str, ...] = ()
    accepted: Mapping[str, str] = field(default_factory=dict)


def stated_parts(config: Mapping[str, object], environment: str, file: str) -> StackParts:
    """Return what the configuration of a stack says that it makes. The rest of it is for `mlws infra check` to judge.

    Raises:
        NamingError: a section is no mapping, or there is no such kind of workspace; the sentence names `file`.
    """
    workspace, accepted = (_section(config, key, file) for key in ("mlws:workspace", "mlws:names"))
    kind = workspace.get("kind", KINDS[0])
    if kind not in KINDS:
        raise NamingError(f"{file}: mlws:workspace.kind: '{kind}' is not a kind; write one of {', '.join(KINDS)}")
    by_default = "system-assigned" if kind == "Project" else "user-assigned"
    return StackParts(
        is_shared=environment == SHARED,
        kind=str(kind),
        has_identity=(workspace.get("identity") or by_default) == "user-assigned",
        clusters=tuple(_section(config, "mlws:computeClusters", file)),
        instances=tuple(_section(config, "mlws:computeInstances", file)),
        accepted={role: str(name) for role, name in accepted.items()},
    )


def plan_of_parts(plan: "NamingPlan", parts: StackParts, convention: "Convention", file: str) -> "NamingPlan":
    """Return the plan of all that could be made as that of what is made, under the names that it has.

    Raises:
        NamingError: the convention has no abbreviation for the kind, or an accepted name cannot be.
    """
    from naming.accepted_names import with_accepted

    if parts.is_shared:
        return with_accepted(_of_shared(plan, convention), parts.accepted, file)
    used = (_called(entry, parts.kind, convention, plan.tokens) for entry in plan if _is_used(entry.role, parts))
    return with_accepted(replace(plan, entries=tuple(used)), parts.accepted, file)


def with_computes(plan: "NamingPlan", parts: StackParts, convention: "Convention") -> "NamingPlan":
    """Return the plan with the computes beside the default cluster, in the roles `compute_cluster.<key>` and so on.

    Raises:
        NamingError: a compute cannot be named, or would be called like another.
    """
    from naming.plan import PlannedName

    more = (
        PlannedName(f"{role}.{key}", _COMPUTE_TYPE, variant, compute_name(convention, plan.tokens, variant, key))
        for role, variant, keys in (
            ("compute_cluster", "AmlCompute", parts.clusters),
            ("compute_instance", "ComputeInstance", parts.instances),
        )
        for key in keys
    )
    return replace(plan, entries=(*plan.entries, *more))


def compute_name(convention: "Convention", tokens: "Tokens", variant: str, key: str) -> str:
    """Return the name of a compute beside the default cluster: its key in the stack's file is the instance.

    Raises:
        NamingError: the key can't stand in a name, or no name fits.
    """
    from naming.rulebook import rule_for

    return convention.name(rule_for(_COMPUTE_TYPE, variant), replace(tokens, instance=key))


def _of_shared(plan: "NamingPlan", convention: "Convention") -> "NamingPlan":
    """A registry of models in its group, and nothing else of what could be made."""
    from naming.plan import PlannedName
    from naming.rulebook import rule_for

    name = convention.name(rule_for(_REGISTRY_TYPE), plan.tokens)
    group = (entry for entry in plan if entry.role == "resource_group")
    return replace(plan, entries=(*group, PlannedName(MODEL_REGISTRY, _REGISTRY_TYPE, None, name)))


def _is_used(role: str, parts: StackParts) -> bool:
    if parts.kind == "Project":
        return role in _OF_PROJECTS
    if role == "managed_identity":
        return parts.has_identity
    return role != "compute_cluster" or parts.kind == "Default"


def _called(entry: "PlannedName", kind: str, convention: "Convention", tokens: "Tokens") -> "PlannedName":
    from naming.rulebook import rule_for

    if entry.role != "workspace" or kind == "Default":
        return entry
    return replace(entry, variant=kind, name=convention.name(rule_for(entry.type, kind), tokens))


def _section(config: Mapping[str, object], key: str, file: str) -> Mapping[str, object]:
    value = config.get(key)
    if isinstance(value, str) and value.lstrip().startswith("{"):
        try:
            value = json.loads(value)
        except json.JSONDecodeError:
            raise NamingError(f"{file}: {key} holds no valid JSON; write it as YAML in the file") from None
    if not value:
        return {}
    if not isinstance(value, dict):
        raise NamingError(f"{file}: {key} is no mapping; write keys and values below it")
    return {str(name): one for name, one in value.items()}
