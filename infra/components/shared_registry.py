"""The registry that another stack made, and the right of this stack's workspace to use it."""

from dataclasses import dataclass

import pulumi

from infra.components.role_assignment import Grant, assign
from infra.settings.model_registry import SharedRegistrySettings

ID_OUTPUT = "model_registry_id"
"""The output of stack `shared` that says which registry it made."""


@dataclass(frozen=True)
class SharedRegistryArgs:
    """Which registry, and who may use it."""

    settings: SharedRegistrySettings
    principal_id: pulumi.Output[str]
    subscription_id: str


class SharedRegistry(pulumi.ComponentResource):
    """The use of a registry; `name` is None where the stack uses none."""

    def __init__(self, name: str, args: SharedRegistryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlws:infra:SharedRegistry", name, None, opts)
        self.name: pulumi.Output[str] | None = None
        registry_id = self._id(name, args.settings)
        if registry_id is not None:
            self.name = registry_id.apply(lambda found: found.rpartition("/")[2])
            assign(
                f"{name}-user",
                Grant("AzureML Registry User", registry_id, "Takes models from the registry and publishes to it."),
                args.principal_id,
                args.subscription_id,
                parent=self,
            )
        self.register_outputs({})

    def _id(self, name: str, settings: SharedRegistrySettings) -> pulumi.Output[str] | None:
        if settings.id is not None:
            return pulumi.Output.from_input(settings.id)
        if settings.stack is None:
            return None
        stack = pulumi.StackReference(
            f"{name}-stack", stack_name=settings.stack, opts=pulumi.ResourceOptions(parent=self)
        )
        return stack.require_output(ID_OUTPUT).apply(str)
