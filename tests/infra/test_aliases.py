"""No renaming in the program may replace what a stack has: what was released is still made, or has an alias."""

import re
from functools import cache
from pathlib import Path
from typing import Any, get_args
from uuid import NAMESPACE_DNS, uuid5

import pulumi
import pytest

from infra.guards import aliases
from infra.settings.key_vault import Role
from tests.infra.configurations import configuration
from tests.infra.matrix import COSMOS_DB, OFFLINE_STORE
from tests.infra.program import ROOT, SUBSCRIPTION, Encrypted, Run, created

RELEASED = Path(__file__).with_name("released_resources.txt")
"""Parent types, type and name of Azure's resources in the stacks below. Lines are only added."""

OBJECT = "11111111-2222-4333-8444-555555555555"
OTHERS = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/data/providers"
LAKE = f"{OTHERS}/Microsoft.Storage/storageAccounts/lake"
VAULT = f"{OTHERS}/Microsoft.KeyVault/vaults/kv-keys"
OPERATED: dict[str, Any] = {
    "alerts": {"emails": ["a@example.org"]},
    "workspaceRoles": {"Looker": {"description": "Looks.", "actions": ["Microsoft.Storage/*/read"]}},
    "access": {"one": {"objectId": OBJECT, "type": "group", "role": "Looker"}},
    "sharedRegistry": {"stack": "shared"},
}
FULL: dict[str, Any] = {
    **OPERATED,
    "principals": {role: {"objectId": str(uuid5(NAMESPACE_DNS, role)), "role": role} for role in get_args(Role)},
    "secrets": {"token": "x"},
    "storage": {"containers": ["raw"]},
    "lifecycleRules": {"tmp": {"prefixes": ["training-data/tmp"], "deleteAfterDays": 3}},
    "dataStorage": {"containers": ["features"], "hierarchicalNamespace": True},
    "dataLifecycleRules": {"tmp": {"prefixes": ["features/tmp"], "deleteAfterDays": 3}},
}
WITH_COMPUTES = {"computeClusters": {"gpu": {"maxNodes": 2}}, "computeInstances": {"jane": {"owner": OBJECT}}}
CLOSED: dict[str, Any] = {
    "network": {"access": "private"},
    "managedNetwork": {"isolation": "AllowOnlyApprovedOutbound"},
    "outboundRules": {
        "pypi": {"type": "FQDN", "host": "contoso.com"},
        "lake": {"type": "PrivateEndpoint", "resourceId": LAKE, "subresource": "dfs"},
    },
}
BY_ROLES = {"keyVault": {"access": "roles"}}
STACKS: dict[str, tuple[str, dict[str, Any]]] = {
    "open": ("prod", {**FULL, **WITH_COMPUTES, "encryption": {"key": "own-vault", "cosmosDbObjectId": COSMOS_DB}}),
    "closed": ("prod", {**FULL, **WITH_COMPUTES, **CLOSED, **BY_ROLES}),
    "hub": ("prod", {**FULL, **BY_ROLES, "workspace": {"kind": "Hub", "identity": "system-assigned"}}),
    "project": ("prod", {**OPERATED, "workspace": {"kind": "Project", "hubStack": "hub"}}),
    "features": (
        "prod",
        {
            **FULL,
            "workspace": {"kind": "FeatureStore"},
            "featureStore": {
                "offlineStore": OFFLINE_STORE,
                "onlineStore": f"{OTHERS}/Microsoft.Cache/redis/fast",
            },
            "encryption": {
                "key": "given",
                "keyId": f"https://kv-keys.vault.azure.net/keys/ml/{'a' * 32}",
                "keyVaultId": VAULT,
            },
        },
    ),
    "shared": ("shared", {"environment": "shared", "alerts": OPERATED["alerts"]}),
}


@cache
def runs() -> list[Run]:
    return [created(stack, as_configured(ours)) for stack, ours in STACKS.values()]


def made() -> set[str]:
    """What all of the stacks are made of."""
    return {tail for run in runs() for tail in tails(run)}


def as_configured(ours: dict[str, Any]) -> dict[str, Any]:
    config = configuration(**ours)
    return config | {"mlws:secrets": Encrypted(config["mlws:secrets"])} if "mlws:secrets" in config else config


def tails(run: Run) -> set[str]:
    return {one.urn.split("::", 2)[2] for one in run.resources if one.type.startswith("azure-native:")}


def former(tail: str) -> set[str]:
    """A tail as it may have been before: each renamed type or name in it, one at a time."""
    found = set()
    for one in aliases.renamings():
        was_type = tail.replace(one["type"], one.get("was_type", one["type"]))
        found.add(was_type)
        name = tail.rpartition("::")[2]
        if one.get("name") == name:
            found.add(f"{was_type.rpartition('::')[0]}::{one.get('was_name', name)}")
    return found


def test_whatever_was_released_is_still_made_or_has_an_alias() -> None:
    known = made() | {old for tail in made() for old in former(tail)}
    gone = sorted(set(RELEASED.read_text().split()) - known)
    assert not gone, "a stack would replace these: add what they are called now to infra/guards/renamed.toml"


def test_the_list_of_what_was_released_has_all_that_the_program_makes() -> None:
    released = RELEASED.read_text().split()

    assert released == sorted(set(released))
    assert sorted(made() - set(released)) == [], "add these lines: from the next release on no renaming may lose them"


def test_the_stacks_of_the_list_have_every_component_of_the_program() -> None:
    written = {
        component
        for file in (ROOT / "infra").rglob("*.py")
        for component in re.findall(r'"(mlws:infra:\w+)"', file.read_text())
    }
    had = {one.type for run in runs() for one in run.resources}

    assert len(written) > 20
    assert sorted(written - had) == []


def test_a_renamed_resource_and_component_are_known_under_their_former_names(monkeypatch: pytest.MonkeyPatch) -> None:
    table: tuple[dict[str, str], ...] = (
        {"type": "mlws:infra:Account", "was_type": "mlws:infra:Storage"},
        {"type": "azure-native:storage:StorageAccount", "name": "account", "was_name": "storage"},
    )
    monkeypatch.setattr(aliases, "renamings", lambda: table)

    def names(type_: str, name: str) -> list[tuple[Any, Any]]:
        return [(one.name, one.type_) for one in aliases.former_names(type_, name)]

    assert names("mlws:infra:Account", "storage") == [("storage", "mlws:infra:Storage")]
    assert names("azure-native:storage:StorageAccount", "account") == [
        ("storage", "azure-native:storage:StorageAccount")
    ]
    assert names("azure-native:storage:StorageAccount", "another") == []
    assert former("mlws:infra:Account$azure-native:storage:StorageAccount::account") >= {
        "mlws:infra:Storage$azure-native:storage:StorageAccount::account",
        "mlws:infra:Account$azure-native:storage:StorageAccount::storage",
    }


def test_a_transformation_gives_the_alias_to_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        aliases, "renamings", lambda: ({"type": "mlws:infra:Account", "was_type": "mlws:infra:Storage"},)
    )
    args = pulumi.ResourceTransformationArgs(
        resource=None,  # type: ignore[arg-type] # of no account
        type_="mlws:infra:Account",
        name="storage",
        props={},
        opts=pulumi.ResourceOptions(protect=True),
    )

    result = aliases._aliased(args)

    assert result is not None
    assert result.opts.protect
    (alias,) = result.opts.aliases or []
    assert isinstance(alias, pulumi.Alias)
    assert alias.type_ == "mlws:infra:Storage"
