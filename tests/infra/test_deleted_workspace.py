"""A soft-deleted workspace in the way is told with what to do; any other refusal is left to Azure's own words."""

import pulumi
import pytest

from infra.guards.deleted_workspace import in_the_way
from tests.infra.configurations import configuration
from tests.infra.program import created


@pytest.mark.parametrize(
    ("refusal", "is_told"),
    [
        ("Code=BadRequest Message=Soft-deleted workspace exists. Please purge or recover it.", True),
        ("Code=ValidationError Message=The keyVault was not found.", False),
    ],
)
def test_only_the_refusal_of_a_deleted_workspace_is_told(
    refusal: str, is_told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = created("dev", configuration())
    workspace = run.one("machinelearningservices:Workspace")
    told: list[str] = []
    monkeypatch.setattr(pulumi.log, "error", told.append)
    args = pulumi.ErrorHookArgs(
        urn=workspace.urn, id="", name=workspace.name, type=workspace.type, new_inputs=workspace.inputs,
        failed_operation="create", errors=[refusal],
    )  # fmt: skip

    assert run.error_hooks["tell-of-deleted-workspace"](args) is False, "asking again changes nothing"
    assert told == ([in_the_way("rg-churn-dev-euw", "mlw-churn-dev-euw")] if is_told else [])


def test_the_sentence_names_both_ways_out() -> None:
    said = in_the_way("rg", "mlw")

    assert "recover it in the portal" in said
    assert "forceToPurge=true" in said
    assert "\n" not in said
