"""A soft-deleted workspace in the way is purged where the settings say so, and told with what to do where not."""

from typing import Any

import pulumi
import pytest

from infra.guards import deleted_workspace
from infra.guards.deleted_workspace import in_the_way
from tests.infra.configurations import configuration
from tests.infra.conftest import FakeAzure
from tests.infra.program import created

KEPT = "Code=BadRequest Message=Soft-deleted workspace exists. Please purge or recover it."
OTHER = "Code=ValidationError Message=The keyVault was not found."
NAMES = ("rg-churn-{0}-euw", "mlw-churn-{0}-euw")


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Errors that were told; who asks is of no account, for the hook is called when no program runs any more."""
    told: list[str] = []
    monkeypatch.setattr(pulumi.log, "error", told.append)
    monkeypatch.setattr(deleted_workspace, "authorization", dict)
    return told


def tries_again(stack: str, *refusals: str, **sections: Any) -> bool:
    """What the workspace's hook answers to the refusals so far, the newest first."""
    run = created(stack, configuration(**sections))
    workspace = run.one("machinelearningservices:Workspace")
    hook = run.error_hooks["tell-of-deleted-workspace"]
    answer = hook(
        pulumi.ErrorHookArgs(
            urn=workspace.urn,
            id="",
            name=workspace.name,
            type=workspace.type,
            new_inputs=workspace.inputs,
            failed_operation="create",
            errors=list(refusals),
        )
    )
    assert isinstance(answer, bool)
    return answer


@pytest.mark.parametrize(
    ("stack", "sections"),
    [
        ("dev", {}),
        ("qa", {}),
        ("prod", {"workspace": {"purgeDeleted": True}}),
        ("prod", {"protection": {"locks": False, "allowReplacing": ["workspace"]}}),
    ],
)
def test_it_is_purged_where_that_is_agreed(
    stack: str, sections: dict[str, Any], azure: FakeAzure, told: list[str]
) -> None:
    assert tries_again(stack, KEPT, **sections)

    group, name = (one.format(stack) for one in NAMES)
    assert [url.partition("/resourceGroups/")[2] for url in azure.purges] == [
        f"{group}/providers/Microsoft.MachineLearningServices/workspaces/{name}"
    ]
    assert told == []


@pytest.mark.parametrize(
    ("stack", "sections"), [("prod", {}), ("dev", {"workspace": {"purgeDeleted": False}})], ids=["prod", "said"]
)
def test_it_is_told_where_it_is_kept(stack: str, sections: dict[str, Any], azure: FakeAzure, told: list[str]) -> None:
    assert not tries_again(stack, KEPT, **sections)

    assert azure.purges == []
    assert told == [in_the_way(*(one.format(stack) for one in NAMES))]


def test_it_is_purged_once(azure: FakeAzure, told: list[str]) -> None:
    assert not tries_again("dev", KEPT, KEPT)

    assert (len(azure.purges), len(told)) == (0, 1)


def test_a_purge_that_azure_refuses_is_told(azure: FakeAzure, told: list[str]) -> None:
    azure.status = 403

    assert not tries_again("dev", KEPT)

    assert len(told) == 1


def test_any_other_refusal_is_left_to_azures_own_words(azure: FakeAzure, told: list[str]) -> None:
    assert not tries_again("dev", OTHER)

    assert (azure.purges, told) == ([], [])


def test_a_project_has_the_hook_too(azure: FakeAzure, told: list[str]) -> None:
    hub = "/subscriptions/x/resourceGroups/rg-hub/providers/Microsoft.MachineLearningServices/workspaces/mlw-hub"

    assert tries_again("dev", KEPT, workspace={"kind": "Project", "hubId": hub})


def test_the_sentence_names_the_ways_out() -> None:
    said = in_the_way("rg", "mlw")

    assert "recover it in the portal" in said
    assert "purgeDeleted: true" in said
    assert "forceToPurge=true" in said
    assert "\n" not in said
