"""A table of nothing but types and names is judged in batches: with the same findings as row by row."""

import json
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

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


@given(rows)
def test_batches_find_what_single_rows_find(entries: list[tuple[str, str]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table_engine, "_BATCH", 4)
        batched = found("-", stdin=table("type,name", entries))
    # A column more, and every row is read by itself.
    single = found("-", stdin=table("type,name,scope", entries, ",<stdin>"))
    judged = [one for one in batched if not one[0].startswith("NAM3")]
    assert sorted(judged) == sorted(one for one in single if not one[0].startswith("NAM3"))
    # Which of two equal names is the second one depends on the order; how many there are does not.
    alike = Counter(name.lower() for check, name, _ in batched if check.startswith("NAM3"))
    assert alike == Counter(name.lower() for check, name, _ in single if check.startswith("NAM3"))


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
