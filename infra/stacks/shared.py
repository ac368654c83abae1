"""Stack `shared`: what the workspaces of all environments share, in a resource group of its own."""

import pulumi

from infra.components.budget import Budget, BudgetArgs
from infra.components.model_registry import ModelRegistry, ModelRegistryArgs
from infra.components.resource_group import ResourceGroup, ResourceGroupArgs
from infra.other_stacks import REGISTRY_ID
from infra.settings.model_registry import MODEL_REGISTRY
from infra.stacks.stack import Stack


def create_shared(stack: Stack) -> None:
    """Create the stack's resources, and export what the other stacks need of them."""
    settings, names = stack.settings, stack.names
    group = ResourceGroup("resource-group", ResourceGroupArgs(names["resource_group"], names.tokens.region))
    registry = ModelRegistry(
        "model-registry", ModelRegistryArgs(names[MODEL_REGISTRY], group.place, settings.model_registry)
    )
    Budget(
        "budget",
        BudgetArgs(
            name=names[MODEL_REGISTRY],
            resource_group_id=group.id,
            emails=settings.alerts.emails,
            settings=settings.budget,
        ),
    )
    pulumi.export("resource_group", group.name)
    pulumi.export("model_registry_name", registry.name)
    pulumi.export(REGISTRY_ID, registry.id)
    pulumi.export("resources", [{"name": planned.name, "type": planned.type} for planned in names])
