from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from naming import Convention, NamingError, Rule, Tokens, rule_for
from naming.parse import DeviationKind, ParsedName, parse
from naming.prove import named_rules

from . import strategies

CONVENTION = Convention.from_mapping({})
NAMED = named_rules(CONVENTION)

# Many types: each gets fewer examples.
few = settings(max_examples=10)
by_type = pytest.mark.parametrize("rule", NAMED, ids=lambda rule: rule.key)


def read(label: str, name: str, convention: Convention = CONVENTION) -> ParsedName:
    return parse(convention, rule_for(label), name)


def is_whole(convention: Convention, rule: Rule, tokens: Tokens) -> bool:
    """Whether the name of `tokens` is its words in full."""
    layout = convention.layout(rule)
    texts = {
        "abbreviation": layout.abbreviation,
        "workload": tokens.workload,
        "environment": convention.environments[tokens.environment],
        "region": convention.region_codes[tokens.region],
        "instance": tokens.instance or "",
    }
    words = [texts[word] for word in layout.order if texts[word]]
    suffix = [layout.suffix_length * "0"] if layout.suffix_length else []
    return len(layout.separator.join([*words, *suffix])) <= layout.limit


def says_all(convention: Convention, rule: Rule) -> bool:
    """Whether the names of a type have every word."""
    return {"workload", "region", "instance"} <= set(convention.layout(rule).order)


@by_type
@few
@given(tokens=strategies.tokens())
def test_what_a_name_was_made_of_is_read_back(rule: Rule, tokens: Tokens) -> None:
    convention = strategies.CONVENTION
    name = strategies.named(rule, tokens)
    parsed = parse(convention, rule, name)
    assert parsed.follows, parsed.deviations
    if is_whole(convention, rule, tokens):
        assert parsed.recovered == tokens if says_all(convention, rule) else parsed.recovered in (None, tokens)
        assert not parsed.shortened
    else:
        assert parsed.shortened
        assert parsed.recovered in (None, tokens)


def test_of_a_shortened_name_the_surviving_tokens_are_told() -> None:
    parsed = read("mlw", "mlw-custome-1y6iie6p-prod-dewc-01")
    assert parsed.follows
    assert (parsed.shortened, parsed.suffix, parsed.recovered) == (True, "1y6iie6p", None)
    assert parsed.tokens == {
        "abbreviation": "mlw",
        "workload": "custome",
        "environment": "prod",
        "region": "germanywestcentral",
        "instance": "01",
    }


def test_a_shortened_name_of_the_conventions_own_workload_is_read_back_in_full() -> None:
    convention = Convention.from_mapping({"workload": "customerchurnmodelling", "instance": "01"})
    tokens = convention.tokens("prod", "germanywestcentral")
    for label in ("mlw", "kv", "st"):
        name = convention.name(rule_for(label), tokens)
        parsed = read(label, name, convention)
        assert (parsed.recovered, parsed.shortened, parsed.tokens["workload"]) == (
            tokens,
            True,
            parsed.tokens["workload"],
        )


def test_the_suffix_tells_the_region_that_a_name_leaves_out() -> None:
    convention = Convention.from_mapping({"order": ["abbreviation", "workload", "environment"]})
    tokens = convention.tokens("qa", "japaneast")
    assert read("st", convention.name(rule_for("st"), tokens), convention).tokens["region"] == "japaneast"
    assert read("rg", convention.name(rule_for("rg"), tokens), convention).recovered is None


@pytest.mark.parametrize(
    ("label", "name", "told", "tokens"),
    [
        ("kv", "kv-churn-stage-euw-8fdv0", ((), (), ("stage",)), {"workload": "churn", "region": "westeurope"}),
        ("kv", "kv-dev-churn-euw", (("suffix",), ("environment",), ()), {"environment": "dev", "workload": "churn"}),
        ("rg", "rg-euw-churn-dev", ((), ("region",), ()), {"region": "westeurope", "environment": "dev"}),
        ("rg", "rg-dev-euw", (("workload",), (), ()), {"environment": "dev", "region": "westeurope"}),
        ("rg", "churn-dev-euw", (("abbreviation",), (), ()), {"workload": "churn", "environment": "dev"}),
        ("rg", "group-churn-dev-euw", ((), (), ("group",)), {"workload": "churn", "environment": "dev"}),
        ("rg", "rg-churn-production-weu", ((), (), ("production", "weu")), {"environment": "prod"}),
        ("rg", "rg-churn-dev-westeurope", ((), (), ("westeurope",)), {"region": "westeurope"}),
        ("rg", "rg-churn-extra-dev-euw", ((), (), ("extra",)), {"workload": "churn", "environment": "dev"}),
        ("st", "stchurnprodweu", (("suffix",), (), ("weu",)), {"workload": "churn", "environment": "prod"}),
        ("st", "stdevchurn", (("region", "suffix"), ("environment",), ()), {"environment": "dev"}),
        ("mlw", "x", (("abbreviation", "environment", "region"), (), ()), {"workload": "x"}),
        ("mlw", "", (("abbreviation", "workload", "environment", "region"), (), ()), {}),
    ],
)
def test_what_is_missing_out_of_order_or_unknown_is_told(
    label: str,
    name: str,
    told: tuple[tuple[str, ...], ...],
    tokens: dict[str, str],
) -> None:
    parsed = read(label, name)
    assert not parsed.follows
    assert (parsed.missing, parsed.out_of_order, parsed.unknown) == told
    assert tokens.items() <= parsed.tokens.items()


@pytest.mark.parametrize(
    ("label", "name", "kind"),
    [
        ("rg", "RG-churn-dev-euw", DeviationKind.CASE),
        ("rg", "rg_churn_dev_euw", DeviationKind.SEPARATOR),
        ("kv", "kv-churn-dev-euw-8fdv1", DeviationKind.SUFFIX),
        ("st", "stchurndeveuw0aaaa", DeviationKind.SUFFIX),
        ("mlw", "mlw-churnchurnchurnchurnchurn-dev-euw", DeviationKind.LENGTH),
    ],
)
def test_a_name_of_the_right_words_in_the_wrong_form_is_told_from_others(
    label: str, name: str, kind: DeviationKind
) -> None:
    parsed = read(label, name)
    assert [one.kind for one in parsed.deviations] == [kind]
    assert parsed.tokens["environment"] == "dev"


def test_a_type_that_the_convention_does_not_name_is_refused() -> None:
    with pytest.raises(NamingError, match="abbreviation"):
        read("datastore", "training_data")


@by_type
@few
@given(name=st.text(max_size=400) | st.from_regex(r"[a-z]{2,4}(-[a-z0-9]{1,9}){0,6}", fullmatch=True))
def test_any_text_is_either_a_name_of_the_convention_or_has_a_deviation(rule: Rule, name: str) -> None:
    parsed = parse(CONVENTION, rule, name)
    assert parsed.name == name
    if parsed.recovered:
        assert CONVENTION.name(rule, parsed.recovered) == name


@pytest.mark.parametrize(
    "change", [{"separator": ""}, {"order": ["environment", "region", "abbreviation", "workload"]}]
)
@given(tokens=strategies.tokens())
def test_other_conventions_are_read_back_too(change: dict[str, Any], tokens: Tokens) -> None:
    convention = Convention.from_mapping({**change, "environments": dict(strategies.CONVENTION.environments)})
    alone = Tokens(tokens.organisation, tokens.workload, tokens.environment, tokens.region)
    rule = rule_for("appi")
    assert parse(convention, rule, convention.name(rule, alone)).recovered == alone
