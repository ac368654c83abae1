import json
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from naming import Convention, rule_for
from naming.cli import names
from naming.plan import ROLES
from naming.prove import CounterExample, named_rules, prove
from naming.regions import code_tables

from . import strategies

ORDER = ["abbreviation", "workload", "environment", "region", "instance"]
CLUSTER = "Microsoft.MachineLearningServices/workspaces/computes[AmlCompute]"
INSTANCE = "Microsoft.MachineLearningServices/workspaces/computes[ComputeInstance]"


def counter_example(**keys: Any) -> CounterExample:
    found = prove(Convention.from_mapping(keys)).counter_example
    assert found is not None
    return found


@pytest.mark.parametrize("table", code_tables())
@pytest.mark.parametrize("keys", [{}, {"separator": ""}, {"workload": "customerchurnmodelling"}, {"instance": "01"}])
def test_a_sound_convention_holds(table: str, keys: dict[str, Any]) -> None:
    convention = Convention.from_mapping({**keys, "region_codes": table})
    proof = prove(convention)
    assert proof.holds, proof.counter_example
    assert proof.failures == 0
    every = len(named_rules(convention)) * len(convention.environments) * len(convention.region_codes)
    assert proof.names >= every
    assert proof.suffixed >= 3


def test_every_role_and_every_type_with_an_abbreviation_is_looked_at() -> None:
    looked_at = {rule.key for rule in named_rules(Convention.from_mapping({}))}
    assert {rule_for(resource_type, variant).key for _, resource_type, variant in ROLES} <= looked_at


@pytest.mark.parametrize("left_out", ["workload", "region", "instance"])
def test_a_word_that_is_left_out_is_found_by_the_two_resources_that_it_mixes_up(left_out: str) -> None:
    found = counter_example(order=[word for word in ORDER if word != left_out])
    one, other = found.specimens
    assert one.name == other.name
    assert one.rule.type == "Microsoft.Resources/resourceGroups", "what is in the group is a consequence"
    assert getattr(one.tokens, left_out) != getattr(other.tokens, left_out)
    assert found.change == f'Add "{left_out}" to order.'


def test_a_type_with_an_order_of_its_own_is_told_by_its_own_key() -> None:
    found = counter_example(types={"rg": {"order": ["abbreviation", "workload", "environment", "instance"]}})
    assert found.change == 'Add "region" to types."Microsoft.Resources/resourceGroups".order.'


def test_two_variants_of_a_type_that_would_be_alike_are_found() -> None:
    found = counter_example(types={INSTANCE: {"abbreviation": "cpu"}})
    assert {specimen.rule.key for specimen in found.specimens} == {CLUSTER, INSTANCE}
    assert found.change.endswith("abbreviation.")


def test_types_that_only_their_abbreviation_tells_apart_need_it_in_their_order() -> None:
    order = [word for word in ORDER if word != "abbreviation"]
    assert counter_example(order=order).change == 'Add "abbreviation" to order.'
    found = counter_example(types={CLUSTER: {"order": order}, INSTANCE: {"order": order}})
    assert found.change == f'Add "abbreviation" to types."{INSTANCE}".order.'


@pytest.mark.parametrize(
    ("keys", "change"),
    [
        ({"workload": "microsoft"}, "Change workload."),
        ({"environments": {"production": "p" * 14}}, "Shorten environments.production."),
        ({"types": {CLUSTER: {"order": ["workload", "environment", "region", "instance"]}}}, f'"{CLUSTER}".order.'),
    ],
)
def test_a_name_that_azure_would_refuse_is_found_with_the_key_to_change(keys: dict[str, Any], change: str) -> None:
    found = counter_example(**keys)
    assert len(found.specimens) == 1
    assert found.change.endswith(change)


def test_the_smallest_counter_example_is_told() -> None:
    keys = {"order": ["abbreviation", "workload", "environment"]}
    found = counter_example(**keys)
    assert [specimen.name for specimen in found.specimens] == ["rg-churn-qa"] * 2


@settings(max_examples=25)
@given(st.permutations(ORDER), st.lists(st.sampled_from(ORDER), max_size=2), strategies.words)
def test_a_convention_that_holds_tells_workloads_regions_and_instances_apart(
    order: list[str], left_out: list[str], workload: str
) -> None:
    order = [word for word in order if word not in left_out or word == "environment"]
    proof = prove(Convention.from_mapping({"order": order, "workload": workload}))
    if proof.holds:
        assert {"workload", "environment", "region", "instance"} <= set(order)


def test_the_proof_takes_less_than_two_seconds() -> None:
    convention = Convention.from_mapping({"environments": {f"env{number}": f"e{number}" for number in range(5)}})
    started = time.process_time()
    assert prove(convention).holds
    assert time.process_time() - started < 2


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(names, ["check", "--convention", str(folder / "naming.toml"), *arguments])


def test_the_command_says_that_a_convention_holds(tmp_path: Path) -> None:
    (tmp_path / "naming.toml").write_text("")
    result = run(tmp_path)
    assert result.exit_code == 0
    assert result.output.startswith("naming.toml holds. ")
    assert json.loads(run(tmp_path, "--json").output)["counter_example"] is None


def test_the_command_shows_the_counter_example_and_what_to_change(tmp_path: Path) -> None:
    (tmp_path / "naming.toml").write_text('order = ["abbreviation", "workload", "environment", "instance"]\n')
    result = run(tmp_path)
    assert result.exit_code == 1
    assert result.output.count("rg-churn-qa") == 3
    assert 'Add "region" to order.' in result.output
    told = json.loads(run(tmp_path, "--json").output)
    assert not told["holds"]
    assert {name["region"] for name in told["counter_example"]["names"]} == {"australiacentral", "australiacentral2"}


def test_what_is_missing_for_all_types_is_told_before_what_is_missing_for_one() -> None:
    found = counter_example(order=["abbreviation", "environment"])
    assert found.change in ('Add "workload" to order.', 'Add "region" to order.')
