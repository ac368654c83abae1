import json
from collections import Counter
from itertools import islice

import pytest
from click.testing import CliRunner
from hypothesis import example, given, settings
from hypothesis import strategies as st

from naming import NamingError, Rule, rule_for_key
from naming.correct import corrected, corrections
from naming.lint.checks import registry
from naming.lint.command import lint
from naming.lint.configuration import Configuration
from naming.lint.model import NamedResource
from naming.rulebook import rules

CLUSTER = "Microsoft.MachineLearningServices/workspaces/computes[AmlCompute]"
DEPLOYMENT = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments[Kubernetes]"
hostile = st.text(max_size=80) | st.from_regex(r"[a-zA-Z0-9_.#-]{1,30}", fullmatch=True)


@pytest.mark.parametrize(
    ("key", "name", "near"),
    [
        ("kv", "kv-good", "kv-good"),
        ("kv", "kv--churn", "kv-churn"),
        ("kv", "kv-churn-", "kv-churn"),
        ("kv", "1kv-churn", "kv-churn"),
        ("kv", "KV_Churn", "KV-Churn"),
        ("kv", "kv-customerchurnmodelling-prod-euw", "kv-cus-2i522ei5-prod-euw"),
        ("kv", "login-churn", "kv-login-churn"),
        ("kv", "azure", "kv-azure"),
        ("kv", "kv-windows-x", "kv-x"),
        ("kv", "x" * 100_000, "xxxxxxxxxxxxxxx-4jas8dss"),
        ("st", "ST-Churn-dev", "stchurndev"),
        ("rg", "rg-ü.", "rg-ü"),
        ("appi", "appi-churn#1", "appi-churn-1"),
        ("datastore", "My Store", "my_store"),
        (CLUSTER, "my-cpu-01", "my-cpu01"),
    ],
)
def test_the_nearest_name_changes_what_is_wrong_and_no_more(key: str, name: str, near: str) -> None:
    assert corrected(rule_for_key(key), name) == near


@pytest.mark.parametrize(("key", "name"), [("role assignment", "churn"), ("kv", ""), ("kv", "!!!")])
def test_where_nothing_can_stay_there_is_no_name(key: str, name: str) -> None:
    with pytest.raises(NamingError, match="there is no name"):
        corrected(rule_for_key(key), name)


@settings(max_examples=300)
@given(rule=st.sampled_from(rules()), name=hostile, limit=st.none() | st.integers(0, 40))
def test_no_corrected_name_has_a_finding(rule: Rule, name: str, limit: int | None) -> None:
    judge = registry(None, Configuration().with_options(["NAM1"]))
    for near in islice(corrections(rule, name, limit), 3):
        assert list(judge(NamedResource(rule.type, rule.variant, near, file="list"))) == []
        assert limit is None or len(near) <= limit


@given(rule=st.sampled_from(rules()), name=hostile)
@example(rule_for_key("kv"), "kv-\ud800-a")  # half of a surrogate pair: JSON may have one, and so may an argument
def test_corrections_of_a_name_differ(rule: Rule, name: str) -> None:
    found = list(islice(corrections(rule, name), 4))
    assert len(set(found)) == len(found)


def judged(lines: list[str], *options: str) -> list[dict[str, str]]:
    result = CliRunner().invoke(lint, ["-", "--json", *options], input="\n".join(lines) + "\n")
    assert result.exit_code in (0, 1), result.exception
    found: list[dict[str, str]] = json.loads(result.stdout)
    return found


@pytest.mark.parametrize("options", [[], ["--environment", "dev", "--convention", "naming.toml"]])
@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.sampled_from(["kv", "st", "rg", "datastore"]), st.from_regex(r"[aA][-_a]{1,3}b?", fullmatch=True)),
        min_size=1,
        max_size=12,
        unique_by=lambda one: (one[0], one[1].lower()),
    ),
)
def test_whoever_takes_every_suggestion_has_no_such_finding_left(
    options: list[str], names: list[tuple[str, str]]
) -> None:
    lines = [f"{key}={name}" for key, name in names]
    better = list(lines)
    for one in judged(lines, *options):
        if one["suggestion"] is not None:
            at = int(one["line"]) - 1
            better[at] = f"{names[at][0]}={one['suggestion']}"
    taken = [line for before, line in zip(lines, better, strict=True) if line != before]
    again = judged(better, *options)
    assert [one for one in again if better[int(one["line"]) - 1] in taken] == []
    counted = Counter(line.lower() for line in better)
    assert [line for line in taken if counted[line.lower()] > 1] == []


def test_a_name_below_another_is_corrected_to_what_that_leaves() -> None:
    judge = registry(None, Configuration())
    rule = rule_for_key(DEPLOYMENT)
    scope = f"/subscriptions/0/x/onlineEndpoints/{'e' * 32}"
    (finding,) = judge(NamedResource(rule.type, "Kubernetes", "d" * 32, scope_path=scope, file="a"))
    assert finding.id == "NAM104"
    assert finding.suggestion is not None
    assert len(finding.suggestion) <= 30
