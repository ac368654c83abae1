"""The registry that another stack made, and the right of this stack's workspace to use it."""

from dataclasses import dataclass

import pulumi

from infra.components.role_assignment import Grant, assign


@dataclass(frozen=True)
class SharedRegistryArgs:
    """The id of the registry, None where the stack uses none, and who may use it."""

    registry_id: str | None
    principal_id: pulumi.Output[str]
    subscription_id: str


class SharedRegistry(pulumi.ComponentResource):
    """The use of a registry; `name` is None where the stack uses none."""

    def __init__(self, name: str, args: SharedRegistryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlws:infra:SharedRegistry", name, None, opts)
        self.name: pulumi.Output[str] | None = None
        if args.registry_id is not None:
            registry_id = pulumi.Output.from_input(args.registry_id)
            self.name = registry_id.apply(lambda found: found.rpartition("/")[2])
            assign(
                f"{name}-user",
                Grant("AzureML Registry User", registry_id, "Takes models from the registry and publishes to it."),
                args.principal_id,
                args.subscription_id,
                parent=self,
            )
        self.register_outputs({})
