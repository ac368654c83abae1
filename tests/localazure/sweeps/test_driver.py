"""A sweep's driver where its trials do not come to an end."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import pytest

from localazure.sweeps.driver import Driver
from localazure.sweeps.errors import SweepError
from localazure.sweeps.trials import Trials


class Endless:
    """Trials that go on until they are cancelled."""

    def __init__(self) -> None:
        self.cancelled: list[str] = []

    def submit(self, number: int, values: Mapping[str, Any]) -> str:
        return f"trial_{number}"

    def status(self, name: str) -> str:
        return "Running"

    def history(self, name: str, metric: str) -> Sequence[float]:
        return []

    def cancel(self, name: str) -> None:
        self.cancelled.append(name)


def test_a_sweep_that_takes_longer_than_it_may_is_cancelled_with_its_trials() -> None:
    trials = Endless()
    properties = {
        "samplingAlgorithm": {"samplingAlgorithmType": "Grid"},
        "searchSpace": {"alpha": ["choice", [[1, 2, 3]]]},
        "objective": {"goal": "minimize", "primaryMetric": "loss"},
        "limits": {"maxConcurrentTrials": 2, "timeout": "PT1S"},
    }
    with pytest.raises(SweepError, match="longer than its timeout of 1 s"):
        Driver(properties, cast(Trials, trials), lambda: False).run()
    assert trials.cancelled == ["trial_0", "trial_1"]
