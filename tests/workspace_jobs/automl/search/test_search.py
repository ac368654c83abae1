"""Trials as processes: one that fails, crashes, hangs or eats memory costs that trial only, and time is kept."""

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import psutil
import pytest

from tests.workspace_jobs.automl.samples import BROKEN, ENDLESS, HUNGRY, LINEAR, TREE, credit, quick
from workspace_jobs.automl.api import run_with
from workspace_jobs.automl.candidates.candidate import Candidate
from workspace_jobs.automl.engine import Result
from workspace_jobs.automl.errors import AutoMLError, NoModelError
from workspace_jobs.automl.options import Options
from workspace_jobs.automl.progress import Progress

pytestmark = pytest.mark.timeout(300)


def searched(folder: Path, *chosen: Candidate, progress: Progress | None = None, **options: Any) -> Result:
    return run_with(credit(), Options(**quick(folder, *chosen, **options)), progress or Progress())


def test_a_broken_and_a_hungry_candidate_are_trials_with_a_reason(tmp_path: Path) -> None:
    result = searched(tmp_path, BROKEN, HUNGRY, LINEAR, TREE, memory=8 * 2**30, parallel=2)
    by_name = {trial.name: trial for trial in result.trials}
    assert by_name["broken"].status == "failed"
    assert "InvalidParameterError" in str(by_name["broken"].error)
    assert by_name["hungry"].error == "it needs more memory than a trial may use"
    assert by_name["linear"].status == by_name["tree"].status == "finished"
    assert result.outcome.reason == "every candidate was tried"

    folder = result.folder
    assert [trial.number for trial in folder.trials()] == [0, 1, 2, 3]
    assert folder.definition() == result.definition
    assert folder.outcome() == result.outcome
    number = by_name["linear"].number
    predicted = folder.predictions(number)
    assert predicted.shape == (150, 2)
    assert np.allclose(predicted.sum(axis=1), 1)
    assert len(by_name["linear"].scores["roc_auc"]) == 3
    assert not list(folder.path.glob("*.pkl.draft")) + list(folder.path.glob("refit*"))
    assert len(result.model.predict(credit(20))) == 20


class _Assassin(Progress):
    """Kills the process of a trial from outside, as the operating system does when memory is short."""

    def started(self, number: int, candidate: Candidate) -> None:
        super().started(number, candidate)
        self.victims = candidate.name == ENDLESS.name

    def tick(self, seconds_left: float) -> None:
        super().tick(seconds_left)
        servers = filter(_is_trial_server, psutil.Process().children()) if self.victims else ()
        for process in (trial for server in servers for trial in server.children()):
            process.kill()


def _is_trial_server(process: psutil.Process) -> bool:
    """Whether it is one of ours: other tests may have left a browser or a pool in this process."""
    with suppress(psutil.Error):
        return any("trial_server" in part for part in process.cmdline())
    return False


def test_a_trial_that_dies_and_one_that_hangs_cost_those_trials_only(tmp_path: Path) -> None:
    deaf = replace(ENDLESS, name="deaf")
    result = searched(tmp_path, ENDLESS, deaf, LINEAR, parallel=1, trial_timeout=6.0, progress=_Assassin())
    assert [trial.status for trial in result.trials] == ["failed", "timeout", "finished"]
    assert result.trials[0].error == "its process was ended by SIGKILL"
    assert not [process for process in psutil.Process().children() if _is_trial_server(process)]


def test_a_search_without_a_success_says_why(tmp_path: Path) -> None:
    with pytest.raises(NoModelError, match="no trial succeeded: broken: InvalidParameterError"):
        searched(tmp_path, BROKEN)


def test_an_exit_score_ends_the_search_and_time_ends_one_that_goes_on(tmp_path: Path) -> None:
    good = searched(tmp_path, LINEAR, ENDLESS, parallel=1, exit_score=0.6)
    assert good.outcome.reason == "the exit score was reached"
    assert [trial.status for trial in good.trials] == ["finished"]
    late = searched(tmp_path, LINEAR, ENDLESS, parallel=1, timeout=5.0, resume=True)
    assert late.outcome.reason == "the time was over"
    assert late.trials[0] == good.trials[0]
    # A machine that is busy may not come as far as to start it; what is asserted is that ENDLESS did not decide.
    assert {trial.status for trial in late.trials[1:]} <= {"timeout"}
    assert len(late.model.predict(credit(20))) == 20


def test_the_same_seed_gives_the_same_scores_and_a_run_goes_on_where_it_ended(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = tmp_path / "1", tmp_path / "2"
    for folder in (first, second):
        folder.mkdir()
    extra = Candidate("boosted", "LightGBM", "lightgbm.LGBMClassifier", {"n_estimators": 8})
    whole = searched(first, LINEAR, TREE, extra, test=credit(40), parallel=2)
    part = searched(second, LINEAR, TREE, extra, test=credit(40), max_trials=2, parallel=1, resume=True)
    assert "holds no run yet" in capsys.readouterr().err
    assert len(part.trials) == 2
    with pytest.raises(AutoMLError, match="holds a run: write --resume"):
        searched(second, LINEAR, TREE, extra)
    resumed = searched(second, LINEAR, TREE, extra, test=credit(40), resume=True)
    for one, other in zip(resumed.ranked(), whole.ranked(), strict=True):
        assert one.name == other.name
        assert one.score("roc_auc") == pytest.approx(other.score("roc_auc"))
    assert resumed.outcome.members == whole.outcome.members
    assert resumed.outcome.test_scores == pytest.approx(whole.outcome.test_scores)
    assert resumed.trials[0].started == part.trials[0].started

    # As a crash leaves it: a trial that ended out of turn, and a line that was cut short.
    kept = second / "run" / "trials.jsonl"
    first_line, _, third_line = kept.read_text().splitlines()
    kept.write_text(f"{first_line}\n{third_line}\n{third_line[:40]}")
    once_more = searched(second, LINEAR, TREE, extra, test=credit(40), resume=True, max_trials=2, timeout=100.0)
    assert [trial.number for trial in once_more.folder.trials()] == [0, 1]
    assert not once_more.folder.path.joinpath("trials.draft").exists()
    with pytest.raises(AutoMLError, match="another one: its metric was roc_auc"):
        searched(second, LINEAR, TREE, extra, resume=True, metric="accuracy")
    with pytest.raises(AutoMLError, match="another one: its positive class was yes, and is no now"):
        searched(second, LINEAR, TREE, extra, resume=True, positive="no")


def test_a_candidate_that_the_metric_has_no_value_for_is_a_failed_trial(tmp_path: Path) -> None:
    """One fold of a line is enough to be below zero, where the logarithm ends."""
    x = np.linspace(0, 6, 120)
    frame = pd.DataFrame({"x": x, "y": np.exp(x)})
    line = Candidate("line", "LinearRegression", "sklearn.linear_model.LinearRegression")
    tree = Candidate("tree", "DecisionTree", "sklearn.tree.DecisionTreeRegressor", {"max_depth": 4})
    options = quick(tmp_path, line, tree, target="y", metric="neg_root_mean_squared_log_error")
    result = run_with(frame, Options(**options), Progress())
    assert [trial.status for trial in result.ranked()] == ["finished", "failed"]
    assert "has no value for what it predicts" in str(result.ranked()[1].error)
    assert [member.number for member in result.outcome.members] == [1]
