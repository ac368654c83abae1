from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from naming import Convention, NamingError, Rule, Tokens, naming_plan, rule_for
from naming.plan import ROLES
from naming.prove import named_rules
from naming.regions import code_tables, regions

from . import strategies

PLANNED = [rule_for(resource_type, variant) for _, resource_type, variant in ROLES]
COMPUTE = "Microsoft.MachineLearningServices/workspaces/computes[AmlCompute]"
ROOT = Path(__file__).parents[2]

by_type = pytest.mark.parametrize("rule", PLANNED, ids=lambda rule: rule.label)
# Every type that the convention names: many, so that each gets fewer examples.
by_every_type = pytest.mark.parametrize("rule", named_rules(Convention.from_mapping({})), ids=lambda rule: rule.key)
few = settings(max_examples=10)


@st.composite
def conventions(draw: st.DrawFn) -> Convention:
    order = draw(st.permutations(["abbreviation", "workload", "environment", "region", "instance"]))
    if draw(st.booleans()):
        order.insert(draw(st.integers(0, len(order))), "organisation")
    return Convention.from_mapping(
        {
            "organisation": draw(strategies.words),
            "order": order,
            "separator": draw(st.sampled_from(["-", ""])),
            "suffix_length": draw(st.integers(4, 8)),
            "environments": dict(strategies.CONVENTION.environments),
        }
    )


def name_or_error(convention: Convention, rule: Rule, tokens: Tokens) -> str:
    try:
        return convention.name(rule, tokens)
    except NamingError as error:
        return str(error)


@by_every_type
@few
@given(tokens=strategies.tokens())
def test_every_name_is_one_that_azure_accepts_and_has_its_environment(rule: Rule, tokens: Tokens) -> None:
    name = strategies.named(rule, tokens)
    assert rule.violations(name) == []
    assert name == name.lower()
    short = strategies.CONVENTION.environments[tokens.environment]
    assert short in (name.split(rule.separator) if rule.separator else name)


@by_every_type
@few
@given(one=strategies.tokens(), other=strategies.tokens())
def test_different_tokens_never_give_the_same_name(rule: Rule, one: Tokens, other: Tokens) -> None:
    assume(one != other)
    assert strategies.named(rule, one) != strategies.named(rule, other)


@by_type
@given(convention=conventions(), tokens=strategies.tokens(), other=strategies.tokens())
def test_any_convention_gives_valid_distinct_names_or_says_what_to_change(
    rule: Rule, convention: Convention, tokens: Tokens, other: Tokens
) -> None:
    assume(tokens != other)
    outcomes = [name_or_error(convention, rule, one) for one in (tokens, other)]
    assert all(rule.accepts(name) or name.startswith("naming.toml: ") for name in outcomes)
    assert outcomes[0] != outcomes[1] or not rule.accepts(outcomes[0])


@given(tokens=strategies.tokens())
def test_a_name_that_looks_like_a_shortened_one_is_still_another(tokens: Tokens) -> None:
    rule = rule_for("mlw")
    shortened = strategies.CONVENTION.name(rule, Tokens("contoso", "x" * 60, "dev", "westeurope", tokens.instance))
    prefix, marker = shortened.split("-")[1:3]
    literal = Tokens("contoso", prefix + marker, "dev", "westeurope", tokens.instance)
    assert strategies.CONVENTION.name(rule, literal) != shortened


def test_names_are_the_same_in_every_run_on_every_machine() -> None:
    tokens = Tokens("contoso", "customerchurnmodelling", "prod", "germanywestcentral", "01")
    names = {rule.label: Convention.from_mapping({}).name(rule, tokens) for rule in PLANNED}
    assert names == {
        "resource group": "rg-customerchurnmodelling-prod-dewc-01",
        "Machine Learning workspace": "mlw-custome-1y6iie6p-prod-dewc-01",
        "storage account": "stcustproddewc013fhigqyd",
        "key vault": "kv-cu-prod-dewc-3fhigqyd",
        "Application Insights": "appi-customerchurnmodelling-prod-dewc-01",
        "Log Analytics workspace": "log-customerchurnmodelling-prod-dewc-01",
        "container registry": "crcustomerchurnmodellingproddewc013fhig",
        "user-assigned managed identity": "id-customerchurnmodelling-prod-dewc-01",
        "compute cluster": "cpu-c-5ila1amn-dewc-prod",
    }


def test_another_organisation_gets_other_globally_unique_names_and_the_same_others() -> None:
    ours = Tokens("contoso", "churn", "dev", "westeurope")
    theirs = Tokens("fabrikam", "churn", "dev", "westeurope")
    for rule in PLANNED:
        same = strategies.CONVENTION.name(rule, ours) == strategies.CONVENTION.name(rule, theirs)
        assert same is (rule.scope != "global")


def test_the_environment_survives_where_nothing_else_does() -> None:
    convention = Convention.from_mapping({"environments": {"production": "productions"}})
    tokens = Tokens("contoso", "churn", "production", "westeurope", "01")
    assert "productions" in convention.name(rule_for("st"), tokens)
    assert "productions" in convention.name(rule_for("kv"), tokens)


@pytest.mark.parametrize(
    ("changes", "label", "sentence"),
    [
        ({"environments": {"dev": "d" * 20}}, "kv", "shorten environments.dev."),
        ({"types": {COMPUTE: {"max_length": 10}}}, "compute cluster", f'types."{COMPUTE}".max_length.'),
        ({"workload": "microsoft"}, "st", "reserved word 'microsoft'. Change workload."),
        ({"instance": "01", "order": ["instance", "environment"]}, "kv", "Change types."),
        ({}, "datastore", "abbreviation"),
    ],
)
def test_a_name_that_cannot_be_is_an_error_that_names_the_key(
    changes: dict[str, Any], label: str, sentence: str
) -> None:
    convention = Convention.from_mapping(changes)
    with pytest.raises(NamingError) as raised:
        convention.name(rule_for(label), convention.tokens("dev", "westeurope"))
    assert sentence in str(raised.value)
    assert "naming.toml" in str(raised.value)


def test_a_type_can_have_its_own_abbreviation_order_separator_and_length() -> None:
    convention = Convention.from_mapping(
        {
            "types": {
                "mlw": {"abbreviation": "aml", "order": ["environment", "abbreviation"], "max_length": 12},
                "kv": {"separator": ""},
                "datastore": {"abbreviation": "ds"},
            }
        }
    )
    tokens = convention.tokens("dev", "westeurope")
    assert convention.name(rule_for("mlw"), tokens) == "dev-aml"
    assert "-" not in convention.name(rule_for("kv"), tokens)
    assert convention.name(rule_for("datastore"), tokens) == "ds_churn_dev_euw"


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        ({"organization": "x"}, "unknown key organization: did you mean 'organisation'?"),
        ({"organisation": "Contoso Ltd"}, "for instance 'contosoltd'"),
        ({"workload": "2churn"}, "for instance 'churn'"),
        ({"workload": 7}, "write text in quotes"),
        ({"instance": "00001"}, "one to four"),
        ({"order": "workload"}, "write a list"),
        ({"order": ["workload", "env"]}, "'env': write one of"),
        ({"order": ["environment", "environment"]}, "twice"),
        ({"order": ["workload"]}, "lacks 'environment'"),
        ({"separator": "_"}, "separator is '_'"),
        ({"suffix_length": 3}, "write 4 to 8"),
        ({"suffix_length": True}, "whole number"),
        ({"region_codes": "mine"}, "'azure-naming-tool'"),
        ({"regions": {"westeurope": "use"}}, "regions.eastus and regions.westeurope are both 'use'"),
        ({"regions": "weu"}, "write a table"),
        ({"environments": {}}, "is empty"),
        ({"environments": {"dev": "d", "demo": "d"}}, "both 'd'"),
        ({"environments": {"dev": "DEV"}}, "environments.dev is 'DEV'"),
        ({"types": {"kvv": {}}}, "did you mean 'kv'?"),
        ({"types": {"kv": {"abbrev": "x"}}}, "did you mean 'abbreviation'?"),
        ({"types": {"kv": {"max_length": 25}}}, "write 3 to 24"),
    ],
)
def test_a_key_that_is_wrong_is_named_with_what_to_write(keys: dict[str, Any], sentence: str) -> None:
    with pytest.raises(NamingError) as raised:
        Convention.from_mapping(keys)
    assert sentence in str(raised.value)
    assert "naming.toml" in str(raised.value)


def test_a_convention_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    for content, sentence in ((None, "can't be read"), (b"workload =", "not valid TOML"), (b"\xff", "not valid TOML")):
        path = tmp_path / "naming.toml"
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(NamingError, match=sentence):
            Convention.load(path)


def test_the_naming_toml_of_this_repository_says_what_the_defaults_say() -> None:
    assert Convention.load(ROOT / "naming.toml") == Convention.from_mapping({})


def test_every_region_has_a_name_as_the_api_spells_it_and_each_table_tells_regions_apart() -> None:
    assert len(regions()) > 60
    for name, region in regions().items():
        assert name == region.label.replace(" ", "").lower()
    for table in code_tables():
        convention = Convention.from_mapping({"region_codes": table})
        assert len(convention.region_codes) > 50


def test_a_region_without_a_published_code_needs_one_of_its_own() -> None:
    with pytest.raises(NamingError, match=r"no short code for the region 'denmarkeast'.*\[regions\]"):
        Convention.from_mapping({}).tokens("dev", "denmarkeast")
    own = Convention.from_mapping({"regions": {"Denmark East": "dke"}})
    assert own.tokens("dev", "denmarkeast").region == "denmarkeast"


def test_a_region_that_is_nearly_a_known_one_is_a_slip_and_a_new_one_is_welcome() -> None:
    with pytest.raises(NamingError, match="'westeurop': did you mean 'westeurope'"):
        Convention.from_mapping({"regions": {"westeurop": "we"}})
    convention = Convention.from_mapping({"regions": {"atlantis": "atl"}})
    assert naming_plan(convention, "dev", "atlantis")["resource_group"].endswith("-atl")
