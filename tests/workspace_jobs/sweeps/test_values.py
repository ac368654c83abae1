"""What may be written for a parameter, and what it means."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workspace_jobs.errors import JobsError
from workspace_jobs.sweeps.space import Choice, LogUniform, Uniform
from workspace_jobs.sweeps.values import parse_dimension, parse_value, text_of_value

numbers = st.integers(-(10**9), 10**9) | st.floats(allow_nan=False, allow_infinity=False)


def values(text: str) -> tuple[object, ...]:
    dimension = parse_dimension(text, "--grid x")
    assert isinstance(dimension, Choice)
    return dimension.values


@given(st.lists(numbers, min_size=1, unique_by=str))
def test_a_list_of_numbers_is_read_as_it_is_written(listed: list[float]) -> None:
    assert values(",".join(map(text_of_value, listed))) == tuple(listed)


@given(st.integers(-50, 50), st.integers(0, 60), st.sampled_from([1, 2, 5, 10, 100, 1000]))
def test_a_range_has_both_its_ends_and_exact_steps(start: int, count: int, per_unit: int) -> None:
    stop, step = start + count / per_unit, 1 / per_unit
    found = values(f"{start}:{stop}:{step}")
    assert found == tuple(pytest.approx(start + number / per_unit) for number in range(count + 1))
    # Not 0.30000000000000004.
    assert all(len(str(value)) <= 9 for value in found)


@given(st.floats(-20, 20), st.floats(-20, 20), st.integers(2, 50))
def test_spaces_begin_and_end_where_they_say(low: float, high: float, count: int) -> None:
    for text, first, last in (("linspace", low, high), ("logspace", 10**low, 10**high)):
        found = values(f"{text}({low},{high},{count})")
        assert len(found) == count
        assert (found[0], found[-1]) == (pytest.approx(first), pytest.approx(last))


def test_the_grid_of_the_article() -> None:
    alphas, ratios = values("logspace(-5,1,30)"), values("0:1:0.1")
    assert len(alphas) * len(ratios) == 330
    assert ratios == (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
    assert alphas[16] == pytest.approx(0.0204, abs=1e-4)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b", Choice(("a", "b"))),
        ("choice('a,b', 2, true)", Choice(("a,b", 2, True))),
        ("'1',1.0", Choice(("1", 1.0))),
        ("10:0:-5", Choice((10, 5, 0))),
        ("0:1:0.4", Choice((0.0, 0.4, 0.8))),
        ("uniform(0,1)", Uniform(0.0, 1.0)),
        (" loguniform( 1e-5 , 10 ) ", LogUniform(1e-5, 10.0)),
        ("http://x", None),
    ],
)
def test_what_else_can_be_written(text: str, expected: object) -> None:
    if expected is None:
        with pytest.raises(JobsError, match="start:stop:step"):
            parse_dimension(text, "--grid x")
    else:
        assert parse_dimension(text, "--grid x") == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "a value is empty"),
        ("1,,2", "a value is empty"),
        ("1,1", "twice"),
        ("lospace(1,2,3)", "did you mean `logspace`"),
        ("logspace(1,400,3)", "no number that fits"),
        ("logspace(1,2)", "3 numbers"),
        ("linspace(0,1,0)", "whole number"),
        ("linspace(0,1,2.5)", "whole number"),
        ("linspace(0,inf,3)", "3 numbers"),
        ("0:1:0", "no step leads"),
        ("0:1:-1", "no step leads"),
        ("0:1", "start:stop:step"),
        ("0:1e9:0.001", "1,000,000"),
        ("uniform(1,0)", "not below"),
        ("loguniform(0,1)", "positive"),
    ],
)
def test_a_mistake_says_what_to_write(text: str, words: str) -> None:
    with pytest.raises(JobsError, match=words) as caught:
        parse_dimension(text, "--grid x")
    assert str(caught.value).startswith("--grid x")


@given(st.text())
def test_any_text_is_a_dimension_or_a_sentence(text: str) -> None:
    try:
        dimension = parse_dimension(text, "--grid x")
    except JobsError:
        return
    assert not isinstance(dimension, Choice) or dimension.values


@given(st.integers() | st.booleans() | st.floats(allow_nan=False))
def test_a_value_survives_being_an_argument(value: float) -> None:
    read = parse_value(text_of_value(value))
    assert read == value
    assert isinstance(read, bool) is isinstance(value, bool)
    assert math.isinf(float(read)) is math.isinf(float(value))
