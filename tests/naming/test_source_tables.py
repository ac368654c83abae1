"""A table of nothing but types and names is judged in batches: with the same findings as row by row."""

import json
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from naming import NamingError
from naming.lint import table_engine
from naming.lint.command import lint

TYPES = ["kv", "Microsoft.Storage/storageAccounts", "rg", "compute cluster", "Microsoft.Nothing/ever", "appi"]
NAMES = ["kv-a", "KV-A", "kv--a", "sta", "stA", "cpu", "", "ü", "two\nlines", 'quo"ted', "login", "a#b"]
rows = st.lists(st.tuples(st.sampled_from(TYPES), st.sampled_from(NAMES)), max_size=30)


def table(header: str, entries: list[tuple[str, str]], end: str = "") -> str:
    quoted = (f'{kind},"{name.replace(chr(34), chr(34) * 2)}"{end}\n' for kind, name in entries)
    return f"{header}\n" + "\n".join(quoted)


def found(*arguments: str, stdin: str | None = None) -> list[tuple[str, str, int]]:
    result = CliRunner().invoke(lint, [*arguments, "--json"], input=stdin)
    assert result.exit_code in (0, 1), result.exception
    return [(one["id"], one["name"], one["line"]) for one in json.loads(result.stdout)]


def same(batched: str, single: str) -> None:
    """Two tables, the second with a column of ids, so that every row is read by itself, have the same findings."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table_engine, "_BATCH", 4)
        patch.setattr(table_engine, "_MOST_GROUPS", 3)
        one, other = found("-", stdin=batched), found("-", stdin=single)
    assert sorted(x for x in one if not x[0].startswith("NAM3")) == sorted(
        x for x in other if not x[0].startswith("NAM3")
    )
    # Which of two equal names is the second one depends on the order; how many there are does not.
    alike = Counter(name.lower() for check, name, _ in one if check.startswith("NAM3"))
    assert alike == Counter(name.lower() for check, name, _ in other if check.startswith("NAM3"))


@given(rows)
def test_batches_find_what_single_rows_find(entries: list[tuple[str, str]]) -> None:
    same(table("type,name", entries), table("type,name,id", entries, ","))


said = st.sampled_from([",a,", ",a,ml", ",b,ml", "", ",a", ",,", ",a," + "v" * 300])


@given(st.lists(st.tuples(st.sampled_from(TYPES), st.sampled_from(NAMES), said), max_size=30))
def test_rows_that_say_more_are_judged_alike_in_groups(entries: list[tuple[str, str, str]]) -> None:
    lines = [f"{table('', [(kind, name)]).strip()}{more}" for kind, name, more in entries]
    grouped = "type,name,resource group,tag:owner\n" + "\n".join(lines)
    assert len(found("-", stdin="type,name,tag:owner\nkv,kv-a,ml\nkv,kv-a,other\n")) == 1
    same(grouped, grouped.replace("tag:owner", "tag:owner,id", 1))


def test_names_are_compared_across_tables_lists_and_arguments(tmp_path: Path) -> None:
    first, second, listed = tmp_path / "a.csv", tmp_path / "b.csv", tmp_path / "c.txt"
    first.write_text("type,name\nkv,kv-churn\ncompute cluster,cpu\n")
    second.write_text("type,name\nst,stchurn\ncompute cluster,cpu\nkv,KV-Churn\n")
    listed.write_text("st=stchurn\n")
    arguments = ["--select", "NAM3", str(first), str(second), str(listed), "kv=kv-churn"]
    assert Counter(name.lower() for _, name, _ in found(*arguments)) == {"kv-churn": 2, "stchurn": 1}
    assert found("--ignore", "NAM3", *arguments[2:]) == []


def test_a_table_of_kinds_is_judged_by_kind() -> None:
    compute = "Microsoft.MachineLearningServices/workspaces/computes"
    text = f"type,kind,name\n{compute},ComputeInstance,{'c' * 25}\n{compute},AmlCompute,{'d' * 25}\n"
    assert found("-", stdin=text) == [("NAM101", "c" * 25, 2)]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"\xef\xbb\xbftype;name\r\nkv;kv--a\r\n", 2),
        (b"sep=;\ntype;name\nkv;kv--a\n", 3),
        (b'"sep=,"\n\ntype,name\nkv,kv--a\n', 4),
        (b"\n \ntype|name\nkv|kv--a", 4),
        (b"type\tname\rkv\tkv--a\r", 2),
        ("type,name\nkv,kv--a\n".encode("utf-16"), 2),
        (b'"name\t","type"\n"kv--a","Microsoft.KeyVault/vaults","more"\n', 2),
    ],
)
def test_what_programs_make_of_a_table_is_read(tmp_path: Path, content: bytes, line: int) -> None:
    (tmp_path / "names.csv").write_bytes(content)
    assert found(str(tmp_path / "names.csv")) == [("NAM102", "kv--a", line)]


def test_a_header_that_has_a_column_twice_is_a_mistake() -> None:
    error = CliRunner().invoke(lint, ["-"], input="\ntype,name,Name\nkv,kv-a,kv-b\n").exception
    assert isinstance(error, NamingError)
    assert str(error) == "<stdin>:2: the header has 'name' twice: leave one out."


def test_a_table_of_excel_is_put_right_where_it_stands(tmp_path: Path) -> None:
    table = tmp_path / "names.csv"
    table.write_text("sep=;\ntype;name;note\nrg;rg-dev-churn-euw;stays\n")
    result = CliRunner().invoke(lint, [str(table), "--convention", "naming.toml", "--fix"])
    assert result.exit_code == 0, result.output
    assert table.read_text() == "sep=;\ntype;name;note\nrg;rg-churn-dev-euw;stays\n"
