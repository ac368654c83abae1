import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from naming import Convention, NamingError, Rule, rule_for
from naming.parse import parse
from naming.prove import named_rules
from naming.suggest import Suggestion, nearest_name, renames

CONVENTION = Convention.from_mapping({})
NAMED = named_rules(CONVENTION)


@pytest.mark.parametrize(
    ("label", "name", "nearest"),
    [
        ("kv", "kv-dev-churn-euw", "kv-churn-dev-euw-8fdv0"),
        ("kv", "akv-churn-dev-euw", "kv-churn-dev-euw-8fdv0"),
        ("st", "stchurnprodweu", "stchurnprodeuw0jy0m"),
        ("rg", "RG_Churn_Production_West", "rg-churn-prod-euw"),
        ("rg", "rg-customer-churn-dev-euw", "rg-customerchurn-dev-euw"),
        ("rg", "rg-dev-rg-churn-euw", "rg-churn-dev-euw"),
        ("rg", "rg-churn-dev-euw-dev-euw", "rg-churn-dev-euw"),
        ("rg", "rg-fraud-qa-eus-02", "rg-fraud-qa-use-02"),
        ("datastore", "My Store", "my_store"),
        ("blob container", "Bad--Name", "bad-name"),
    ],
)
def test_the_nearest_name_keeps_what_a_name_says(label: str, name: str, nearest: str) -> None:
    suggestion = nearest_name(rule_for(label), name, CONVENTION)
    assert (suggestion.name, suggestion.replaces) == (nearest, True)
    assert "can't rename" in suggestion.reason


def test_parsing_and_suggesting_agree_on_words_of_no_place() -> None:
    rule = rule_for("rg")
    doubled, strange = (parse(CONVENTION, rule, name) for name in ("rg-dev-rg-churn-euw", "rg-customer-churn-dev-euw"))
    assert "'rg' is one abbreviation too many: leave it out." in [one.message for one in doubled.deviations]
    assert [one.message for one in strange.deviations] == [
        "'customer' stands for nothing that the convention knows: leave it out, or join it to the workload."
    ]


def test_what_a_name_does_not_say_is_assumed_and_told() -> None:
    rule = rule_for("rg")
    guessed = nearest_name(rule, "stuff", CONVENTION)
    assert guessed.name == "rg-stuff-loc-euw"
    assert guessed.assumed == ("environment", "region")
    told = nearest_name(rule, "stuff", CONVENTION, environment="prod", region="japaneast")
    assert told.name == "rg-stuff-prod-jpe"


def test_a_name_that_follows_stays_as_it_is() -> None:
    suggestion = nearest_name(rule_for("kv"), "kv-churn-dev-euw-8fdv0", CONVENTION)
    assert (suggestion.name, suggestion.replaces) == ("kv-churn-dev-euw-8fdv0", False)


def test_a_database_is_renamed_in_place() -> None:
    assert "microsoft.sql/servers/databases" in renames()
    assert all(rename.source and rename.how for rename in renames().values())


def test_where_azure_wants_a_guid_there_is_nothing_near() -> None:
    with pytest.raises(NamingError, match="GUID"):
        nearest_name(rule_for("role assignment"), "churn", CONVENTION)


def suggested(rule: Rule, name: str) -> Suggestion | None:
    """The suggestion, None where the words of `name` are some that Azure reserves."""
    try:
        return nearest_name(rule, name, CONVENTION)
    except NamingError as error:
        if "reserved" in str(error):
            return None
        raise


@pytest.mark.parametrize("rule", NAMED, ids=lambda rule: rule.key)
@settings(max_examples=10)
@given(name=st.text(max_size=80) | st.from_regex(r"[a-zA-Z]{2,4}([-_]?[a-z0-9]{1,9}){0,6}", fullmatch=True))
def test_every_suggestion_is_accepted_by_azure_and_follows_the_convention(rule: Rule, name: str) -> None:
    suggestion = suggested(rule, name)
    assume(suggestion is not None)
    assert suggestion is not None
    assert rule.accepts(suggestion.name)
    again = nearest_name(rule, suggestion.name, CONVENTION)
    assert (again.name, again.replaces) == (suggestion.name, False)
