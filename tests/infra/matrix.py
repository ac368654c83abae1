"""Every combination of what most decides a stack's resources, and those of them that are run.

A combination states what it needs besides, as a user would: a registry that can refuse addresses for a closed network,
a vault by roles for Azure's own identity, copies that the region has a place for.
"""

import itertools
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from functools import cache
from typing import Any

from tests.infra.configurations import WITH_A_NETWORK, configuration
from tests.infra.program import HUB_ID, SUBSCRIPTION

KINDS = ("Default", "Hub", "Project", "FeatureStore")
NETWORKS = ("public", "allow-listed", "private")
IDENTITIES = ("user-assigned", "system-assigned")
KEYS = ("microsoft", "own-vault", "given")
DATASTORES = ("key", "identity")
PROFILES = ("local", "dev", "qa", "prod")
# With zones and a pair, with zones only, with a pair only.
REGIONS = ("westeurope", "italynorth", "westus")

COSMOS_DB = "9e9d9c9b-1111-4222-8333-444455556666"
KEY_VAULT_ID = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/keys/providers/Microsoft.KeyVault/vaults/kv-keys"
OFFLINE_STORE = (
    f"/subscriptions/{SUBSCRIPTION}/resourceGroups/data/providers/Microsoft.Storage/storageAccounts/lake"
    "/blobServices/default/containers/offline"
)
_GIVEN = {"keyId": f"https://kv-keys.vault.azure.net/keys/ml/{'a' * 32}", "keyVaultId": KEY_VAULT_ID}


@dataclass(frozen=True)
class Combination:
    """One value of each dimension."""

    kind: str
    network: str
    identity: str
    key: str
    datastores: str
    profile: str
    region: str

    def __str__(self) -> str:
        return ", ".join(astuple(self))

    @property
    def refused(self) -> str | None:
        """The key that the refusal names; None for a combination that Azure can have."""
        if self.kind == "Project":
            return self._refused_for_a_project
        if self.kind == "FeatureStore" and self.identity == "system-assigned":
            return "mlws:workspace"
        return None

    @property
    def _refused_for_a_project(self) -> str | None:
        own = {
            "mlws:storage": self.datastores == "identity",
            "mlws:encryption": self.key != "microsoft",
            "mlws:network": self.network != "public",
            "mlws:workspace": self.identity == "user-assigned",
        }
        return next((key for key, is_stated in own.items() if is_stated), None)

    @property
    def config(self) -> dict[str, Any]:
        """The stack's configuration; what is as the profile has it is not stated."""
        stated = dict(self._sections())
        return configuration(**stated) | {"azure-native:location": self.region}

    def _sections(self) -> Iterator[tuple[str, dict[str, Any]]]:
        project = self.kind == "Project"
        yield "workspace", {"kind": self.kind, "identity": self.identity, **({"hubId": HUB_ID} if project else {})}
        storage = {"redundancy": self._redundancy} if self._redundancy and not project else {}
        if self.datastores == "identity":
            storage["access"] = "identity"
        if storage:
            yield "storage", storage
        if self.key != "microsoft":
            of_key = {"own-vault": {"cosmosDbObjectId": COSMOS_DB}, "given": _GIVEN}[self.key]
            yield "encryption", {"key": self.key, **of_key}
        if self.network != "public":
            listed = {"allowedAddresses": ["203.0.113.7"]} if self.network == "allow-listed" else {}
            yield "network", {"access": self.network, **listed}
        if self.identity == "system-assigned" and not project:
            yield "keyVault", {"access": "roles"}
        if self.kind == "FeatureStore":
            yield "featureStore", {"offlineStore": OFFLINE_STORE}
        if not project:
            yield from self._for_the_network_and_the_region()

    def _for_the_network_and_the_region(self) -> Iterator[tuple[str, dict[str, Any]]]:
        registry: dict[str, Any] = {}
        if self.network != "public":
            registry |= WITH_A_NETWORK["containerRegistry"]
            yield "managedNetwork", WITH_A_NETWORK["managedNetwork"]
        if self.region == "westus" and self.profile == "prod":
            registry["zoneRedundant"] = False
        if registry:
            yield "containerRegistry", registry

    @property
    def _redundancy(self) -> str | None:
        """What to state where the region has no place for the profile's copies."""
        return {
            ("qa", "westus"): "LRS",
            ("prod", "westus"): "GRS",
            ("prod", "italynorth"): "ZRS",
        }.get((self.profile, self.region))


@cache
def combinations() -> tuple[Combination, ...]:
    """All of them, those included that settings refuse."""
    axes = (KINDS, NETWORKS, IDENTITIES, KEYS, DATASTORES, PROFILES, REGIONS)
    return tuple(Combination(*values) for values in itertools.product(*axes))


@cache
def sample() -> tuple[Combination, ...]:
    """As few as are found that have every three values in one of them that any possible combination has."""
    possible = {one: _triples(one) for one in combinations() if one.refused is None}
    left = set().union(*possible.values())
    chosen = []
    while left:
        best = max(possible, key=lambda one: len(possible[one] & left))
        chosen.append(best)
        left -= possible[best]
    return tuple(chosen)


def _triples(one: Combination) -> frozenset[tuple[tuple[int, str], ...]]:
    return frozenset(itertools.combinations(enumerate(astuple(one)), 3))
