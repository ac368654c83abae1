"""The rules that were written by hand: what they accept and refuse, and how one is found."""

import re

import pytest

from naming import NamingError, Rule, Scope, ViolationKind, rule_for, rule_for_key, rules
from naming.rulebook import rules_matching

ALL = [rule for rule in rules() if rule.curated]

by_key = pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.key)


@by_key
def test_good_examples_are_accepted_and_bad_ones_refused_for_their_characters(rule: Rule) -> None:
    assert rule.good
    assert rule.bad
    for name in rule.good:
        assert rule.violations(name) == []
    for name in rule.bad:
        assert ViolationKind.CHARACTERS in [violation.kind for violation in rule.violations(name)], name
        assert rule.min_length <= len(name) <= rule.max_length or rule.min_length == rule.max_length, name


@by_key
def test_what_a_rule_says_of_itself_is_complete(rule: Rule) -> None:
    assert rule.separator in {"-", "_", ""}
    assert rule.description
    assert not rule.description.endswith(".")
    assert rule.sources
    for source in rule.sources:
        assert source.name
        assert source.says
        assert re.fullmatch(r"20\d\d-[01]\d(-[0-3]\d)?", source.retrieved)


def test_no_two_rules_share_key_label_or_abbreviation() -> None:
    for spellings in (
        [rule.key.lower() for rule in ALL],
        [rule.label.lower() for rule in ALL],
        [rule.abbreviation for rule in ALL if rule.abbreviation],
    ):
        assert len(spellings) == len(set(spellings))


@pytest.mark.parametrize(
    ("key", "name", "accepted"),
    [
        ("kv", "kv--churn", False),
        ("kv", "churn-kv-1", True),
        ("rg", "rg-churn.", False),
        ("rg", "rg.churn", True),
        ("compute cluster", "cpu-16", False),
        ("compute cluster", "cpu-16x", True),
        ("compute cluster", "a" * 32, True),
        ("compute instance", "a" * 25, False),
        ("attached compute", "a" * 17, False),
        ("datastore", "Training", False),
        ("datastore", "training-data", False),
        ("online endpoint", "churn--blue", False),
        ("online endpoint", "1churn", False),
        ("appi", "Churn insights (dev)", True),
        ("appi", "churn.", False),
        ("cr", "crch", False),
        ("mlw", "mlw_churn", True),
        ("mlw", "a" * 34, False),
        ("blob container", "a--b", False),
    ],
)
def test_the_traps_that_other_tools_fall_into(key: str, name: str, *, accepted: bool) -> None:
    assert rule_for(key).accepts(name) is accepted


@pytest.mark.parametrize(
    ("name", "reserved"),
    [
        ("kv-microsoft-dev", True),
        ("kvWindows", True),
        ("login-kv", True),
        ("kv-login", False),
        ("azure", True),
        ("azure-kv", False),
    ],
)
def test_words_that_azure_reserves(name: str, *, reserved: bool) -> None:
    kinds = [violation.kind for violation in rule_for("kv").violations(name)]
    assert kinds == ([ViolationKind.RESERVED] if reserved else [])


def test_types_without_an_endpoint_may_use_reserved_words() -> None:
    assert rule_for("rg").accepts("rg-microsoft")


@pytest.mark.parametrize(
    "spelling", ["Microsoft.KeyVault/vaults", "microsoft.keyvault/VAULTS", "kv", "KV", "key vault", " Key Vault "]
)
def test_a_rule_is_found_by_type_abbreviation_or_label(spelling: str) -> None:
    assert rule_for(spelling).type == "Microsoft.KeyVault/vaults"


def test_a_compute_without_a_variant_is_a_cluster_and_with_any_kind_of_arm_has_a_rule() -> None:
    computes = "Microsoft.MachineLearningServices/workspaces/computes"
    assert rule_for(computes).variant == "AmlCompute"
    assert rule_for(computes, "computeinstance").max_length == 24
    assert rule_for(computes, "Kubernetes").variant == "other"
    assert rule_for("Microsoft.MachineLearningServices/workspaces", "Default") is rule_for("mlw")
    assert rule_for("Microsoft.MachineLearningServices/workspaces", "hub") is rule_for("hub")
    assert rule_for_key(f"{computes}[AmlCompute]") is rule_for(computes)
    assert [rule.variant for rule in rules_matching(computes)] == ["AmlCompute", "ComputeInstance", "other"]


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("Microsoft.KeyVault/vault", "did you mean 'Microsoft.KeyVault/vaults'?"),
        ("key volt", "did you mean 'key vault'?"),
        ("zzzzzzzzz", "mlws names explain"),
        ("Microsoft.MachineLearningServices/workspaces/computes[AmlComput]", "did you mean 'AmlCompute'?"),
        ("kv[Premium]", "leave out 'Premium'"),
        ("compute cluster[AmlCompute", "closing bracket"),
    ],
)
def test_an_unknown_type_or_variant_is_answered_with_the_nearest(key: str, sentence: str) -> None:
    with pytest.raises(NamingError) as raised:
        rule_for_key(key)
    assert sentence in str(raised.value)
    assert raised.value.exit_code == 2


def test_scopes_are_those_of_azure() -> None:
    assert rule_for("cr").scope is Scope.GLOBAL
    assert rule_for("log").scope is Scope.RESOURCE_GROUP
    assert rule_for("online endpoint").scope is Scope.REGION
    assert rule_for("compute cluster").scope is Scope.WORKSPACE
