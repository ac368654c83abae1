"""What is known of a stack before its first resource."""

from dataclasses import dataclass
from pathlib import Path

from infra.guards.deployer import Deployer
from infra.names import Namer, namer, operations_name
from infra.settings import Settings
from naming import NamingPlan


@dataclass(frozen=True)
class Stack:
    """The settings, the names, who deploys it, its file, and the folder of Pulumi.yaml with the convention."""

    settings: Settings
    names: NamingPlan
    deployer: Deployer
    file: str
    folder: Path

    @property
    def namer(self) -> Namer:
        """What names resources that are not in the plan."""
        return namer(self.names, self.folder)

    @property
    def action_group_name(self) -> str:
        """The name of the group of people that alerts go to."""
        return operations_name("Microsoft.Insights/actionGroups", self.names, self.folder)
