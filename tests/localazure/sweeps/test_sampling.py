"""Search spaces as the REST API writes them, sampled."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localazure.sweeps.errors import SweepError
from localazure.sweeps.sampling import sampling

RANDOM = {"samplingAlgorithmType": "Random", "seed": 7}


def test_a_grid_is_every_combination_and_then_nothing() -> None:
    source = sampling(
        {"samplingAlgorithmType": "Grid"}, {"a": ["choice", [[1, 2]]], "b": ["choice", [["x"]]]}, "minimize"
    )
    assert [source.ask(), source.ask(), source.ask()] == [{"a": 1, "b": "x"}, {"a": 2, "b": "x"}, None]


@given(low=st.floats(-5, 4), width=st.floats(0.1, 5), step=st.sampled_from([0.1, 0.5, 1.0]))
def test_what_is_drawn_lies_where_the_distribution_says(low: float, width: float, step: float) -> None:
    high = low + width
    space = {"u": ["uniform", [low, high]], "l": ["loguniform", [low, high]], "q": ["quniform", [low, high, step]]}
    drawn = sampling(RANDOM, {**space, "r": ["randint", [3]]}, "minimize").ask()
    assert drawn is not None
    assert low <= drawn["u"] <= high
    assert 2.718281828**low * 0.999 <= drawn["l"] <= 2.718281829**high * 1.001
    assert low - step <= drawn["q"] <= high + step
    assert drawn["q"] / step == pytest.approx(round(drawn["q"] / step))
    assert drawn["r"] in (0, 1, 2)


def test_bayesian_sampling_learns_where_the_metric_is_small() -> None:
    source = sampling({"samplingAlgorithmType": "Bayesian"}, {"a": ["uniform", [0, 1]]}, "minimize")
    asked = []
    for _ in range(40):
        values = source.ask()
        assert values is not None
        source.tell(values, (values["a"] - 0.3) ** 2)
        asked.append(values["a"])
    late = asked[20:]
    assert sum(abs(value - 0.3) < 0.2 for value in late) > len(late) * 0.6


@pytest.mark.parametrize(
    ("algorithm", "space", "words"),
    [
        ("Grid", {"a": ["uniform", [0, 1]]}, "choices"),
        ("Bayesian", {"a": ["normal", [0, 1]]}, "write random"),
        ("Sobol", {"a": ["choice", [[1]]]}, "grid, random or bayesian"),
        ("Random", {"a": ["zipf", [1]]}, "no distribution"),
    ],
)
def test_what_cannot_be_sampled_is_said(algorithm: str, space: dict[str, list[object]], words: str) -> None:
    with pytest.raises(SweepError, match=words):
        sampling({"samplingAlgorithmType": algorithm}, space, "minimize")
