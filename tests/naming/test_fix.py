import csv
import io
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from naming import NamingError, rule_for
from naming.lint import stack_names
from naming.lint.checks import registry
from naming.lint.csv_cells import rows
from naming.lint.fix import FixPlan, plan_fixes
from naming.lint.model import NamedResource
from tests.naming.lint_snippets import CONVENTION

SETTINGS = """\
# the settings of dev
config:
  azure-native:location: westeurope   # the region
  app:resourceGroupName: "rg-dev-churn"
  app:owner: rg-dev-churn-owner
  app:names:
    key vault: 'kv_churn_dev'
    storageAccount: stchurndeveuw8fdv0
  app:keyVaultName:
    secure: v1:abc
  app:purpose: >
    rg-dev-churn
encryptionsalt: v1:xyz
"""


def fixed(*found: NamedResource, stack_files: tuple[str, ...] = ()) -> FixPlan:
    judge = registry(CONVENTION)
    return plan_fixes([finding for resource in found for finding in judge(resource)], CONVENTION, stack_files)


def settings(folder: Path, text: str = SETTINGS, stack: str = "dev") -> Path:
    path = folder / f"Pulumi.{stack}.yaml"
    path.write_text(text, "utf-8")
    return path


def row(file: Path, line: int, resource_type: str, name: str, environment: str | None = None) -> NamedResource:
    rule = rule_for(resource_type)
    return NamedResource(
        rule.type, rule.variant, name, scope_path="a", file=str(file), line=line, environment=environment
    )


def test_the_names_of_a_stack_are_found_by_their_keys(tmp_path: Path) -> None:
    path = settings(tmp_path)
    found = list(stack_names.read(path.read_text(), str(path)))
    assert [(one.rule.label, one.name, one.line, one.environment) for one in found] == [
        ("resource group", "rg-dev-churn", 4, "dev"),
        ("key vault", "kv_churn_dev", 7, "dev"),
        ("storage account", "stchurndeveuw8fdv0", 8, "dev"),
    ]


def test_a_stack_file_is_changed_nowhere_else(tmp_path: Path) -> None:
    path = settings(tmp_path)
    plan = fixed(*stack_names.read(path.read_text(), str(path)))
    assert path.read_text() == SETTINGS
    assert plan.left_alone == []
    assert plan.write() == [str(path)]
    expected = SETTINGS.replace('"rg-dev-churn"', '"rg-churn-dev-euw"')
    expected = expected.replace("'kv_churn_dev'", "'kv-churn-dev-euw-8fdv0'")
    assert path.read_text() == expected
    assert fixed(*stack_names.read(path.read_text(), str(path))).changes == []


def test_the_plan_says_what_azure_would_replace(tmp_path: Path) -> None:
    path = settings(tmp_path)
    lines = list(fixed(*stack_names.read(path.read_text(), str(path))).lines())
    assert lines[0].startswith(
        f"{path}:4: resource group rg-dev-churn -> rg-churn-dev-euw (replaced: Azure can't rename"
    )
    assert lines[-1] == "2 to write; Azure would replace 2 of these resources by new ones."


def test_names_of_a_preview_are_written_into_the_settings_of_its_stack_alone(tmp_path: Path) -> None:
    dev, prod = settings(tmp_path), settings(tmp_path, stack="prod")
    preview = row(tmp_path / "preview.json", 1, "rg", "rg-dev-churn", environment="dev")
    plan = fixed(preview, stack_files=(str(dev), str(prod)))
    assert [(change.file, change.line, change.new) for change in plan.changes] == [(str(dev), 4, "rg-churn-dev-euw")]


def test_names_that_no_file_holds_are_left_alone_with_a_reason(tmp_path: Path) -> None:
    plan = fixed(row(tmp_path / "preview.json", 1, "rg", "rg-dev-churn-euw", environment="dev"))
    assert plan.changes == []
    (line,) = plan.lines()
    assert line.endswith("rg-dev-churn-euw: it stands in no CSV and in no settings of a stack that can be written.")


TABLE = (
    'type,"name",note\r\nrg,rg-dev-churn-euw,"two\r\nlines, and ""quotes"""\r\nkv,"kv_churn_dev_euw",ü\r\nrg,rg-x,\n'
)


def test_a_table_is_changed_in_its_names_alone(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_bytes(("\ufeff" + TABLE).encode())
    plan = fixed(
        row(path, 3, "rg", "rg-dev-churn-euw"), row(path, 4, "kv", "kv_churn_dev_euw"), row(path, 5, "rg", "rg-x")
    )
    assert [change.line for change in plan.changes] == [3, 4]
    assert "rg-x: there is no better name that is no guess" in plan.left_alone[0]
    plan.write()
    expected = TABLE.replace("rg-dev-churn-euw", "rg-churn-dev-euw").replace(
        "kv_churn_dev_euw", "kv-churn-dev-euw-8fdv0"
    )
    assert path.read_bytes() == ("\ufeff" + expected).encode()


def test_a_region_is_not_guessed(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text("type,name\nrg,rg-churn-dev\n")
    plan = fixed(row(path, 2, "rg", "rg-churn-dev"))
    assert plan.changes == []
    assert "it says no region" in plan.left_alone[0]


def test_two_resources_never_get_one_name(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text("type,name\nrg,rg-dev-churn-euw\nrg,rg_churn_dev_euw\n")
    plan = fixed(row(path, 2, "rg", "rg-dev-churn-euw"), row(path, 3, "rg", "rg_churn_dev_euw"))
    assert [change.line for change in plan.changes] == [2]
    assert "is the better name of another resource too" in plan.left_alone[0]


def test_what_is_not_written_remains(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text("type,name\nrg,rg-dev-churn-euw\nrg,rg-x\n")
    names = [row(path, 2, "rg", "rg-dev-churn-euw"), row(path, 3, "rg", "rg-x")]
    judge = registry(CONVENTION)
    findings = [finding for resource in names for finding in judge(resource)]
    remaining = plan_fixes(findings, CONVENTION).remaining(findings)
    assert {finding.resource.name for finding in remaining} == {"rg-x"}


def test_the_settings_of_all_stacks_of_a_project_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.prod.yml", "Pulumi.dev.yaml.bak"):
        (tmp_path / name).write_text("")
    monkeypatch.chdir(tmp_path)
    assert stack_names.stack_files(tmp_path) == ["Pulumi.dev.yaml", "Pulumi.prod.yml"]


def test_a_file_that_changed_in_between_is_not_written_over(tmp_path: Path) -> None:
    path = settings(tmp_path)
    plan = fixed(*stack_names.read(path.read_text(), str(path)))
    path.write_text(SETTINGS + "# mine\n")
    with pytest.raises(NamingError, match="has changed since it was read"):
        plan.write()
    assert path.read_text().endswith("# mine\n")


def test_permissions_stay_and_nothing_is_left_behind(tmp_path: Path) -> None:
    path = settings(tmp_path)
    path.chmod(0o640)
    fixed(*stack_names.read(path.read_text(), str(path))).write()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("text", ["config: [", "\t", "config: &a {b: *a}", "a: " + "[" * 5_000, "config: {x: !!int y}"])
def test_settings_of_any_kind_give_names_or_a_sentence(text: str) -> None:
    try:
        assert list(stack_names.read(text, "Pulumi.dev.yaml")) == []
    except NamingError as error:
        assert str(error).startswith("Pulumi.dev.yaml can't be read as YAML: ")  # noqa: PT017 - both are right


@given(st.text(alphabet='ab,;"\r\n ', max_size=40))
def test_cells_are_told_apart_as_python_does(text: str) -> None:
    reader = csv.reader(io.StringIO(text, newline=""))
    expected = [(reader.line_num, cells) for cells in reader]
    found = [(line, len(cells)) for line, cells in rows(text, ",")]
    assert found == [(line, len(cells) or 1) for line, cells in expected]


@given(st.lists(st.lists(st.text(alphabet='ab,"\r\n ü', max_size=6), min_size=2, max_size=3), min_size=1, max_size=4))
def test_a_cell_stands_where_it_was_written(table: list[list[str]]) -> None:
    written = io.StringIO(newline="")
    csv.writer(written).writerows(table)
    text = written.getvalue()
    read = [
        [next(csv.reader(io.StringIO(text[a:b], newline="")), [""])[0] for a, b in cells]
        for _, cells in rows(text, ",")
    ]
    assert read == table
