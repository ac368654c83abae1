"""What is tried next, and what is learnt."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workspace_jobs.errors import JobsError
from workspace_jobs.sweeps.definition import SweepDefinition
from workspace_jobs.sweeps.samplers import sampler_of, size_of_grid
from workspace_jobs.sweeps.space import Choice, Dimension, LogUniform, Uniform

dimensions: st.SearchStrategy[Dimension] = (
    st.lists(st.integers(), min_size=1, max_size=4, unique=True).map(lambda found: Choice(tuple(found)))
    | st.tuples(st.floats(-5, 0), st.floats(1, 5)).map(lambda ends: Uniform(*ends))
    | st.tuples(st.floats(0.1, 0.5), st.floats(1, 5)).map(lambda ends: LogUniform(*ends))
)
spaces = st.dictionaries(st.sampled_from("abc"), dimensions, min_size=1)


@given(st.lists(st.integers(1, 4), min_size=1, max_size=3))
def test_a_grid_is_the_product_in_its_order(sizes: list[int]) -> None:
    space = {f"p{at}": Choice(tuple(range(size))) for at, size in enumerate(sizes)}
    sampler = sampler_of("grid", space, 0, "minimize")
    asked = [tuple(sampler.ask(number).values()) for number in range(size_of_grid(space))]
    assert asked == list(itertools.product(*(range(size) for size in sizes)))


@given(spaces, st.integers(), st.integers(0, 10**6))
def test_a_random_trial_is_decided_by_its_number(space: dict[str, Dimension], seed: int, number: int) -> None:
    first, again = (sampler_of("random", space, seed, "minimize").ask(number) for _ in range(2))
    assert first == again
    assert set(first) == set(space)


@given(spaces)
def test_a_definition_is_read_back_as_it_was(space: dict[str, Dimension]) -> None:
    definition = SweepDefinition("x.py:f", space, 10, {"seed": 1}, "random", arguments=("a",))
    assert SweepDefinition.from_json(definition.to_json()) == definition


def test_a_distribution_has_no_grid() -> None:
    with pytest.raises(JobsError, match="--sampler random"):
        size_of_grid({"alpha": Uniform(0, 1)})


@pytest.mark.parametrize("goal", ["minimize", "maximize"])
def test_tpe_comes_near_the_best_also_with_what_another_process_has_tried(goal: str) -> None:
    space: dict[str, Dimension] = {"x": Uniform(0, 1), "kind": Choice(("good", "bad"))}

    def measure(parameters: object) -> float:
        assert isinstance(parameters, dict)
        distance = (parameters["x"] - 0.3) ** 2 + (parameters["kind"] == "bad")
        return float(distance if goal == "minimize" else -distance)

    before, after = (sampler_of("tpe", space, 0, goal) for _ in range(2))
    for number in range(30):
        parameters = before.ask(number)
        after.tell(number, parameters, measure(parameters))
        before.tell(number, parameters, measure(parameters))
    later = []
    for number in range(30, 40):
        parameters = after.ask(number)
        after.tell(number, parameters, None if number == 30 else measure(parameters))
        later.append(parameters)
    assert sum(one["kind"] == "good" for one in later) >= 7
    assert sum(abs(float(one["x"]) - 0.3) < 0.25 for one in later) >= 6
