"""The names that Microsoft publishes: our rules accept what it calls good and refuse what it calls bad."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from naming import rule_for_key, rules
from naming.explain import rule_fields, rule_text
from naming.published import published
from tools.naming_rules.published import read

PAGES = read()


def names(kind: str) -> list[tuple[str, str]]:
    return [(key, name) for key, of_key in PAGES.items() for page in of_key for name in page.get(kind, ())]


def pages() -> Iterator[dict[str, Any]]:
    return (page for of_key in PAGES.values() for page in of_key)


@pytest.mark.parametrize("key", PAGES)
def test_a_published_name_belongs_to_a_rule_by_its_own_key(key: str) -> None:
    assert rule_for_key(key).key == key


@pytest.mark.parametrize(("key", "name"), names("good"))
def test_what_microsoft_names_its_resources_is_accepted(key: str, name: str) -> None:
    assert rule_for_key(key).violations(name) == []


@pytest.mark.parametrize(("key", "name"), names("bad"))
def test_what_microsoft_says_is_refused_is_refused(key: str, name: str) -> None:
    assert rule_for_key(key).violations(name)


@pytest.mark.parametrize(("key", "name"), names("disputed"))
def test_a_published_name_that_we_refuse_is_refused_for_the_reason_given(key: str, name: str) -> None:
    (reason,) = {page["disputed"][name] for page in PAGES[key] if name in page.get("disputed", {})}
    assert rule_for_key(key).violations(name)
    assert reason.endswith(".")


def test_every_page_says_where_it_is_and_of_which_day() -> None:
    for page in pages():
        assert page["title"]
        assert re.fullmatch(r"https://(learn\.microsoft\.com|github\.com/Azure)/[\w./@-]+", page["url"])
        assert re.fullmatch(r"20\d\d-[01]\d-[0-3]\d", page["date"])


def test_most_curated_types_have_a_published_name_and_all_have_names_of_our_own() -> None:
    curated = [rule for rule in rules() if rule.curated]
    assert sum(1 for rule in curated if published(rule)) > len(curated) / 2
    assert all(rule.good and rule.bad for rule in curated)


def test_the_words_that_azure_reserves_are_refused_by_every_rule_that_knows_them() -> None:
    for rule in rules():
        if rule.reserved_words is None:
            continue
        for word in ("azure", "Xbox", "microsoft", "mymicrosoftapp", "appwindows1", "loginapp"):
            assert not rule.accepts(word), (rule.key, word)


def test_an_explanation_tells_published_names_from_our_own() -> None:
    text = rule_text(rule_for_key("storage account"))
    assert "published       stnavigatordata001, stemissionsoutput001 (Cloud Adoption Framework" in text
    assert "not S!torageckrexph7isnoc (Resolve errors for storage account names, 2024-06-20)" in text
    fields = rule_fields(rule_for_key("datastore"))
    assert fields["good"] == ["training_data", "workspaceblobstore", "0"]
    assert "blob-example, which our rule refuses:" in rule_text(rule_for_key("datastore"))
