"""Tags and their allowed values: what the linter would find on every resource is told of the stack's file."""

from pathlib import Path

import pytest

from infra.check import check_stack
from infra.errors import InfraError, SettingsError
from tests.infra.program import ROOT

STACK = """\
config:
  azure-native:location: westeurope
  mlws:tags:
    owner: ml-platform
    costCentre: "4711"
    extra: {Team: churn}
"""


def project(folder: Path, required: str, stack: str = STACK) -> Path:
    (folder / "naming.toml").write_text((ROOT / "naming.toml").read_text() + f"\n[lint.required-tags]\n{required}\n")
    (folder / "Pulumi.dev.yaml").write_text(stack)
    return folder


def test_values_that_are_allowed_and_any_value_of_a_required_tag_pass(tmp_path: Path) -> None:
    required = 'owner = []\nteam = ["churn", "fraud"]\nenvironment = ["dev", "qa"]\ncost-centre = ["4711"]'

    assert check_stack(project(tmp_path, required), "dev").stack == "dev"


@pytest.mark.parametrize(
    ("required", "said"),
    [
        (
            'owner = ["ml-platforms", "data"]',
            "'ml-platform' is not among the values that [lint] of naming.toml allows; write ml-platforms or data (did",
        ),
        ('team = ["fraud"]', "mlws:tags.extra.team: 'churn' is not among the values"),
        ('cost-centre = ["1"]', "mlws:tags.costCentre: '4711' is not among the values"),
        ('environment = ["prod"]', "mlws:environment: 'dev' is not among the values"),
        (
            'project = ["x", "y"]',
            "mlws:tags.extra.project is missing, and [lint] of naming.toml requires it; write x or y",
        ),
        ("project = []", "mlws:tags.extra.project is missing, and [lint] of naming.toml requires it; write a value"),
    ],
)
def test_a_tag_that_the_project_does_not_allow_is_a_sentence_with_the_key(
    tmp_path: Path, required: str, said: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        check_stack(project(tmp_path, required), "dev")

    assert str(caught.value).startswith("Pulumi.dev.yaml: ")
    assert said in str(caught.value)


def test_a_mistake_in_the_table_itself_is_a_sentence_too(tmp_path: Path) -> None:
    with pytest.raises(InfraError, match=r"naming\.toml: lint\.required-tags\.owner is 'me': write a list of texts"):
        check_stack(project(tmp_path, 'owner = "me"'), "dev")
