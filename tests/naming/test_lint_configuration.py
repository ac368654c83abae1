from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from naming import NamingError
from naming.lint.checks.catalogue import IDS
from naming.lint.command import lint
from naming.lint.configuration import Configuration
from naming.lint.model import Finding
from tests.naming.lint_snippets import found, named

EVERYTHING = """
[lint]
select = ["NAM1", "nam301"]
ignore = ["NAM106"]
baseline = "baseline.json"
[lint.severity]
NAM1 = "warning"
NAM102 = "info"
[lint.per-file-ignores]
"legacy/*.csv" = ["NAM1"]
[lint.required-tags]
owner = []
environment = ["dev", "prod"]
"""


def load(folder: Path, **files: str) -> Configuration:
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, "utf-8")
    return Configuration.load(folder)


def test_without_settings_every_check_runs(tmp_path: Path) -> None:
    assert load(tmp_path) == Configuration()
    assert load(tmp_path, naming='organisation = "contoso"', pyproject="[tool.mlws]") == Configuration()
    assert all(Configuration().selects(check_id) for check_id in IDS)


def test_both_files_hold_the_same_settings(tmp_path: Path) -> None:
    read = load(tmp_path, naming=EVERYTHING)
    (tmp_path / "naming.toml").unlink()
    project = load(tmp_path, pyproject=EVERYTHING.replace("[lint", "[tool.mlws.lint"))
    assert read.select == project.select == ("NAM1", "NAM301")
    assert read.required_tags == project.required_tags == {"owner": (), "environment": ("dev", "prod")}
    assert read.baseline == "baseline.json"
    assert (read.file, project.file) == ("[lint] of naming.toml", "[tool.mlws.lint] of pyproject.toml")


def test_the_longest_id_decides() -> None:
    configuration = Configuration.from_mapping({"select": ["NAM2", "NAM101"], "ignore": ["NAM204", "NAM1"]})
    selected = [check_id for check_id in IDS if configuration.selects(check_id)]
    assert selected == ["NAM101", *(one for one in IDS if one.startswith("NAM2") and one != "NAM204")]
    assert not Configuration.from_mapping({"select": ["NAM1"], "ignore": ["NAM1"]}).selects("NAM101")


def test_the_command_line_selects_instead_and_ignores_in_addition() -> None:
    configuration = Configuration.from_mapping({"select": ["NAM2"], "ignore": ["NAM106"]})
    asked = configuration.with_options(["nam1,NAM3"], ["NAM101", "NAM301"])
    assert [check_id for check_id in IDS if asked.selects(check_id)] == [
        *("NAM102", "NAM103", "NAM104", "NAM105", "NAM302", "NAM303")
    ]
    assert configuration.with_options() == configuration


def test_severities_are_those_of_the_longest_id() -> None:
    configuration = Configuration.from_mapping({"severity": {"NAM1": "warning", "NAM102": "info"}})
    findings = found(configuration.with_options(["NAM1"]), [named("kv=k_"), named("kv=k--v")])
    assert [(one.id, one.severity) for one in findings] == [
        ("NAM101", "warning"),
        ("NAM102", "info"),
        ("NAM102", "info"),
    ]


@pytest.mark.parametrize(
    ("file", "is_reported"),
    [
        ("legacy/a.csv", False),
        ("./legacy/a.csv", False),
        ("/home/me/estate/legacy/a.csv", False),
        ("legacy/a.json", True),
        ("illegacy/a.csv", True),
        ("<stdin>", True),
    ],
)
def test_a_check_may_be_left_out_in_some_files(file: str, is_reported: bool) -> None:
    configuration = Configuration.from_mapping({"per-file-ignores": {"legacy/*.csv": ["NAM1"]}})
    finding = Finding(id="NAM102", resource=named("kv=k", file=file), message="bad.")
    assert configuration.reports(finding) == is_reported
    assert configuration.reports(Finding(id="NAM301", resource=finding.resource, message="bad."))


def test_a_file_is_known_by_its_path_from_the_settings_from_whichever_folder_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "naming.toml").write_text('[lint.per-file-ignores]\n"legacy/*.csv" = ["NAM"]\n')
    for folder, is_left_out in (("legacy", True), ("current", False)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.csv").write_text("type,name\nkv,kv--a\n")
        monkeypatch.chdir(tmp_path / folder)
        assert CliRunner().invoke(lint, ["a.csv"]).exit_code == (0 if is_left_out else 1)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ('selct = ["NAM1"]', "naming.toml has the unknown key lint.selct: did you mean 'select'?"),
        ('select = ["NAM1O1"]', "naming.toml: lint.select has 'NAM1O1', which is no check: did you mean 'NAM101'?"),
        ('select = ["E501"]', "naming.toml: lint.select has 'E501', which is no check: write an id such as NAM101"),
        ('ignore = "NAM1"', "naming.toml: lint.ignore is 'NAM1': write a list of texts"),
        ("select = [1]", "naming.toml: lint.select is [1]: write a list of texts"),
        ('severity = "error"', "naming.toml: lint.severity is 'error': write a table, [lint.severity]."),
        ('severity.NAM1 = "eror"', "naming.toml: lint.severity.NAM1 is 'eror': did you mean 'error'?"),
        ("severity.NAM1 = 1", "naming.toml: lint.severity.NAM1 is 1: write one of error, info, warning."),
        ('severity.NAM9 = "error"', "naming.toml: lint.severity has 'NAM9', which is no check"),
        ('per-file-ignores."a.csv" = "NAM1"', """lint.per-file-ignores."a.csv" is 'NAM1': write a list"""),
        ('per-file-ignores."a.csv" = ["X"]', """lint.per-file-ignores."a.csv" has 'X', which is no check"""),
        ("required-tags = ['owner']", "lint.required-tags is ['owner']: write a table, [lint.required-tags]."),
        ("required-tags.owner = 'me'", "lint.required-tags.owner is 'me': write a list of texts"),
        ("baseline = ''", "lint.baseline is '': write the name of a file in quotes."),
    ],
)
def test_a_mistake_is_one_sentence_that_names_its_key(settings: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(NamingError) as raised:
        load(tmp_path, naming=f"[lint]\n{settings}\n")
    assert sentence in str(raised.value)
    assert "\n" not in str(raised.value)
    with pytest.raises(NamingError, match=r"^pyproject\.toml"):
        load(tmp_path, naming="", pyproject=f"[tool.mlws.lint]\n{settings}\n")


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"naming": "[lint]", "pyproject": "[tool.mlws.lint]"}, "keep one of the two"),
        ({"naming": "lint = 1"}, "naming.toml: lint is 1: write a table, [lint]."),
        ({"pyproject": "[tool]\nmlws = 1"}, "pyproject.toml: tool.mlws is 1: write a table, [tool.mlws]."),
        ({"pyproject": "[tool"}, "is not valid TOML"),
    ],
)
def test_files_that_hold_no_settings_are_one_sentence(files: dict[str, str], sentence: str, tmp_path: Path) -> None:
    with pytest.raises(NamingError) as raised:
        load(tmp_path, **files)
    assert sentence in str(raised.value)


def test_an_unknown_id_on_the_command_line_is_one_sentence() -> None:
    with pytest.raises(NamingError, match="--ignore has 'NAM110', which is no check: did you mean 'NAM1"):
        Configuration().with_options([], ["NAM110"])


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)
keys = st.sampled_from(["select", "ignore", "severity", "per-file-ignores", "required-tags", "baseline", "x"])


@given(st.dictionaries(keys, json_values, max_size=3))
def test_settings_of_any_shape_are_taken_or_refused_with_a_sentence(read: dict[str, object]) -> None:
    try:
        Configuration.from_mapping(read)
    except NamingError as error:
        assert str(error).startswith("naming.toml")  # noqa: PT017 - both are right
