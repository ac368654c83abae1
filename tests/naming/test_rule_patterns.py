"""What holds for every rule, written by hand or derived: it compiles, it is fast, its lengths and pattern agree."""

import re
from functools import cache

import pytest

from naming import ViolationKind, rule_for, rules
from tools.naming_rules.automaton import Automaton

ALL = rules()
PATTERNS = sorted({rule.pattern for rule in ALL})
HOSTILE = [
    piece * (100_000 // len(piece)) for piece in ("a", "-", "1", "-1", "a-", "--", ".", " ", "\n", "a_", "é", "/")
]
LONGER = [piece * (2_000 // len(piece)) + "\0" for piece in ("a", "-", "1", "-1", "a-", "a.", "1.", "aA", " ")]
# What a search may be: words of fixed length, or something tied to the start, or a repeat that its own start ends.
LINEAR_SEARCHES = re.compile(r"\^.*|(?:\\?.|\[[^]]+\]){1,12}|-\[0-9\]\+\$")


@cache
def example(pattern: str, length: int) -> str:
    """A name of this length, letters first."""
    name = Automaton.of(pattern, exact=True).example(length)
    assert name is not None, (pattern, length)
    return name


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_is_portable_and_takes_linear_time(pattern: str) -> None:
    assert pattern.startswith("^")
    assert pattern.endswith("$")
    # Resource groups alone take letters of any script, which \w says to .NET and to Python.
    everywhere = pattern.replace(r"\w", "") if pattern == rule_for("rg").pattern else pattern
    assert not re.search(r"\(\?[=!<>P]|\\[wdbBAZ]|\\[1-9]", everywhere), (
        "look-around, or what dialects read differently"
    )
    assert Automaton.of(pattern).is_linear()


def test_what_may_not_be_found_is_portable_and_found_in_linear_time() -> None:
    for never in {it for rule in ALL for it in rule.never}:
        re.compile(never)
        assert LINEAR_SEARCHES.fullmatch(never), never
        assert not re.search(r"\(\?[=!<>P]|[*+][^$]*[*+]", never), never


def test_names_of_the_least_and_the_most_characters_are_accepted() -> None:
    for rule in ALL:
        for length in (rule.min_length, rule.max_length):
            assert rule.violations(example(rule.pattern, length)) == [], (rule.key, length)


def test_one_character_less_or_more_is_a_matter_of_length() -> None:
    for rule in ALL:
        assert 1 <= rule.min_length <= rule.max_length
        for length in (rule.min_length - 1, rule.max_length + 1):
            found = rule.violations("a" * length)
            assert found[0].kind is ViolationKind.LENGTH
            assert f"has {length} character" in found[0].message


def test_a_line_feed_at_the_end_is_never_part_of_a_name() -> None:
    for rule in ALL:
        assert not rule.accepts(example(rule.pattern, rule.max_length)[:-1] + "\n"), rule.key


def test_a_hostile_name_is_refused_for_its_length_alone() -> None:
    for rule in ALL:
        for name in HOSTILE:
            assert [violation.kind for violation in rule.violations(name)] == [ViolationKind.LENGTH]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_alone_answers_on_a_long_name(pattern: str) -> None:
    compiled = re.compile(pattern)
    for name in LONGER:
        assert compiled.fullmatch(name) is None


def test_a_name_is_described_by_the_case_and_the_separator_that_its_rule_says() -> None:
    for rule in ALL:
        characters = Automaton.of(rule.pattern).characters
        if rule.case.value == "lower":
            assert not characters & set("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), rule.key
        assert set(rule.separator) <= characters, rule.key
