"""Trials that are out of reach of the best end early, by results alone."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.datasets import load_breast_cancer

from tests.workspace_jobs.automl.report.conftest import made_up_trial
from tests.workspace_jobs.automl.samples import TREE, credit
from workspace_jobs.automl.api import run
from workspace_jobs.automl.options import Options
from workspace_jobs.automl.preparation import Prepared, prepare_run
from workspace_jobs.automl.run_folder import RunFolder
from workspace_jobs.automl.search.columns_cache import ColumnsCache
from workspace_jobs.automl.search.evaluation import evaluate
from workspace_jobs.automl.search.messages import Evaluate
from workspace_jobs.automl.search.racing import Rival, rival
from workspace_jobs.automl.trial import Trial

HARD_FOLDS = np.array([0.0, -0.1, 0.05])


def known(count: int) -> list[Trial]:
    """Trials of falling score, whose folds differ by what is hard in them and by 0.01 of chance."""
    chance = np.random.default_rng(0).normal(0, 0.01, (count, 3))
    return [made_up_trial(number, [*(0.9 - 0.02 * number + HARD_FOLDS + chance[number])]) for number in range(count)]


def test_the_pace_is_set_by_the_fifth_of_enough_trials_that_finished() -> None:
    trials = known(9)
    found = rival(trials, "roc_auc")
    assert found is not None
    assert found.scores == tuple(trials[4].scores["roc_auc"])
    assert 0.005 < found.spread < 0.03
    assert rival(trials[:7], "roc_auc") is None
    pruned = made_up_trial(9, [0.99], status="pruned", error="far behind")
    assert rival([*trials, pruned], "roc_auc") == found
    assert rival([made_up_trial(number, [0.8]) for number in range(9)], "roc_auc") is None


@given(st.floats(-5, 5), st.floats(0, 0.1), st.integers(1, 3))
def test_how_hard_a_fold_is_decides_nothing(shift: float, behind: float, folds: int) -> None:
    found = Rival(tuple(0.8 + HARD_FOLDS), 0.01)
    shifted = Rival(tuple(0.8 + HARD_FOLDS + shift), 0.01)
    scores: NDArray[np.float64] = (0.8 + HARD_FOLDS - behind)[:folds]
    limit = 0.015 / np.sqrt(folds)
    if abs(behind - limit) > 1e-6:
        assert found.is_out_of_reach_of(scores.tolist()) is bool(behind > limit)
        assert shifted.is_out_of_reach_of((scores + shift).tolist()) is bool(behind > limit)


@pytest.fixture(scope="module")
def prepared() -> Prepared:
    """Rows of two classes, three folds."""
    return prepare_run(credit(90)[["amount", "owner", "good"]], Options(target="good", validation="3"))


@pytest.mark.parametrize(("theirs", "folds"), [((3.0, 3.0, 3.0), 1), ((-2.0, 9.0, 2.0), 2), ((-2.0, -2.0, 9.0), 3)])
def test_a_trial_ends_after_the_fold_that_shows_it_is_behind(
    prepared: Prepared, tmp_path: Path, theirs: tuple[float, float, float], folds: int
) -> None:
    material = prepared.material(RunFolder(tmp_path), 0)
    material.predictions.mkdir()
    found = evaluate(material, Evaluate(0, TREE, 1, rival=Rival(theirs, 0.5)), ColumnsCache(tmp_path), lambda _: None)
    assert len(found.scores["roc_auc"]) == len(found.scores["accuracy"]) == folds
    assert (found.pruned is None) is (folds == 3)
    assert list(material.predictions.iterdir()) == ([material.predictions / "0.npy"] if folds == 3 else [])
    if found.pruned is not None:
        assert f"where the best have {np.mean(theirs[:folds]):.4f}" in found.pruned


@pytest.mark.timeout(300)
def test_in_a_search_the_results_that_must_be_known_decide_and_nothing_else(tmp_path: Path) -> None:
    table = load_breast_cancer(as_frame=True).frame.iloc[:160, [0, 1, 2, 20, 21, -1]]
    wished: dict[str, Any] = {"allow": ("SVM", "KNN"), "validation": "4", "max_trials": 24, "metric": "accuracy"}
    result = run(table, "target", out=tmp_path / "run", parallel=2, memory=4 * 2**30, **wished)
    trials, given_candidates = {trial.number: trial for trial in result.trials}, 6
    for number, trial in trials.items():
        scores = trial.scores["accuracy"]
        earlier = [trials[before] for before in range(number - 3)] if number >= given_candidates else []
        pace = rival(earlier, "accuracy")
        behind = [
            folds
            for folds in range(1, 4)
            if pace is not None and folds <= len(scores) and pace.is_out_of_reach_of(scores[:folds])
        ]
        assert behind == ([len(scores)] if trial.status == "pruned" else []), trial
    statuses = [trial.status for trial in result.ranked()]
    assert {*statuses} == {"finished", "pruned"}
    assert statuses == sorted(statuses)  # those that finished stand above
    assert {trials[member.number].status for member in result.outcome.members} == {"finished"}
