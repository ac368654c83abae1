import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from naming import Convention, NamingError
from naming.cli import names
from naming.init import Answers, convention_text
from naming.prove import prove

from . import strategies

ROOT = Path(__file__).parents[2]
NEEDED = ("--organisation", "fabrikam", "--workload", "fraud")


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "naming.toml"


def init(output: Path, *arguments: str, answers: str = "") -> Result:
    return CliRunner().invoke(names, ["init", "--output", str(output), *arguments], input=answers)


def test_flags_write_a_convention_that_loads_and_holds(output: Path) -> None:
    result = init(output, *NEEDED, "--environment", "dev", "--environment", "production=prd", "--instance", "01")
    assert result.exit_code == 0, result.exception
    convention = Convention.load(output)
    assert (convention.organisation, convention.workload, convention.instance) == ("fabrikam", "fraud", "01")
    assert convention.environments == {"dev": "dev", "production": "prd"}
    assert prove(convention).holds


def test_without_flags_each_answer_is_asked_for_and_a_wrong_one_asked_again(output: Path) -> None:
    result = init(output, answers="Fabrikam Ltd\nfabrikam\nfraud\ndev, prod=p\n\nworkload,environment,region\n\n")
    assert result.exit_code == 0, result.exception
    assert "for instance 'fabrikamltd'" in result.output
    convention = Convention.load(output)
    assert convention.organisation == "fabrikam"
    assert convention.environments == {"dev": "dev", "prod": "p"}
    assert convention.order == ("workload", "environment", "region")


def test_what_a_flag_gives_is_not_asked(output: Path) -> None:
    result = init(output, "--organisation", "fabrikam", "--order", "workload,environment", answers="fraud\n\n\n\n")
    assert result.exit_code == 0, result.exception
    assert "Order" not in result.output
    assert Convention.load(output).order == ("workload", "environment")


def test_with_nobody_to_answer_the_flags_are_named(output: Path) -> None:
    result = init(output)
    assert isinstance(result.exception, NamingError)
    assert "--organisation and --workload" in str(result.exception)
    assert not output.exists()


def test_a_file_that_exists_is_only_written_over_with_force(output: Path) -> None:
    output.write_text("mine")
    result = init(output, *NEEDED)
    assert isinstance(result.exception, NamingError)
    assert output.read_text() == "mine"
    assert init(output, *NEEDED, "--force").exit_code == 0
    assert Convention.load(output).workload == "fraud"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--organisation", "Fabrikam Ltd", "--workload", "fraud"], "organisation is 'Fabrikam Ltd'"),
        ([*NEEDED, "--order", "workload"], "lacks 'environment'"),
        ([*NEEDED, "--environment", "dev=d", "--environment", "demo=d"], "both 'd'"),
        ([*NEEDED, "--region-codes", "mine"], "'azure-naming-tool'"),
        ([*NEEDED, "--suffix-length", "3"], "write 4 to 8"),
        ([*NEEDED, "--instance", "prod-01"], "instance is"),
        ([*NEEDED, "--environment", "dev stage=dev"], "can't be a stack"),
        ([*NEEDED, "--workload", "\x7f\ud800"], "workload is"),
        (["--organisation", 'a"\nb', "--workload", "fraud"], "organisation is"),
    ],
)
def test_an_answer_that_cannot_be_is_one_sentence_and_writes_nothing(
    output: Path, arguments: list[str], sentence: str
) -> None:
    result = init(output, *arguments)
    assert isinstance(result.exception, NamingError)
    assert sentence in str(result.exception)
    assert not output.exists()


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    result = init(tmp_path / "missing" / "naming.toml", *NEEDED)
    assert isinstance(result.exception, NamingError)
    assert "can't be written" in str(result.exception)


def test_the_naming_toml_of_this_repository_is_what_init_writes() -> None:
    assert convention_text(Answers("contoso", "churn")) == (ROOT / "naming.toml").read_text("utf-8")


@given(
    answers=st.builds(
        Answers,
        strategies.words,
        strategies.words,
        st.just("") | st.from_regex(r"[a-z0-9]{1,4}", fullmatch=True),
        environments=st.dictionaries(
            st.from_regex(r"[A-Za-z0-9._-]{1,12}", fullmatch=True), strategies.words, min_size=1, max_size=5
        ),
    )
)
def test_any_answers_give_a_convention_of_these_answers_or_a_sentence(answers: Answers) -> None:
    shorts = list((answers.environments or {}).values())
    if len(set(shorts)) < len(shorts):
        with pytest.raises(NamingError, match="both"):
            convention_text(answers)
        return
    read = tomllib.loads(convention_text(answers))
    assert (read["organisation"], read["workload"], read["instance"]) == (
        answers.organisation,
        answers.workload,
        answers.instance,
    )
    assert read["environments"] == answers.environments


def test_an_environment_that_is_written_twice_is_told(output: Path) -> None:
    result = init(output, *NEEDED, "--environment", "dev", "--environment", "dev=d")
    assert isinstance(result.exception, NamingError)
    assert str(result.exception).startswith("the environment 'dev' is written twice: leave out 'dev=d'")
    assert not output.exists()


def test_stacks_are_pointed_to_where_there_are_any(output: Path) -> None:
    assert init(output, *NEEDED).output == f"{output} is written. Prove it with `mlws names check`.\n"
    (output.parent / "Pulumi.yaml").write_text("name: fraud\n")
    (output.parent / "Pulumi.test.yaml").write_text("config: {}\n")
    assert init(output, *NEEDED, "--force").output.endswith("see the names of a stack with `mlws names test`.\n")
