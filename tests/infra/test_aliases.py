"""No renaming in the program may replace what a stack has: what was released is still made, or has an alias."""

from pathlib import Path
from typing import Any

import pulumi
import pytest

from infra.guards import aliases
from tests.infra.configurations import configuration
from tests.infra.program import Run, created

RELEASED = Path(__file__).with_name("released_resources.txt")
"""Parent types, type and name of Azure's resources in a stack that has most of them. Lines are only added."""

EVERYTHING = configuration(
    alerts={"emails": ["a@example.org"]},
    lifecycleRules={"tmp": {"prefixes": ["training-data/tmp"], "deleteAfterDays": 3}},
)


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
    made = tails(created("prod", EVERYTHING))
    known = made | {old for tail in made for old in former(tail)}
    gone = sorted(set(RELEASED.read_text().split()) - known)
    assert not gone, "a stack would replace these: add what they are called now to infra/guards/renamed.toml"


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
