"""Groups of rows, on predictions whose numbers are known."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.workspace_jobs.automl.report.conftest import made_up_run, made_up_trial
from workspace_jobs.automl.decisions.decision import Decision
from workspace_jobs.automl.errors import AutoMLError
from workspace_jobs.automl.report.findings.fairness import fairness, weakest_groups
from workspace_jobs.automl.run_folder import Member, Outcome, RunFolder

pytestmark = pytest.mark.xdist_group("automl-report")


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    """100 rows, half of them in the north: all right there, and in the south right for every second row."""
    truth = np.arange(100) % 2
    ward = np.repeat(["north", "south"], 50)
    answer = np.where((ward == "north") | (np.arange(100) % 4 < 2), truth, 1 - truth)
    frame = pd.DataFrame({"ward": ward, "size": np.arange(100.0), "same": 1, "target": truth})
    frame.loc[frame.index[-40:], "size"] = np.nan
    trial = made_up_trial(0, [0.5, 0.5], metric="accuracy")
    return made_up_run(tmp_path, [trial], frame=frame, metric="accuracy", predictions=[answer * 0.8 + 0.1])


def test_groups_have_their_score_and_rates_and_what_lies_between(folder: RunFolder) -> None:
    found = fairness(folder, "ward")
    north, south = found.groups
    assert (north.value, north.rows, north.score, north.rate, north.true_rate) == ("north", 50, 1.0, 0.5, 0.5)
    assert (south.value, south.rows) == ("south", 50)
    assert found.score_difference == pytest.approx(1 - south.score)
    assert found.score_ratio == pytest.approx(south.score)
    assert south.rate is not None
    assert [south.score, south.rate] == pytest.approx([0.5, 0.5], abs=0.03)
    assert found.rate_difference == pytest.approx(abs(0.5 - south.rate))


def test_rates_are_of_the_answers_that_the_model_gives(folder: RunFolder) -> None:
    """Probabilities are 0.1 and 0.9: with a threshold above both, nobody is answered with the second class."""
    decision = Decision(threshold=0.95)
    folder.write_outcome(Outcome((Member(0, 1.0),), {"accuracy": [0.5, 0.5]}, "it was told", 1.0, {}, decision))
    assert [group.rate for group in fairness(folder, "ward").groups] == [0, 0]


def test_numbers_are_grouped_in_quarters_and_missing_values_apart(folder: RunFolder) -> None:
    groups = {group.value: group.rows for group in fairness(folder, "size").groups}
    assert groups.pop("missing") == 40
    assert list(groups.values()) == [15, 15, 15, 15]


def test_the_weakest_group_comes_first_and_has_enough_rows(folder: RunFolder) -> None:
    found = weakest_groups(folder)
    assert all(group.rows >= 30 for group in found)
    assert [group.score for group in found] == sorted(group.score for group in found)
    assert (found[0].column, found[0].value) in {("ward", "south"), ("size", "missing")}


def test_a_column_that_has_no_groups_is_told(folder: RunFolder) -> None:
    with pytest.raises(AutoMLError, match="no such column; did you mean `ward`"):
        fairness(folder, "wards")
    with pytest.raises(AutoMLError, match="one value only"):
        fairness(folder, "same")


def test_values_are_compared_by_their_mean(regression: RunFolder) -> None:
    found = fairness(regression, "bmi")
    assert len(found.groups) == 4
    means = [group.rate or 0 for group in found.groups]
    assert found.rate_difference == pytest.approx(max(means) - min(means))
    assert found.rate_ratio == pytest.approx(min(means) / max(means))
    # Errors are negated: the ratio is of their sizes.
    assert 0 < found.score_ratio <= 1
