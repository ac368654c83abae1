"""The resource group that holds everything of a stack."""

from dataclasses import dataclass

import pulumi
import pulumi_azure_native as azure_native


@dataclass(frozen=True)
class Place:
    """Where a resource goes: its resource group, and the region."""

    resource_group: pulumi.Input[str]
    region: str


@dataclass(frozen=True)
class ResourceGroupArgs:
    """The group's name, and the region of its metadata, which is also that of its resources."""

    name: str
    region: str


class ResourceGroup(pulumi.ComponentResource):
    """A resource group; `place` is where the other components go."""

    def __init__(self, name: str, args: ResourceGroupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlws:infra:ResourceGroup", name, None, opts)
        self.group = azure_native.resources.ResourceGroup(
            name,
            resource_group_name=args.name,
            location=args.region,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.id = self.group.id
        self.name = self.group.name
        self.place = Place(self.group.name, args.region)
        self.register_outputs({"name": self.name})
