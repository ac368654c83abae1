import re
import time
from pathlib import Path

import pytest

from naming import NamingError, Rule, Scope, ViolationKind, rule_for, rule_for_key, rulebook, rules
from naming.rulebook import rules_matching

ALL = rules()
HOSTILE = [piece * (100_000 // len(piece)) for piece in ("a", "-", "1", "-1", "a-", "--", ".", " ", "\n", "a_", "é")]

by_key = pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.key)


def name_of_length(rule: Rule, length: int) -> str:
    """A name that every pattern likes, or for the types of one length the good example."""
    return rule.good[0] if rule.min_length == rule.max_length == length else "a" * length


@by_key
def test_names_of_the_least_and_the_most_characters_are_accepted(rule: Rule) -> None:
    assert rule.violations(name_of_length(rule, rule.min_length)) == []
    assert rule.violations(name_of_length(rule, rule.max_length)) == []


@by_key
def test_one_character_less_or_more_is_a_matter_of_length(rule: Rule) -> None:
    for length in (rule.min_length - 1, rule.max_length + 1):
        found = rule.violations("a" * length)
        assert ViolationKind.LENGTH in [violation.kind for violation in found]
        assert f"has {length} characters" in found[0].message


@by_key
def test_good_examples_are_accepted_and_bad_ones_refused_for_their_characters(rule: Rule) -> None:
    assert rule.good
    assert rule.bad
    for name in rule.good:
        assert rule.violations(name) == []
    for name in rule.bad:
        assert [violation.kind for violation in rule.violations(name)] == [ViolationKind.CHARACTERS], name


@by_key
def test_a_pattern_is_the_whole_name_and_ignores_length(rule: Rule) -> None:
    assert rule.pattern.startswith("^")
    assert rule.pattern.endswith("$")
    assert not rule.accepts(name_of_length(rule, rule.max_length - 1) + "\n")
    if rule.min_length != rule.max_length:
        assert re.fullmatch(rule.pattern, "a" * 5_000)


@by_key
def test_a_hostile_name_is_judged_at_once_by_rule_and_by_pattern_alone(rule: Rule) -> None:
    start = time.process_time()
    for name in HOSTILE:
        assert [violation.kind for violation in rule.violations(name)] == [ViolationKind.LENGTH]
        re.fullmatch(rule.pattern, name + "\0")
    assert time.process_time() - start < 1


@by_key
def test_what_a_rule_says_of_itself_is_complete(rule: Rule) -> None:
    assert rule.separator in {"-", "_", ""}
    assert rule.description
    assert not rule.description.endswith(".")
    for source in rule.sources:
        assert source.name
        assert re.fullmatch(r"20\d\d-[01]\d(-[0-3]\d)?", source.retrieved)
    if rule.separator:
        assert re.fullmatch(rule.pattern, f"a{rule.separator}b") or rule.min_length == rule.max_length
    else:
        assert not re.fullmatch(rule.pattern, "a-b")


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
    assert rule_for("Microsoft.MachineLearningServices/workspaces", "Hub") is rule_for("mlw")
    assert rule_for_key(f"{computes}[AmlCompute]") is rule_for(computes)
    assert [rule.variant for rule in rules_matching(computes)] == ["AmlCompute", "ComputeInstance", "other"]


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("Microsoft.KeyVault/vault", "did you mean 'Microsoft.KeyVault/vaults'?"),
        ("key volt", "did you mean 'key vault'?"),
        ("zzzzzzzzz", "mlws names explain"),
        ("Microsoft.MachineLearningServices/workspaces/computes[AmlComput]", "did you mean 'AmlCompute'?"),
        ("kv[Premium]", "leave out [Premium]"),
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


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('label = "x"', "lacks bad, case"),
        ('lable = "x"', "lacks"),
        (None, "unknown key 'patern': did you mean 'pattern'?"),
    ],
)
def test_a_rule_file_of_the_wrong_shape_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str | None, sentence: str
) -> None:
    whole = (Path(rulebook.__file__).parent / "rules" / "foundation.toml").read_text("utf-8")
    text = f'[[rule]]\ntype = "T"\n{line}\n' if line else whole + 'patern = "x"\n'
    (tmp_path / "wrong.toml").write_text(text, "utf-8")
    monkeypatch.setattr(rulebook, "_FOLDER", tmp_path)
    with pytest.raises(NamingError) as raised:
        rulebook.rules.__wrapped__()
    assert "naming/rules/wrong.toml" in str(raised.value)
    assert sentence in str(raised.value)
