"""Who lags behind, by Azure's own words for each policy."""

import pytest

from localazure.sweeps.early_termination import lagging

BANDIT = {"policyType": "Bandit", "evaluationInterval": 1, "delayEvaluation": 2}


def test_without_a_policy_nobody_lags() -> None:
    assert lagging(None, {"a": [9.0]}, {"b": [0.1]}, "minimize") == []


@pytest.mark.parametrize(
    ("slack", "goal", "running", "expected"),
    [
        ({"slackFactor": 0.5}, "minimize", {"a": [9.0, 1.6], "b": [9.0, 1.4]}, ["a"]),
        ({"slackAmount": 0.5}, "minimize", {"a": [9.0, 1.6], "b": [9.0, 1.4]}, ["a"]),
        # Azure's example: with a factor of 0.2 and 0.8 as the best, below 0.8 / 1.2 a trial is ended.
        ({"slackFactor": 0.2}, "maximize", {"a": [0.1, 0.66], "b": [0.1, 0.67], "c": [0.1, 0.8]}, ["a"]),
    ],
)
def test_bandit_allows_a_slack_from_the_best(
    slack: dict[str, float], goal: str, running: dict[str, list[float]], expected: list[str]
) -> None:
    ended = {"z": [1.0, 1.0]} if goal == "minimize" else {}
    assert lagging({**BANDIT, **slack}, running, ended, goal) == expected


def test_a_policy_waits_for_its_delay_and_its_interval() -> None:
    policy = {**BANDIT, "slackAmount": 0.1, "evaluationInterval": 2}
    for history, ends in (([9.0], False), ([9.0, 9.0], True), ([9.0, 9.0, 9.0], False)):
        assert bool(lagging(policy, {"a": history}, {"z": [1.0]}, "minimize")) is ends


def test_median_stopping_compares_with_the_averages_up_to_the_same_interval() -> None:
    ended = {"x": [3.0, 1.0, 0.1], "y": [4.0, 2.0, 0.1]}
    assert lagging({"policyType": "MedianStopping"}, {"a": [2.6, 2.6]}, ended, "minimize") == ["a"]
    assert lagging({"policyType": "MedianStopping"}, {"a": [2.4, 2.4]}, ended, "minimize") == []


def test_truncation_ends_the_worst_share() -> None:
    policy = {"policyType": "TruncationSelection", "truncationPercentage": 50, "evaluationInterval": 1}
    running = {"a": [1.0], "b": [2.0]}
    assert lagging(policy, running, {"x": [3.0], "y": [4.0]}, "minimize") == []
    assert lagging({**policy, "excludeFinishedJobs": True}, running, {"x": [3.0], "y": [4.0]}, "minimize") == ["b"]
