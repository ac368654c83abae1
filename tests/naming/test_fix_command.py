from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from naming import NamingError
from naming.lint.command import lint

TABLE = "type,name\nrg,rg-dev-churn-euw\nrg,rg-churn-qa-euw\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "naming.toml").write_text("")
    (tmp_path / "names.csv").write_text(TABLE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(lint, arguments)


def test_a_dry_run_says_what_would_be_written_and_writes_nothing(project: Path) -> None:
    result = run("names.csv", "--convention", "naming.toml", "--fix", "--dry-run")
    assert result.exit_code == 1
    assert "names.csv:2: resource group rg-dev-churn-euw -> rg-churn-dev-euw (replaced: " in result.stderr
    assert "names.csv:2: NAM204" in result.stdout
    assert (project / "names.csv").read_text() == TABLE


def test_what_is_written_is_clean_afterwards(project: Path) -> None:
    result = run("names.csv", "--convention", "naming.toml", "--fix")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.endswith("names.csv is written.\n")
    assert (project / "names.csv").read_text() == TABLE.replace("rg-dev-churn-euw", "rg-churn-dev-euw")
    assert run("names.csv", "--convention", "naming.toml").exit_code == 0


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("Pulumi.dev.yaml", "config:\n  app:resourceGroupName: rg-prod-churn-euw\n", "rg-churn-dev-euw"),
        ("estate.csv", "type,name,environment\nrg,rg-prod-churn-euw,dev\n", "rg-churn-dev-euw"),
        ("estate.csv", "type,name,environment\nrg,rg-churn-prod-euw,dev\n", "rg-churn-dev-euw"),
    ],
)
def test_the_environment_of_the_source_wins_over_that_of_the_name(
    project: Path, file: str, before: str, after: str
) -> None:
    (project / file).write_text(before)
    result = run(file, "--convention", "naming.toml", "--fix")
    assert result.exit_code == 0, result.output
    assert after in (project / file).read_text()
    assert run(file, "--convention", "naming.toml").exit_code == 0


def test_what_was_written_is_judged_again(project: Path) -> None:
    names = "type,name,environment\nrg,rg-churn-dev-euw,dev\nrg,rg-dev-churn-euw,dev\n"
    (project / "two.csv").write_text(names)
    result = run("two.csv", "--convention", "naming.toml", "--fix")
    assert result.exit_code == 1
    assert run("two.csv", "--convention", "naming.toml").stdout == result.stdout
    assert "NAM301" in result.stdout


def test_what_cannot_be_written_stays_a_finding(project: Path) -> None:
    (project / "names.csv").write_text("type,name\nrg,rg-churn\n")
    result = run("names.csv", "--convention", "naming.toml", "--fix")
    assert result.exit_code == 1
    assert "left alone: names.csv:2: resource group rg-churn: " in result.stderr
    assert "names.csv:2: NAM205" in result.stdout


def test_the_settings_of_a_stack_are_a_source_and_can_be_written(project: Path) -> None:
    settings = project / "Pulumi.dev.yaml"
    settings.write_text("config:\n  azure-native:location: westeurope\n  app:resourceGroupName: rg-churn  # ours\n")
    result = run("Pulumi.dev.yaml", "--convention", "naming.toml", "--fix")
    assert result.exit_code == 0, result.output
    assert "app:resourceGroupName: rg-churn-dev-euw  # ours\n" in settings.read_text()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [(["--fix"], "--fix writes the names of a convention"), (["--dry-run"], "--dry-run says what --fix would write")],
)
def test_a_fix_that_cannot_be_is_one_sentence(project: Path, options: list[str], sentence: str) -> None:
    error = run("names.csv", "--select", "NAM1", *options).exception
    assert isinstance(error, NamingError)
    assert str(error).startswith(sentence)
