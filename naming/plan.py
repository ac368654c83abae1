"""The naming plan: every name that an environment will ever use, proven before the first resource is made."""

from collections.abc import Iterator
from dataclasses import dataclass

from naming.convention import Convention
from naming.errors import NamingError
from naming.rule import Rule
from naming.rulebook import rule_for
from naming.tokens import Tokens

# What a stack creates: role, resource type, variant.
ROLES: tuple[tuple[str, str, str | None], ...] = (
    ("resource_group", "Microsoft.Resources/resourceGroups", None),
    ("workspace", "Microsoft.MachineLearningServices/workspaces", None),
    ("storage_account", "Microsoft.Storage/storageAccounts", None),
    ("key_vault", "Microsoft.KeyVault/vaults", None),
    ("application_insights", "Microsoft.Insights/components", None),
    ("log_analytics", "Microsoft.OperationalInsights/workspaces", None),
    ("container_registry", "Microsoft.ContainerRegistry/registries", None),
    ("managed_identity", "Microsoft.ManagedIdentity/userAssignedIdentities", None),
    ("compute_cluster", "Microsoft.MachineLearningServices/workspaces/computes", "AmlCompute"),
)


@dataclass(frozen=True, slots=True)
class PlannedName:
    """The name of the resource that plays a role in an environment."""

    role: str
    type: str
    variant: str | None
    name: str

    @property
    def rule(self) -> Rule:
        """What Azure accepts as this name."""
        return rule_for(self.type, self.variant)


@dataclass(frozen=True)
class NamingPlan:
    """The names of one environment: `plan["key_vault"]` is a name, iterating gives every `PlannedName`.

    Raises:
        NamingError: on construction, when Azure would refuse a name or two are alike within their scope.
    """

    tokens: Tokens
    entries: tuple[PlannedName, ...]

    def __post_init__(self) -> None:
        taken: dict[tuple[str, str], PlannedName] = {}
        for entry in self.entries:
            for violation in entry.rule.violations(entry.name):
                raise NamingError(f"the naming plan is not valid: {violation.message}")
            # Azure tells names apart by type and without regard to case; a plan has one resource group, one
            # workspace and one region, so within a plan every scope is the same.
            key = (entry.type.lower(), entry.name.lower())
            if key in taken:
                roles = f"{taken[key].role} and {entry.role}"
                raise NamingError(f"the naming plan is not valid: {roles} would both be {entry.name!r}.")
            taken[key] = entry

    def __getitem__(self, role: str) -> str:
        for entry in self.entries:
            if entry.role == role:
                return entry.name
        raise KeyError(role)

    def __iter__(self) -> Iterator[PlannedName]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)


def naming_plan(
    convention: Convention,
    environment: str,
    region: str,
    workload: str | None = None,
    instance: str | None = None,
) -> NamingPlan:
    """Return the plan of one environment in one region.

    Args:
        convention: the convention of `naming.toml`.
        environment: one of the convention's environments, by its full name.
        region: an Azure region, as `westeurope` or as `West Europe`.
        workload: what the environment is for; the convention's own where None.
        instance: tells apart environments that are otherwise alike; the convention's own where None.

    Raises:
        NamingError: environment or region is unknown, a token can't stand in a name, or no name fits.
    """
    tokens = convention.tokens(environment, region, workload, instance)
    return NamingPlan(
        tokens,
        tuple(
            PlannedName(role, resource_type, variant, convention.name(rule_for(resource_type, variant), tokens))
            for role, resource_type, variant in ROLES
        ),
    )
