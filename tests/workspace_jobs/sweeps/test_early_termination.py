"""Which trials are ended on their way: by Azure's words for each policy, and as the embedded Azure does it."""

import math
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localazure.sweeps.early_termination import lagging
from workspace_jobs.errors import JobsError
from workspace_jobs.sweeps.asked import AskedSweep, definition_of
from workspace_jobs.sweeps.definition import SweepDefinition
from workspace_jobs.sweeps.early_termination import Bandit, Judge, MedianStopping, read_policy
from workspace_jobs.sweeps.space import Choice

# As a sweep job's file writes them, and as the REST API does.
SPELLINGS = {
    "type": "policyType",
    "bandit": "Bandit",
    "median_stopping": "MedianStopping",
    "truncation_selection": "TruncationSelection",
    "slack_factor": "slackFactor",
    "slack_amount": "slackAmount",
    "truncation_percentage": "truncationPercentage",
    "evaluation_interval": "evaluationInterval",
    "delay_evaluation": "delayEvaluation",
}
slack = st.sampled_from([0.1, 0.5, 2.0])
kinds = st.one_of(
    st.fixed_dictionaries({"type": st.just("bandit"), "slack_factor": slack}),
    st.fixed_dictionaries({"type": st.just("bandit"), "slack_amount": slack}),
    st.just({"type": "median_stopping"}),
    st.fixed_dictionaries({"type": st.just("truncation_selection"), "truncation_percentage": st.integers(1, 99)}),
)
whens = st.fixed_dictionaries(
    {}, optional={"evaluation_interval": st.integers(1, 3), "delay_evaluation": st.integers(0, 3)}
)
policies = st.builds(lambda kind, when: {**kind, **when}, kinds, whens)
numbers = st.lists(st.integers(-9, 9) | st.sampled_from([1e308, -1e308]), min_size=1, max_size=4)


def verdict(policy: dict[str, Any], goal: str, own: Sequence[float], others: Sequence[Sequence[float]]) -> str:
    """What is said of trial 0 when it has logged `own`."""
    judge = Judge(read_policy(policy, "here"), "m", goal)
    for number, history in enumerate([own, *others]):
        for value in history:
            judge.hear(number, value)
    return judge.verdict(0)


@given(policies, st.sampled_from(["minimize", "maximize"]), st.lists(numbers, min_size=1, max_size=5))
def test_a_trial_is_ended_here_where_the_embedded_azure_ends_it(
    policy: dict[str, Any], goal: str, listed: list[list[float]]
) -> None:
    # No two trials measure the same: which of them is the worse one nobody says.
    own, *others = (
        [value * (1 + number / 100) + number / 100 for value in history] for number, history in enumerate(listed)
    )
    there = {SPELLINGS[name]: SPELLINGS[value] if name == "type" else value for name, value in policy.items()}
    ended = {str(number): history for number, history in enumerate(others)}
    assert bool(verdict(policy, goal, own, others)) == bool(lagging(there, {"own": own}, ended, goal))


@pytest.mark.parametrize(
    ("policy", "goal", "own", "others", "ends"),
    [
        # Azure's example: with a factor of 0.2 and 0.8 as the best, below 0.8 / 1.2 a trial is ended.
        ({"type": "bandit", "slack_factor": 0.2}, "maximize", [0.66], [[0.8]], True),
        ({"type": "bandit", "slack_factor": 0.2}, "maximize", [0.67], [[0.8]], False),
        # What the other got to later is no measure of where this one is.
        ({"type": "bandit", "slack_amount": 0.1}, "minimize", [1.0], [[1.0, 0.1]], False),
        ({"type": "truncation_selection", "truncation_percentage": 50}, "minimize", [1.0], [[2.0, 0.1]], False),
        ({"type": "truncation_selection", "truncation_percentage": 50}, "minimize", [2.0], [[2.0], [2.0]], False),
        ({"type": "median_stopping"}, "minimize", [2.6, 2.6], [[3.0, 1.0, 0.1], [4.0, 2.0, 0.1]], True),
        ({"type": "median_stopping"}, "minimize", [9.0], [], False),
        # What is no number, or overflows, is worse than any number and breaks nothing.
        ({"type": "bandit", "slack_factor": 0.2}, "minimize", [math.nan], [[5.0]], True),
        ({"type": "median_stopping"}, "maximize", [1.0], [[math.nan, math.inf], [-1e308, -1e308]], False),
    ],
)
def test_who_lags_behind(
    policy: dict[str, Any], goal: str, own: list[float], others: list[list[float]], *, ends: bool
) -> None:
    assert bool(verdict(policy, goal, own, others)) is ends


def test_a_verdict_says_which_policy_and_which_value() -> None:
    assert (
        verdict({"type": "bandit", "slack_amount": 1}, "maximize", [0.5, 0.25], [[2, 2]])
        == "bandit: m 0.25 lags behind at interval 2"
    )


@given(policies)
def test_a_policy_is_written_down_with_the_sweep(policy: dict[str, Any]) -> None:
    definition = SweepDefinition("x.py", {"a": Choice((1,))}, 1, early_termination=read_policy(policy, "here"))
    assert SweepDefinition.from_json(definition.to_json()) == definition


def asked(text: str, metric: str | None = "m") -> SweepDefinition:
    return definition_of("x.py", AskedSweep(grid=["a=1,2"], metric=metric, early_termination=text), 1)


def test_a_policy_is_a_word_or_has_its_options_in_brackets() -> None:
    assert asked(" median_stopping").early_termination == MedianStopping()
    assert asked("median_stopping()").early_termination == MedianStopping()
    given = asked("bandit(slack_factor=0.1, evaluation_interval=2)").early_termination
    assert given == Bandit(slack_factor=0.1, evaluation_interval=2)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("bandits(slack_factor=1)", "did you mean `bandit`"),
        ("", "write one of bandit, median_stopping, truncation_selection"),
        ("bandit", "write one of slack_factor and slack_amount"),
        ("bandit(slack_factor=1,slack_amount=1)", "write one of slack_factor and slack_amount"),
        ("bandit(slack=1)", "has no option `slack`"),
        ("bandit(slack_factor)", "NAME=VALUE"),
        ("bandit(slack_factor=much)", "write a number"),
        ("bandit(slack_factor=inf)", "write a number"),
        ("median_stopping(evaluation_interval=0.5)", "write a whole number"),
        ("median_stopping(delay_evaluation=true)", "write a whole number"),
        ("truncation_selection", "truncation_percentage as a whole number from 1 to 99"),
        ("truncation_selection(truncation_percentage=100)", "from 1 to 99"),
    ],
)
def test_a_policy_that_is_none_is_said(text: str, words: str) -> None:
    with pytest.raises(JobsError, match=words):
        asked(text)


def test_a_policy_needs_the_name_of_the_metric() -> None:
    with pytest.raises(JobsError, match="--metric is missing"):
        asked("median_stopping", metric=None)
