import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from naming import NamingError
from naming.cli import names


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "naming.toml").write_text("")
    folder = tmp_path / "somewhere" / "below"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(names, arguments)


@pytest.mark.usefixtures("project")
def test_the_tokens_of_a_name_are_shown_and_its_type_is_told_from_its_abbreviation() -> None:
    result = run("parse", "kv-churn-dev-euw-8fdv0")
    assert result.exit_code == 0
    lines = [line.split() for line in result.output.splitlines()]
    assert lines[0] == ["kv-churn-dev-euw-8fdv0:", "key", "vault", "(Microsoft.KeyVault/vaults)"]
    assert ["environment", "dev", "ok"] in lines
    assert ["region", "westeurope", "ok"] in lines
    assert ["suffix", "8fdv0", "ok"] in lines


@pytest.mark.usefixtures("project")
def test_a_name_that_leaves_the_convention_exits_one_and_says_where() -> None:
    result = run("parse", "kv-stage-churn-euw")
    assert result.exit_code == 1
    told = json.loads(run("parse", "kv-dev-churn-euw", "--json").output)
    assert (told["out_of_order"], told["missing"], told["follows"]) == (["environment"], ["suffix"], False)
    assert [deviation["kind"] for deviation in told["deviations"]] == ["out of order", "missing"]


@pytest.mark.usefixtures("project")
def test_of_a_shortened_name_it_is_said_what_survived() -> None:
    result = run("parse", "mlw-custome-1y6iie6p-prod-dewc-01")
    assert result.exit_code == 0
    assert "it was shortened" in result.output
    assert ["workload", "custome", "cut", "short"] in [line.split() for line in result.output.splitlines()]


@pytest.mark.usefixtures("project")
def test_a_type_can_be_given_and_must_be_where_no_abbreviation_tells_it() -> None:
    assert json.loads(run("parse", "churn-dev", "--type", "rg", "--json").output)["missing"] == [
        "abbreviation",
        "region",
    ]
    result = run("parse", "churn")
    assert isinstance(result.exception, NamingError)
    assert "--type" in str(result.exception)


@pytest.mark.usefixtures("project")
def test_the_nearest_name_is_proposed_with_what_it_costs() -> None:
    result = run("suggest", "kv-dev-churn-euw")
    assert result.exit_code == 0
    assert result.output.startswith("kv-churn-dev-euw-8fdv0\n")
    assert "can't rename" in result.output
    told = json.loads(run("suggest", "churn", "--type", "rg", "--environment", "prod", "--json").output)
    assert (told["suggestion"], told["replaces"], told["assumed"]) == (
        "rg-churn-prod-euw",
        True,
        ["environment", "region"],
    )


def test_without_a_convention_one_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("parse", "kv-churn")
    assert isinstance(result.exception, NamingError)
    assert "mlws names init" in str(result.exception)
