"""From what the SDKs submit to what the runner runs."""

import pytest

from localazure.arm.errors import ArmError
from localazure.machine_learning.job_spec import seconds


@pytest.mark.parametrize(
    ("duration", "expected"),
    [("PT1H30M", 5400), ("PT90S", 90), ("P1DT2H", 93_600), ("PT0.5S", 0.5), (None, None), ("", None)],
)
def test_durations(duration: str | None, expected: float | None) -> None:
    assert seconds(duration) == expected


@pytest.mark.parametrize("duration", ["90", "1 hour", "PT1W"])
def test_a_duration_that_is_none_is_refused(duration: str) -> None:
    with pytest.raises(ArmError, match="ISO 8601"):
        seconds(duration)
