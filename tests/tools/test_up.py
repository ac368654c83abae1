from pathlib import Path

import pytest

from tests.tools.fakes import executable
from tools.down.__main__ import remove
from tools.lock import in_order
from tools.setup.project import Project
from tools.up import journey, stack
from tools.up.commands import Shell
from tools.up.errors import StepError
from tools.up.summary import Summary


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"create": 13}, "13 created, 0 unchanged"),
        ({"same": 13}, "0 changed, 13 unchanged"),
        ({"same": 11, "update": 2, "delete": 0}, "2 updated, 11 unchanged"),
        ({}, "0 changed, 0 unchanged"),
    ],
)
def test_changes_are_told_in_words(changes: dict[str, int], sentence: str) -> None:
    assert stack.sentence(changes) == sentence


class Answers(Shell):
    """A shell whose every question has one answer."""

    def ask(self, *_command: str) -> object:
        return {
            "deployment": {
                "resources": [
                    {"urn": "u::stack", "type": "pulumi:pulumi:Stack"},
                    {
                        "urn": "u::group",
                        "type": "azure-native:resources:ResourceGroup",
                        "outputs": {"name": "rg-a", "properties": {"provisioningState": "Succeeded"}},
                    },
                    {
                        "urn": "u::role",
                        "type": "azure-native:authorization:RoleAssignment",
                        "outputs": {"name": "9710d88e-a264-59be-88c4-a74e9618c954"},
                    },
                ]
            }
        }


def test_azure_resources_are_listed_with_name_type_and_state() -> None:
    assert stack.resources(stack.state(Answers(Project(Path())))) == [
        stack.Resource("rg-a", "resources:ResourceGroup", "Succeeded"),
        stack.Resource("role", "authorization:RoleAssignment", "Created"),
    ]


def test_the_summary_names_everything_a_user_needs() -> None:
    summary = Summary(
        [stack.Resource("rg-a", "resources:ResourceGroup", "Succeeded")],
        "1 created",
        Path("/somewhere/config.json"),
        "http://127.0.0.1:8442",
        "calm_job",
        {"rmse": 53.123456},
        "5.00 USD a month",
    )
    screen = "\n".join(summary.lines())
    for expected in (
        "rg-a",
        "Succeeded",
        "/somewhere/config.json",
        "8442",
        "calm_job",
        "53.12",
        "5.00 USD",
        "pulumi preview",
    ):
        assert expected in screen


def test_the_cost_is_the_sum_and_what_a_node_costs_and_says_when_something_is_unknown() -> None:
    estimate = {"complete": True, "monthly": "5.00", "currency": "USD", "compute": []}
    node = {"resource": "cluster", "node_hour": "0.24"}

    assert stack.priced(estimate) == "5.00 USD a month on Azure before any use"
    assert stack.priced({**estimate, "complete": False, "compute": [node]}) == (
        "at least 5.00 USD a month on Azure before any use, cluster 0.24 an hour and node"
    )


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(Project(tmp_path))


def test_a_command_is_echoed_as_the_user_would_type_it(shell: Shell, capfd: pytest.CaptureFixture[str]) -> None:
    executable(shell.project.scripts, "mlws", "hello")
    shell.show("mlws", "jobs", "show", "a job")
    assert capfd.readouterr().out == "\n$ mlws jobs show 'a job'\nhello\n"


def test_a_failed_command_stops_the_journey_with_a_sentence(shell: Shell) -> None:
    executable(shell.project.scripts, "mlws", status=2)
    with pytest.raises(StepError, match="`mlws local start` failed"):
        shell.show("mlws", "local", "start")


def test_an_answer_that_is_no_json_is_a_sentence(shell: Shell) -> None:
    executable(shell.project.scripts, "mlws", "hello")
    with pytest.raises(StepError, match="did not print JSON"):
        shell.ask("mlws", "local", "status", "--json")


def test_cleaning_removes_traces_and_nothing_else(tmp_path: Path) -> None:
    for name in (".venv", ".tools", ".mlws", "naming/__pycache__", "naming/mine"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "config.json").touch()
    (tmp_path / "README.md").touch()
    remove(tmp_path)
    left = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")}
    assert left == {"naming", "naming/mine", "README.md"}


def test_what_another_file_constrains_is_compiled_last(tmp_path: Path) -> None:
    for name, text in {"a.in": "# why\n-c b.txt\nuv\n", "b.in": "uv\n"}.items():
        (tmp_path / name).write_text(text)
    assert [one.name for one in in_order(tmp_path.glob("*.in"))] == ["b.in", "a.in"]


def test_the_newest_completed_job_is_the_one_of_the_summary(shell: Shell) -> None:
    executable(
        shell.project.scripts,
        "mlws",
        """[
        {"name": "old", "experiment": "digits-automl", "status": "Completed", "created": "2026-01-01T00:00:00Z"},
        {"name": "new", "experiment": "digits-automl", "status": "Completed", "created": "2026-01-02T00:00:00Z"},
        {"name": "bad", "experiment": "digits-automl", "status": "Failed", "created": "2026-01-03T00:00:00Z"},
        {"name": "other", "experiment": "mine", "status": "Completed", "created": "2026-01-04T00:00:00Z"}]""",
    )
    assert journey.completed(shell, journey.AUTOML_JOB) == ["new", "old"]
