"""What every workspace has for those who run it: alerts, a budget, and a place for models that all stacks share."""

import pulumi

from infra.components.alerts import Alerts, AlertsArgs
from infra.components.budget import Budget, BudgetArgs
from infra.components.resource_group import ResourceGroup
from infra.components.shared_registry import SharedRegistry, SharedRegistryArgs
from infra.stacks.stack import Stack


def watch(stack: Stack, group: ResourceGroup, workspace_id: pulumi.Output[str]) -> None:
    """Alerts about the workspace, and a budget for its group."""
    settings, name = stack.settings, stack.names["workspace"]
    Alerts("alerts", AlertsArgs(stack.action_group_name, name, group.place, workspace_id, settings.alerts))
    Budget("budget", BudgetArgs(name, group.id, settings.alerts.emails, settings.budget))


def shared_registry(stack: Stack, registry_id: str | None, principal_id: pulumi.Output[str]) -> SharedRegistry:
    """The registry of models of stack `shared`, which the workspace may read where there is one."""
    return SharedRegistry(
        "shared-registry",
        SharedRegistryArgs(registry_id, principal_id, stack.deployer.subscription_id),
    )
