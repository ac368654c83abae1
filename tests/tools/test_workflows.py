"""What CI files name must exist: targets, commands and files."""

import re
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

import mlws

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TARGET = re.compile(r"^([a-z]+):.*## ", re.MULTILINE)
MAKE = re.compile(r"\bmake ([a-z]+)")
MLWS = re.compile(r"\bmlws ((?:[a-z-]+ ?)+)")


def targets() -> set[str]:
    return set(TARGET.findall((ROOT / "Makefile").read_text()))


def load(workflow: Path) -> dict[Any, Any]:
    loaded = yaml.safe_load(workflow.read_text())
    assert isinstance(loaded, dict)
    return loaded


def steps(workflow: Path) -> list[dict[str, Any]]:
    return [step for job in load(workflow)["jobs"].values() for step in job.get("steps", [])]


def commands(workflow: Path) -> str:
    return "\n".join(step.get("run", "") for step in steps(workflow))


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda file: file.name)
def test_a_workflow_asks_for_no_permission_it_was_not_given_by_name(workflow: Path) -> None:
    loaded = load(workflow)
    assert loaded["permissions"]["contents"] == "read"
    for job in loaded["jobs"].values():
        given = job.get("permissions", {})
        assert given.get("contents", "read") == "read"
        assert {name for name, level in given.items() if level == "write"} <= {"id-token", "pull-requests"}


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda file: file.name)
def test_actions_are_pinned_to_a_major_version(workflow: Path) -> None:
    used = [step["uses"] for step in steps(workflow) if "uses" in step]
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@v\d+", action) for action in used), used


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda file: file.name)
def test_each_job_has_a_time_limit(workflow: Path) -> None:
    assert all("timeout-minutes" in job for job in load(workflow)["jobs"].values() if "uses" not in job)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda file: file.name)
def test_expressions_never_reach_a_shell_from_a_pull_request(workflow: Path) -> None:
    expressions = re.findall(r"\$\{\{\s*(.*?)\s*\}\}", commands(workflow))
    assert set(expressions) <= {"matrix.stack"}


@pytest.mark.parametrize(
    "file", [*WORKFLOWS, ROOT / ".ci" / "run", ROOT / ".pre-commit-config.yaml"], ids=lambda file: file.name
)
def test_each_make_target_that_is_named_exists(file: Path) -> None:
    assert set(MAKE.findall(file.read_text())) <= targets()


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda file: file.name)
def test_each_mlws_command_that_is_run_exists(workflow: Path) -> None:
    for named in MLWS.findall(commands(workflow)):
        command: click.Command = mlws.cli
        for word in named.split():
            if not isinstance(command, click.Group):
                break
            found = command.get_command(click.Context(command), word)
            if found is None and "plan" in command.commands:
                found = command.commands["plan"]
            assert found is not None, f"mlws {named}"
            command = found


def test_each_environment_is_deployed_after_the_one_before_it() -> None:
    jobs = load(ROOT / ".github" / "workflows" / "deploy.yml")["jobs"]
    assert [job["with"]["stack"] for job in jobs.values()] == ["dev", "qa", "prod"]
    assert (jobs["qa"]["needs"], jobs["prod"]["needs"]) == ("dev", "qa")
    stack = load(ROOT / ".github" / "workflows" / "deploy-stack.yml")["jobs"]["up"]
    assert stack["environment"] == "${{ inputs.stack }}"


def test_reused_workflows_exist() -> None:
    for workflow in WORKFLOWS:
        for job in load(workflow)["jobs"].values():
            if "uses" in job:
                assert (ROOT / job["uses"]).is_file()


def test_ci_runs_what_the_readme_gives_a_contributor() -> None:
    lines = [line.strip() for line in (ROOT / ".ci" / "run").read_text().splitlines()]
    assert [line for line in lines if line.startswith("make ")] == ["make check", "make test"]


def test_every_target_is_phony_and_explained() -> None:
    text = (ROOT / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)
    assert phony is not None
    assert set(phony.group(1).split()) == targets() == set(re.findall(r"^([a-z]+):", text, re.MULTILINE))
