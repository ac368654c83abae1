import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from naming import NamingError
from naming.lint.baseline import Baseline, write_baseline
from naming.lint.model import Finding
from tests.naming.lint_snippets import named


def finding(name: str, check_id: str = "NAM102", line: int = 1, file: str = "names.csv") -> Finding:
    return Finding(id=check_id, resource=named(f"kv={name}", file=file, line=line), message="it is bad.")


def test_findings_of_a_baseline_are_not_reported_wherever_they_have_moved(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    assert write_baseline(path, [finding("a--b"), finding("c--d")]) == 2
    baseline = Baseline.read(path)
    found = [finding("a--b", line=9, file="other.csv"), finding("new--one"), finding("c--d"), finding("a--b", "NAM101")]
    assert list(baseline.new(found)) == [found[1], found[3]]
    assert baseline.gone() is None


def test_one_more_of_the_same_is_new(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    write_baseline(path, [finding("a--b")] * 2)
    assert len(list(Baseline.read(path).new([finding("a--b")] * 3))) == 1


def test_entries_that_no_longer_occur_are_told(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    write_baseline(path, [finding(name) for name in ("a--1", "a--2", "a--3", "a--4", "a--5")])
    baseline = Baseline.read(path)
    assert list(baseline.new([finding("a--1")])) == []
    assert baseline.gone() == (
        "baseline.json: 4 entries no longer occur (NAM102 'a--2', NAM102 'a--3', NAM102 'a--4' and 1 more): "
        "write it anew with --write-baseline."
    )


def test_a_baseline_is_the_same_for_the_same_findings_in_another_order(tmp_path: Path) -> None:
    one, other = tmp_path / "one.json", tmp_path / "other.json"
    write_baseline(one, [finding("a--b"), finding("c--d")])
    write_baseline(other, [finding("c--d"), finding("a--b")])
    assert one.read_text() == other.read_text()
    assert len(one.read_text().splitlines()) == 7


def test_resources_of_two_groups_are_two(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    here = named("log=a_b", file="list.json", scope_path="/subscriptions/1/resourceGroups/dev")
    there = named("log=a_b", file="list.json", scope_path="/subscriptions/1/resourceGroups/prod")
    write_baseline(path, [Finding(id="NAM102", resource=here, message="bad.")])
    new = list(Baseline.read(path).new([Finding(id="NAM102", resource=there, message="bad.")]))
    assert [one.resource for one in new] == [there]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"version": 1}',
        '{"version": 2, "findings": []}',
        '{"version": 1, "findings": [{"id": "NAM102"}]}',
        '{"version": 1, "findings": [{"id": [], "type": "", "name": "", "scope": "", "count": 1}]}',
        "[" * 100_000,
    ],
)
def test_what_is_no_baseline_is_one_sentence(content: str, tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    path.write_text(content)
    with pytest.raises(NamingError, match=r"is no baseline.*write it anew with --write-baseline\.$"):
        Baseline.read(path)


def test_a_missing_baseline_says_how_to_write_it(tmp_path: Path) -> None:
    with pytest.raises(NamingError, match="can't be read: No such file or directory; write it with --write-baseline"):
        Baseline.read(tmp_path / "baseline.json")
    with pytest.raises(NamingError, match="can't be written"):
        write_baseline(tmp_path / "nowhere" / "baseline.json", [])


@given(st.lists(st.sampled_from(["a--1", "a--2", "ü\n", '"']), max_size=8))
def test_a_baseline_takes_out_just_what_is_in_it(tmp_path_factory: pytest.TempPathFactory, names: list[str]) -> None:
    path = tmp_path_factory.mktemp("baseline") / "baseline.json"
    found = [finding(name) for name in names]
    write_baseline(path, found)
    assert json.loads(path.read_text())["version"] == 1
    baseline = Baseline.read(path)
    assert list(baseline.new(found)) == []
    assert baseline.gone() is None
